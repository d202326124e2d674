public import ContactQueue
public import Foundation
public import Histories

/// Days and minutes by the clock of one place, whatever its clocks do in spring and autumn.
public struct LocalTime: Sendable {
  static let minutesPerDay = 24 * 60
  private static let millisecondsPerMinute: Int64 = 60_000
  private static let millisecondsPerDay: Int64 = 86_400_000
  private static let millisecondsPerSecond: Int64 = 1000

  public let zone: TimeZone

  public init(_ zone: TimeZone) {
    self.zone = zone
  }

  /// What the clock shows: the day and the minute of it.
  public func clock(at moment: Moment) -> (day: Day, minute: Int) {
    let local = moment.milliseconds + offset(at: moment)
    let day = Self.floor(local, Self.millisecondsPerDay)
    return (
      Day(Int32(clamping: day)), Int((local - day * Self.millisecondsPerDay) / Self.millisecondsPerMinute)
    )
  }

  /// When the clock shows a minute of a day.
  ///
  /// A time that clocks leave out in spring is the same number of minutes after the gap; of a time that comes twice in
  /// autumn the second is meant: what is quiet until then stays quiet.
  ///
  /// - Parameter minute: 0 to 1440, the end of the day.
  public func moment(_ day: Day, minute: Int) -> Moment {
    let local = Int64(day.number) * Self.millisecondsPerDay + Int64(minute) * Self.millisecondsPerMinute
    let before = offset(at: Moment(milliseconds: local - Self.millisecondsPerDay))
    let after = offset(at: Moment(milliseconds: local + Self.millisecondsPerDay))
    let later = Moment(milliseconds: local - min(before, after))
    let earlier = Moment(milliseconds: local - max(before, after))
    let isLaterRight = later.milliseconds + offset(at: later) == local
    let isEarlierRight = earlier.milliseconds + offset(at: earlier) == local
    return isEarlierRight && !isLaterRight ? earlier : later
  }

  /// The day of the week, 0 for Monday.
  static func weekday(_ day: Day) -> Int {
    // 1970-01-01 was a Thursday.
    let thursday = 3
    return ((Int(day.number) + thursday) % 7 + 7) % 7
  }

  /// Minutes by which the clock is ahead of UTC.
  func minutesFromUTC(at moment: Moment) -> Int {
    Int(offset(at: moment) / Self.millisecondsPerMinute)
  }

  private func offset(at moment: Moment) -> Int64 {
    let seconds = Self.floor(moment.milliseconds, Self.millisecondsPerSecond)
    return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
      * Self.millisecondsPerSecond
  }

  private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
    let quotient = value / unit
    return value % unit < 0 ? quotient - 1 : quotient
  }
}
