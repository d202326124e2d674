internal import LinearAlgebra

/// A fitted sum of terms with what is known about the fit but not needed for scoring.
public struct TermFit: Sendable {
  public package(set) var model: TermModel
  /// What proves that the coefficients are the optimum for the penalties found.
  public let certificate: Certificate
  /// Pairs that were taken and kept, in this order, with the gain in log-likelihood on held-out rows that each promised.
  public let pairs: [(name: String, gain: Double)]
  /// How long each phase of the fit took.
  public let phases: [LogisticFit.Phase]
  /// The conditions of the optimum where terms are held to directions; nil where none are.
  public var directions: DirectionConditions?
  /// Categories of many levels; nil when there are none.
  var levels: LevelColumns?
  /// What held-out rows and intervals are computed from; nil once it was dropped, for it is large.
  private(set) var solution: TermSolution?

  /// Sum over the terms, and one for the intercept.
  public var effectiveParameters: Double { model.terms.reduce(1) { $0 + $1.effectiveParameters } }
  /// Deviance + 2 × effective parameters.
  public var akaikeCriterion: Double { model.training.deviance + 2 * effectiveParameters }

  /// Drops what only held-out rows and intervals need.
  package mutating func dropSolution() {
    solution = nil
    levels = nil
  }
}

/// The directions of a fit with their coefficients, and how well these are known.
struct TermSolution: Sendable {
  let layout: TermLayout
  let state: TermState
  /// Positions of the coefficients that moved.
  let active: [Int]
  /// Power of the likelihood; see `GroupDependence`.
  let power: Double
  /// Factor of the Hessian of the penalised log-likelihood over the intercept and `active`; nil where directions are held,
  /// for what they hold has no normal distribution.
  let factor: Cholesky?
}
