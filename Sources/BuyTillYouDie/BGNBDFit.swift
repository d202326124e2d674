internal import Foundation
public import LinearAlgebra

/// A BG/NBD fitted to histories.
public struct BGNBDFit: Sendable {
  public let model: BGNBD
  /// Log-likelihood at the fit, the prior not counted; unit: nats over all histories.
  public let logLikelihood: Double
  /// Standard errors of r, α, a and b from the curvature at the fit; NaN where it is flat.
  public let standardErrors: [Double]
  public let iterations: Int

  /// How the fit is done.
  public struct Options: Sendable {
    /// Days in the unit of time.
    public var daysPerUnit = 7.0
    /// Standard deviation of a normal prior on the logarithm of every parameter, centred on 1; `nil` (the default) for
    /// plain maximum likelihood. A wide one (5 is a factor of 150 either way) changes nothing that the data can tell and
    /// keeps parameters finite that the data leave open.
    public var priorDeviation: Double?
    /// Newton steps at most.
    public var maximumIterations = 200
    /// Stops when a Newton step promises less than this, in nats.
    public var tolerance = 1e-9

    public init() {}
  }

  /// Maximises the log-likelihood over ln r, ln α, ln a and ln b by damped Newton steps with exact derivatives.
  ///
  /// Of many distinct histories every sixteenth gives the start.
  ///
  /// - Returns: `nil` without a repeat, and when the steps do not come to rest (data that say nothing about leaving).
  /// - Complexity: O(distinct histories) a step; ten to thirty steps, a few from the start that a sample gives.
  public init?(_ groups: RepeatGroups, options: Options = Options(), parallel: Parallel = .standard) {
    guard groups.maximumRepeats > 0 else { return nil }
    var search = Search(groups: groups, options: options, parallel: parallel)
    guard search.run() else { return nil }
    model = search.model
    logLikelihood = search.likelihood.value
    standardErrors = search.standardErrors
    iterations = search.iterations
  }
}

private struct Search {
  let groups: RepeatGroups
  let options: BGNBDFit.Options
  let parallel: Parallel
  /// ln r, ln α, ln a, ln b.
  private var position: SIMD4<Double>
  private(set) var model: BGNBD
  private(set) var likelihood: BGNBDLikelihood
  private(set) var iterations = 0
  private var damping = 0.0

  /// No step changes a parameter by more than this factor's logarithm.
  private static let longestStep = 1.5
  /// Beyond this, a parameter has run away.
  private static let farthest = 25.0
  /// Gains below this share of the objective cannot be seen in it.
  private static let visibleGain = 1e-11

  init(groups: RepeatGroups, options: BGNBDFit.Options, parallel: Parallel) {
    self.groups = groups
    self.options = options
    self.parallel = parallel
    position =
      Self.sampleMaximum(groups, options, parallel) ?? Self.start(groups, daysPerUnit: options.daysPerUnit)
    model = Self.model(position, options)
    likelihood = BGNBDLikelihood(of: groups, at: model, parallel: parallel)
  }

  /// Where a sample of many histories has its maximum; `nil` for few, or when it has none.
  private static func sampleMaximum(
    _ groups: RepeatGroups, _ options: BGNBDFit.Options, _ parallel: Parallel
  ) -> SIMD4<Double>? {
    let step = 16
    let enough = 20_000
    guard groups.distinctCount >= enough else { return nil }
    let sample = groups.thinned(by: step)
    var coarse = options
    // The sample's maximum lies further from the whole's than this.
    coarse.tolerance = 1e-2
    guard sample.maximumRepeats > 0 else { return nil }
    var search = Search(groups: sample, options: coarse, parallel: parallel)
    return search.run() ? search.position : nil
  }

  /// r = a = 1 and b = 3, with the rate that is seen.
  private static func start(_ groups: RepeatGroups, daysPerUnit: Double) -> SIMD4<Double> {
    var events = 0.0
    var time = 0.0
    for group in groups.groups {
      events += Double(group.count) * Double(group.repeats)
      time += Double(group.count) * Double(group.age) / daysPerUnit
    }
    return SIMD4(0, log(max(time / events, 1e-3)), 0, log(3))
  }

  private static func model(_ position: SIMD4<Double>, _ options: BGNBDFit.Options) -> BGNBD {
    BGNBD(
      r: exp(position[0]), alpha: exp(position[1]), a: exp(position[2]), b: exp(position[3]),
      daysPerUnit: options.daysPerUnit)
  }

  private var precision: Double { options.priorDeviation.map { 1 / ($0 * $0) } ?? 0 }

  private func objective(_ likelihood: BGNBDLikelihood, at position: SIMD4<Double>) -> Double {
    likelihood.value - precision / 2 * (position * position).sum()
  }

  /// Gradient and negative curvature of the objective by the logarithms of the parameters.
  private func derivatives() -> (gradient: [Double], curvature: [[Double]]) {
    let parameters = SIMD4(model.r, model.alpha, model.a, model.b)
    let scaled = parameters * likelihood.gradient
    let gradient = (0..<4).map { scaled[$0] - precision * position[$0] }
    let curvature = (0..<4).map { row in
      (0..<4).map { column in
        let own = row == column ? precision - scaled[row] : 0
        return own - parameters[row] * parameters[column] * likelihood.hessian[row][column]
      }
    }
    return (gradient, curvature)
  }

  mutating func run() -> Bool {
    while iterations < options.maximumIterations {
      iterations += 1
      let (gradient, curvature) = derivatives()
      guard let step = step(gradient, curvature) else { return false }
      let promise = zip(gradient, step).reduce(0) { $0 + $1.0 * $1.1 } / 2
      guard promise.isFinite else { return false }
      if !move(by: step, promise: promise) {
        damping = max(damping * 8, 1e-3)
        if damping > 1e12 { return false }
        continue
      }
      if promise < options.tolerance, damping == 0 { return true }
      damping = damping < 1e-3 ? 0 : damping / 8
      if position.max() > Self.farthest || position.min() < -Self.farthest { return false }
    }
    return false
  }

  /// A Newton step, damped as much as the curvature needs, and no longer than `longestStep`.
  private mutating func step(_ gradient: [Double], _ curvature: [[Double]]) -> [Double]? {
    while damping < 1e12 {
      var damped = curvature
      for index in 0..<4 { damped[index][index] += damping * max(abs(curvature[index][index]), 1e-6) }
      if let factor = try? Cholesky(Matrix(damped)) {
        let step = factor.solve(gradient)
        let longest = step.map(abs).max() ?? 0
        return longest > Self.longestStep ? step.map { $0 * Self.longestStep / longest } : step
      }
      damping = max(damping * 8, 1e-3)
    }
    return nil
  }

  /// Takes the step when the objective does not fall.
  private mutating func move(by step: [Double], promise: Double) -> Bool {
    let next = position + SIMD4(step[0], step[1], step[2], step[3])
    let nextModel = Self.model(next, options)
    let nextLikelihood = BGNBDLikelihood(of: groups, at: nextModel, parallel: parallel)
    let before = objective(likelihood, at: position)
    let gain = objective(nextLikelihood, at: next) - before
    guard gain > -Self.visibleGain * max(1, abs(before)) else { return false }
    (position, model, likelihood) = (next, nextModel, nextLikelihood)
    return true
  }

  /// By the delta method: the standard error of a parameter is itself times that of its logarithm.
  var standardErrors: [Double] {
    let parameters = [model.r, model.alpha, model.a, model.b]
    guard let factor = try? Cholesky(Matrix(derivatives().curvature)) else {
      return parameters.map { _ in .nan }
    }
    return parameters.indices.map { index in
      let unit = (0..<4).map { $0 == index ? 1.0 : 0 }
      return parameters[index] * factor.solve(unit)[index].squareRoot()
    }
  }
}
