internal import Histories

/// The unit in which visits are timed.
public enum TimeUnit: String, Sendable, CaseIterable {
  case day, week, month

  /// Mean length of a month in the Gregorian calendar.
  public static var daysPerMonth: Double { ServiceSchedule.daysPerMonth }

  /// Days of a month for whoever counts in this unit: 30 in days, as the published values of CDNOW's customers are counted,
  /// else the mean.
  public var daysOfMonth: Double {
    self == .day ? 30 : Self.daysPerMonth
  }

  /// Days in the unit; a month is a mean one.
  public var days: Double {
    switch self {
    case .day: 1
    case .week: 7
    case .month: Self.daysPerMonth
    }
  }
}
