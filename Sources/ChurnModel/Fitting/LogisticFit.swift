internal import LinearAlgebra

/// A fitted model with what is known about the fit but not needed for scoring.
public struct LogisticFit: Sendable {
  /// The model.
  public package(set) var model: LogisticModel
  /// Coefficients with standard errors.
  public let coefficients: CoefficientTable
  /// What proves that the coefficients are the optimum.
  public let certificate: Certificate
  /// Trace of Ĥ⁻¹·(Ĥ − Λ), Ĥ the Hessian of the objective and Λ that of its penalty: columns + 1 without a penalty, fewer with one (Gray 1992,
  /// Journal of the American Statistical Association 87).
  public let effectiveParameters: Double
  /// How long each phase of the fit took.
  public let phases: [Phase]
  /// With the coefficients of `model`.
  let design: Design
  /// The objective at the returned coefficients, see `NewtonSolver.Solution`.
  let predictedObjective: Double
  let options: LogisticOptions
  /// What the data say about the standardised coefficients.
  let information: CoefficientInformation
  /// What Firth's penalised likelihood says; nil for other fits.
  public internal(set) var firth: FirthReport? = nil
  /// The conditions of the optimum within bounds; nil for fits without bounds.
  public internal(set) var constraints: KKTConditions? = nil
  /// The path that the penalty was chosen from; nil for other fits.
  public internal(set) var selection: PenaltySelection? = nil
  /// The test of each feature that has columns, once `testFeatures` was asked for.
  public internal(set) var featureTests: [LikelihoodRatioTest] = []

  /// −2 × log-likelihood, without penalty.
  public var deviance: Double { model.training.deviance }
  /// −2 × log-likelihood of the share of positives.
  public var nullDeviance: Double { model.training.nullDeviance }
  /// Deviance + 2 × effective parameters: Akaike's information criterion, with a penalty too.
  public var akaikeCriterion: Double { deviance + 2 * effectiveParameters }

  /// One phase of a fit.
  public struct Phase: Sendable {
    /// What was done.
    public let name: String
    /// Wall-clock time.
    public let seconds: Double
  }
}

/// How well the standardised coefficients of a fit are known: their covariance is A⁻¹/W.
struct CoefficientInformation: Sendable {
  /// Factor of A, the Hessian of the mean objective among the coefficients that may vary.
  let factor: Cholesky
  /// These coefficients' positions, the intercept's 0 first.
  let positions: [Int]
  /// W, the sum of the rows' weights.
  let totalWeight: Double
}

/// Measures how long the phases of a fit take.
struct PhaseClock {
  private let clock = ContinuousClock()
  private var last = ContinuousClock().now
  private(set) var phases: [LogisticFit.Phase] = []

  /// Ends the phase that began with the end of the one before.
  mutating func finish(_ name: String) {
    let now = clock.now
    phases.append(LogisticFit.Phase(name: name, seconds: (now - last) / .seconds(1)))
    last = now
  }
}
