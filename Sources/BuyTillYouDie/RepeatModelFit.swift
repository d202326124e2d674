internal import Foundation
public import LinearAlgebra

/// A model fitted to histories.
public struct RepeatModelFit: Sendable {
  /// The family that was asked for; a regular one may have come out with k = 1.
  public let kind: RepeatModelKind
  public let model: RepeatModel
  /// Log-likelihood at the fit, the prior not counted; unit: nats over all histories. With a given k > 1 and unknown
  /// intervals it lacks (k − 1)·Σ ln(intervals): see `isComparable`.
  public let logLikelihood: Double
  /// Whether the log-likelihood may be compared with that of other models on the same histories.
  public let isComparable: Bool
  /// Standard errors of `model.parameters`, by the delta method from the curvature at the fit; NaN where it is flat and
  /// for parameters at the edge.
  public let standardErrors: [Double]
  /// Covariance of the logarithms of `model.parameters`, the inverse of the observed information, zeros for
  /// parameters at the edge; `nil` where it is not positive definite.
  public let logCovariance: Matrix?
  /// Newton steps, of the k that was taken.
  public let iterations: Int
  /// Whether no parameter lies at the edge of what is searched.
  public let isConverged: Bool
  /// What is to be known of parameters that have run to where the model becomes a simpler one.
  public let notes: [RepeatFitNote]
  /// Number of histories.
  public let count: Int
  /// Estimated numbers: the parameters, and k where it was chosen by likelihood.
  public let degreesOfFreedom: Int
  /// The log-likelihood of every k that was tried, where k was chosen by likelihood.
  public let logLikelihoodByRegularity: [Int: Double]

  /// Akaike's information criterion.
  public var aic: Double { 2 * Double(degreesOfFreedom) - 2 * logLikelihood }
  /// Schwarz's criterion.
  public var bic: Double { Double(degreesOfFreedom) * log(Double(count)) - 2 * logLikelihood }

  /// Fewer histories cannot tell four parameters apart.
  static let fewestHistories = 4

  /// Maximises the log-likelihood over the logarithms of the parameters by damped Newton steps with exact derivatives.
  ///
  /// Of many distinct histories every sixteenth gives the start. Where k is to be chosen, k = 1, 2, … are fitted until the
  /// likelihood has fallen twice.
  ///
  /// - Throws: `RepeatModelError` without a repeat, for too few histories, when k is to be chosen and the intervals are
  ///   not known, and when the steps do not come to rest.
  /// - Complexity: O(distinct histories · k) a step; ten to thirty steps, a few from the start that a sample gives.
  public init(
    _ groups: RepeatGroups, kind: RepeatModelKind, options: RepeatFitOptions = RepeatFitOptions(),
    parallel: Parallel = .standard
  ) throws(RepeatModelError) {
    guard groups.count >= Self.fewestHistories else { throw RepeatModelError(.tooFew(count: groups.count)) }
    guard groups.maximumRepeats > 0 else { throw RepeatModelError(.noRepeats) }
    if let k = options.regularity, k < 1 || k > BetaGeometric.greatestRegularity {
      throw RepeatModelError(.regularity(k))
    }
    let problem = RepeatFitProblem(groups: groups, kind: kind, options: options, parallel: parallel)
    var byRegularity: [Int: Double] = [:]
    let found: RepeatFitProblem.Maximum
    if kind.isRegular, options.regularity == nil {
      guard groups.logIntervals != nil else { throw RepeatModelError(.regularityUnknown(kind)) }
      let chosen = try problem.chooseRegularity(upTo: options.mostRegular)
      found = chosen.maximum
      byRegularity = chosen.byRegularity
      degreesOfFreedom = kind.parameterNames.count + 1
    } else {
      found = try problem.maximum(k: kind.isRegular ? options.regularity ?? 1 : 1)
      degreesOfFreedom = kind.parameterNames.count
    }
    self.kind = kind
    model = found.model
    logLikelihood = found.logLikelihood
    isComparable = found.model.k == 1 || groups.logIntervals != nil
    isConverged = !found.held.contains(true)
    notes = RepeatFitNote.all(found.model)
    iterations = found.iterations
    count = groups.count
    logLikelihoodByRegularity = byRegularity
    logCovariance = found.covariance
    standardErrors = found.standardErrors
  }
}
