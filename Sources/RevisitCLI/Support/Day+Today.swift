import Foundation
import Histories

extension Day {
  /// The day by the clock, in UTC: no date of a log is believed that is later.
  static var today: Day { Day(Int32(Date().timeIntervalSince1970 / secondsPerDay)) }

  private static let secondsPerDay = 86_400.0
}
