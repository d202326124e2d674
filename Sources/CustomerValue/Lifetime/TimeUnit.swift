/// The unit in which visits are timed.
public enum TimeUnit: String, Sendable, CaseIterable {
  case day, week, month

  /// Mean length of a month in the Gregorian calendar.
  public static let daysPerMonth = 30.436_875

  /// Days in the unit; a month is a mean one.
  public var days: Double {
    switch self {
    case .day: 1
    case .week: 7
    case .month: Self.daysPerMonth
    }
  }
}
