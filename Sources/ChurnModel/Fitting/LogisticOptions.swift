public import LinearAlgebra

/// How a logistic regression is fitted.
public struct LogisticOptions: Sendable {
  /// Ridge penalty λ ≥ 0 on standardised coefficients, per row. Default 1e-3; 0 is classical maximum likelihood, which
  /// fails when classes are separated or columns depend on each other.
  public var penalty = 1e-3
  /// Penalty factors f ≥ 0 by name of the feature: λ·f is the penalty of all design columns of that feature. Default: 1
  /// for every feature; 0 leaves a feature unpenalised.
  public var penaltyFactors: [String: Double] = [:]
  /// Share of rows cut off at each end of numeric and logarithm features, 0 ≤ share < 0.5. Default 0.001; 0 does not
  /// bound values.
  public var winsorisedShare = 0.001
  /// Most rows from which those bounds are taken, every k-th row; at least 1. Default 100,000.
  public var boundRows = 100_000
  /// Features missing in a share of rows between this and 1 − this get an indicator column, 0...0.5. Default 0.001.
  public var indicatorShare = 0.001
  /// Levels with a smaller share of rows are pooled into "other", 0...1. Default 0.01; 0 pools no level that occurs.
  public var rareLevelShare = 0.01
  /// Of two columns with a greater absolute correlation the later one is dropped, 0...1. Default 0.98.
  public var correlationLimit = 0.98
  /// Above so many rows the fit of a sample gives the start. Default 50,000.
  public var warmStartRows = 50_000
  /// The solver stops when no element of the objective's gradient is greater; greater than 0. Default 1e-9.
  public var tolerance = 1e-9
  /// Most Newton steps before the fit fails; at least 1. Default 100.
  public var maximumIterations = 100
  /// Whether robust standard errors are computed, by one more pass over the rows. Default false; clusters ask for that
  /// pass, too, and give both kinds.
  public var robustErrors = false
  /// The threads to use; the result is the same to the bit for any number. Default: all cores.
  public var parallel = Parallel.standard

  public init() {}

  /// - Throws: `ChurnModelError` (`invalidOption`) when a penalty factor is given for a feature that is not there.
  func checkFactors(_ features: [FeatureColumn]) throws(ChurnModelError) {
    let unknown = Set(penaltyFactors.keys).subtracting(features.map(\.name))
    guard let name = unknown.min() else { return }
    throw ChurnModelError(
      .invalidOption,
      "penaltyFactors names \"\(name)\", but there is no feature of that name; use the features' names")
  }

  func check() throws(ChurnModelError) {
    func require(_ holds: Bool, _ what: String) throws(ChurnModelError) {
      guard holds else {
        throw ChurnModelError(.invalidOption, "option \(what); choose a value in that range")
      }
    }
    try require(penalty >= 0 && penalty.isFinite, "penalty must be finite and at least 0")
    for (name, factor) in penaltyFactors {
      try require(
        factor >= 0 && factor.isFinite, "penaltyFactors of \"\(name)\" must be finite and at least 0")
    }
    try require(winsorisedShare >= 0 && winsorisedShare < 0.5, "winsorisedShare must be in 0..<0.5")
    try require(boundRows >= 1, "boundRows must be at least 1")
    try require((0...0.5).contains(indicatorShare), "indicatorShare must be in 0...0.5")
    try require((0...1).contains(rareLevelShare), "rareLevelShare must be in 0...1")
    try require((0...1).contains(correlationLimit), "correlationLimit must be in 0...1")
    try require(tolerance > 0, "tolerance must be greater than 0")
    try require(maximumIterations >= 1, "maximumIterations must be at least 1")
  }
}
