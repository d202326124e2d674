/// Over which time value is counted, and what later visits are worth less.
public struct ValueOptions: Sendable {
  /// Months ahead, default 12; 0 gives nothing.
  public var horizonMonths = 12
  /// Discount a month, default 0.01: a visit of the m-th month counts 1/(1 + rate)ᵐ.
  public var monthlyRate = 0.01
  /// Days in a month, default the mean Gregorian month.
  public var daysPerMonth = TimeUnit.daysPerMonth
  /// Probability that an interval holds, default 0.95.
  public var confidence = 0.95

  public init() {}
}
