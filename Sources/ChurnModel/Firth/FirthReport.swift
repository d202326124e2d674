/// What Firth's penalised likelihood says beside the coefficients.
public struct FirthReport: Codable, Sendable, Equatable {
  /// log L + ½·log det I at the estimates, I the information about the coefficients of unstandardised columns.
  public let penalisedLogLikelihood: Double
  /// Tests and intervals by the profile of the penalised likelihood, in the order of the coefficient table; empty when
  /// not asked for.
  public let profiles: [Profile]

  /// One coefficient's profile.
  public struct Profile: Codable, Sendable, Equatable {
    /// Name of the design column, or `(intercept)`.
    public let name: String
    /// Twice the fall of the penalised log-likelihood when the coefficient is 0 and all others are fitted anew; at
    /// least 0 up to rounding.
    public let statistic: Double
    /// P(χ² ≥ statistic) with one degree of freedom.
    public let pValue: Double
    /// Confidence level of the interval.
    public let level: Double
    /// Where twice the fall equals the quantile of the χ² distribution, below the estimate, in its units; nil when no
    /// such value was found.
    public let lower: Double?
    /// The same above the estimate.
    public let upper: Double?
  }

  /// The profile of a column by its name; nil when not asked for.
  public subscript(name: String) -> Profile? { profiles.first { $0.name == name } }
}

/// Which coefficients get tests and intervals by the profile of Firth's penalised likelihood.
///
/// A profile takes some ten fits from a near start; they are shared among the threads.
public enum FirthProfiles: Sendable, Equatable {
  /// None: Wald's, by the coefficient table.
  case none
  /// Every coefficient.
  case all
  /// Those of the design columns with these names; `(intercept)` is one.
  case columns([String])
}
