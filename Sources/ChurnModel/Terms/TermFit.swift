/// A fitted sum of terms with what is known about the fit but not needed for scoring.
public struct TermFit: Sendable {
  public let model: TermModel
  /// What proves that the coefficients are the optimum for the penalties found.
  public let certificate: Certificate
  /// Pairs that were taken, in this order, with the gain in log-likelihood on held-out rows that each promised.
  public let pairs: [(name: String, gain: Double)]
  /// How long each phase of the fit took.
  public let phases: [LogisticFit.Phase]
  /// The conditions of the optimum where terms are held to directions; nil where none are.
  public var directions: DirectionConditions?

  /// Sum over the terms, and one for the intercept.
  public var effectiveParameters: Double { model.terms.reduce(1) { $0 + $1.effectiveParameters } }
  /// Deviance + 2 × effective parameters.
  public var akaikeCriterion: Double { model.training.deviance + 2 * effectiveParameters }
}
