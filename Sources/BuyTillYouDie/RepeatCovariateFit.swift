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
    let base = try RepeatModelFit(groups, kind: kind, options: options, parallel: parallel)
    let problem = CovariateProblem(
      histories: histories, logIntervals: logIntervals ?? 0, rate: rate, leaving: leaving, kind: kind,
      k: base.model.k, options: options, parallel: parallel)
    let found = try problem.maximum(
      from: base.model.parameters.map(log) + rate.names.map { _ in 0 } + leaving.names.map { _ in 0 })
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
    let rateShift = zip(rate, rateEffects).reduce(0) { $0 + $1.0 * $1.1.coefficient }
    let leavingShift = zip(leaving, leavingEffects).reduce(0) { $0 + $1.0 * $1.1.coefficient }
    var parameters = model.parameters
    parameters[1] *= exp(-rateShift)
    if problem.kind == .paretoNBD {
      parameters[3] *= exp(-leavingShift)
    } else {
      parameters[2] *= exp(leavingShift)
    }
    return RepeatModel(problem.kind, parameters: parameters, k: model.k)
  }

  /// The likelihood-ratio test of every covariate: its process is fitted again without it.
  ///
  /// - Returns: for the covariates of visits, then those of leaving.
  /// - Complexity: one fit a covariate, from the parameters at hand
  public func likelihoodRatioTests() throws(RepeatModelError) -> [LikelihoodRatioTest] {
    var tests: [LikelihoodRatioTest] = []
    for index in 0..<rateEffects.count + leavingEffects.count {
      let smaller = try problem.dropping(index).maximum(from: problem.start(at: position, dropping: index))
      tests.append(
        LikelihoodRatioTest(
          logLikelihood: logLikelihood, restricted: smaller.logLikelihood, degreesOfFreedom: 1))
    }
    return tests
  }
}
