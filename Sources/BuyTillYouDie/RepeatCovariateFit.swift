internal import Foundation
public import LinearAlgebra
internal import Statistics

/// A model with covariates on both processes, fitted to histories.
///
/// αᵢ = α·exp(−γ₁·zᵢ) on visits. On leaving βᵢ = β·exp(−γ₂·zᵢ) with Pareto/NBD (P. S. Fader and B. G. S. Hardie, 2007,
/// Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models) and aᵢ = a·exp(γ₂·zᵢ) with
/// MBG/CNBD-k, where it multiplies the odds of leaving. So a greater γ₁ means more visits, a greater γ₂ leaving earlier.
public struct RepeatCovariateFit: Sendable {
  /// One covariate's coefficient.
  public struct Effect: Sendable, Hashable {
    public let name: String
    /// γ, in the covariate's own unit.
    public let coefficient: Double
    public let standardError: Double
    /// Two-sided p value of coefficient / standard error (Wald).
    public var pValue: Double { NormalDistribution.twoSidedPValue(coefficient / standardError) }
  }

  /// The fit without covariates.
  public let base: RepeatModelFit
  /// The model of somebody whose covariates are all 0.
  public let model: RepeatModel
  public let rateEffects: [Effect]
  public let leavingEffects: [Effect]
  public let logLikelihood: Double
  /// Standard errors of `model.parameters`; NaN at the edge of what is searched.
  public let standardErrors: [Double]
  /// Covariance of the logarithms of `model.parameters`, then γ₁, then γ₂; `nil` where it is flat.
  public let covariance: Matrix?
  public let iterations: Int
  public let isConverged: Bool
  public let notes: [RepeatFitNote]
  public let count: Int

  private let problem: CovariateProblem
  private let position: [Double]

  /// Maximises the log-likelihood as `RepeatModelFit` does, from its parameters and coefficients of 0.
  ///
  /// - Parameters:
  ///   - kind: MBG/CNBD-k, BG/CNBD-k, their forms with k = 1, or Pareto/NBD. A k that is to be chosen is chosen without
  ///     covariates.
  ///   - logIntervals: as `RepeatGroups` takes it.
  ///   - rate, leaving: one row a history, in the order of the histories; any scales.
  /// - Throws: `RepeatModelError` as `RepeatModelFit` does, and for covariates that are not finite, constant or dependent.
  /// - Complexity: O(customers · (k + (covariates)²)) a step; of many customers every sixteenth gives the start.
  public init(
    _ histories: [RepeatHistory], logIntervals: Double? = nil, rate: RepeatCovariates,
    leaving: RepeatCovariates, kind: RepeatModelKind, options: RepeatFitOptions = RepeatFitOptions(),
    parallel: Parallel = .standard
  ) throws(RepeatModelError) {
    let groups = try RepeatGroups(histories, logIntervals: logIntervals)
    try self.init(
      histories, logIntervals: logIntervals, rate: rate, leaving: leaving,
      base: RepeatModelFit(groups, kind: kind, options: options, parallel: parallel), options: options,
      parallel: parallel)
  }

  /// - Parameter base: the fit to the same histories without covariates, whose family and k are kept.
  public init(
    _ histories: [RepeatHistory], logIntervals: Double? = nil, rate: RepeatCovariates,
    leaving: RepeatCovariates, base: RepeatModelFit, options: RepeatFitOptions = RepeatFitOptions(),
    parallel: Parallel = .standard
  ) throws(RepeatModelError) {
    let problem = CovariateProblem(
      histories: histories, logIntervals: logIntervals ?? 0, rate: rate, leaving: leaving, kind: base.kind,
      k: base.model.k, options: options, parallel: parallel)
    let found = try problem.maximum(
      from: base.model.parameters.map(log) + rate.names.map { _ in 0 } + leaving.names.map { _ in 0 })
    self.base = base
    self.problem = problem
    position = found.position
    model = found.model
    rateEffects = found.effects(rate.names, from: 4)
    leavingEffects = found.effects(leaving.names, from: 4 + rate.names.count)
    logLikelihood = found.logLikelihood
    standardErrors = found.standardErrors
    covariance = found.covariance
    iterations = found.iterations
    isConverged = !found.held.contains(true)
    notes = RepeatFitNote.all(found.model)
    count = histories.count
  }

  /// The model of somebody with these covariates, in the order of the fit.
  public func model(rate: [Double], leaving: [Double]) -> RepeatModel {
    precondition(
      rate.count == rateEffects.count && leaving.count == leavingEffects.count,
      "every covariate needs a value")
    return model.shifted(
      rate: zip(rate, rateEffects).reduce(0) { $0 + $1.0 * $1.1.coefficient },
      leaving: zip(leaving, leavingEffects).reduce(0) { $0 + $1.0 * $1.1.coefficient })
  }

  /// Estimated numbers.
  public var degreesOfFreedom: Int { base.degreesOfFreedom + rateEffects.count + leavingEffects.count }
  /// Akaike's information criterion.
  public var aic: Double { 2 * Double(degreesOfFreedom) - 2 * logLikelihood }
  /// Schwarz's criterion.
  public var bic: Double { Double(degreesOfFreedom) * log(Double(count)) - 2 * logLikelihood }

  /// The models of the customers whose histories were fitted.
  public var models: RepeatModels { problem.models(at: position) }

  /// The same at another place of the search, to see what the parameters leave open.
  func models(at position: [Double]) -> RepeatModels { problem.models(at: position) }

  /// Where the likelihood is greatest: logarithms of the parameters, then γ₁, then γ₂.
  var centre: [Double] { position }

  /// The likelihood-ratio test of some covariates together: both processes are fitted again without them.
  ///
  /// - Parameters:
  ///   - rate, leaving: the places of the covariates in their process.
  /// - Complexity: one fit, from the parameters at hand
  public func likelihoodRatioTest(
    withoutRate rate: [Int] = [], leaving: [Int] = []
  ) throws(RepeatModelError) -> LikelihoodRatioTest {
    let dropped = Set(rate + leaving.map { rateEffects.count + $0 })
    let smaller = try problem.dropping(dropped).maximum(from: problem.start(at: position, dropping: dropped))
    return LikelihoodRatioTest(
      logLikelihood: logLikelihood, restricted: smaller.logLikelihood, degreesOfFreedom: dropped.count)
  }
}
