internal import Foundation
internal import LinearAlgebra

/// One family to be fitted to one set of histories.
struct RepeatFitProblem {
  let groups: RepeatGroups
  let kind: RepeatModelKind
  let options: RepeatFitOptions
  let parallel: Parallel

  /// Edges of what is searched, as magnitudes of logarithms: a shape beyond e¹² is next to infinite, and curvature by it
  /// is lost in rounding, unless a prior adds to it.
  static let farthestShape = 12.0
  static let farthestShapeWithPrior = 25.0
  static let farthestScale = 40.0
  /// Of more distinct histories a sample is fitted first.
  private static let manyHistories = 20_000
  private static let sampleStep = 16
  /// The sample's maximum lies further from the whole's than this.
  private static let sampleTolerance = 1e-2

  /// Where the likelihood is greatest.
  struct Maximum {
    let model: RepeatModel
    let position: [Double]
    let logLikelihood: Double
    let covariance: Matrix?
    let iterations: Int
    /// Which parameters lie at the edge of what is searched.
    let held: [Bool]

    /// By the delta method: the standard error of a parameter is itself times that of its logarithm.
    var standardErrors: [Double] {
      model.parameters.enumerated().map { index, parameter in
        covariance.flatMap { held[index] ? nil : parameter * $0[index, index].squareRoot() } ?? .nan
      }
    }
  }

  /// k = 1, 2, … until the likelihood has fallen twice.
  func chooseRegularity(
    upTo most: Int
  ) throws(RepeatModelError) -> (maximum: Maximum, byRegularity: [Int: Double]) {
    var byRegularity: [Int: Double] = [:]
    var best: Maximum?
    var before: [Double]?
    var falls = 0
    for k in 1...max(most, 1) where falls < 2 {
      // The same visits in k times as many phases.
      let start = before.map { [$0[0], $0[1] + log(Double(k) / Double(k - 1)), $0[2], $0[3]] }
      guard let found = try? maximum(k: k, from: start) else { break }
      byRegularity[k] = found.logLikelihood
      before = found.position
      if let known = best, known.logLikelihood >= found.logLikelihood {
        falls += 1
      } else {
        best = found
        falls = 0
      }
    }
    guard let best else { throw RepeatModelError(.notAtRest(kind)) }
    return (best, byRegularity)
  }

  func maximum(k: Int, from start: [Double]? = nil) throws(RepeatModelError) -> Maximum {
    let starts = [start, sampleMaximum(k, start), firstGuess(k)].compactMap { $0 }
    for start in starts {
      var search = search(groups, from: start, k, tolerance: options.tolerance)
      guard search.run() else { continue }
      return result(of: search, k)
    }
    throw RepeatModelError(.notAtRest(kind))
  }

  private func search(
    _ groups: RepeatGroups, from start: [Double], _ k: Int, tolerance: Double
  ) -> LikelihoodSearch {
    LikelihoodSearch(
      from: start, farthest: farthest, tolerance: tolerance,
      maximumIterations: options.maximumIterations
    ) { position in
      point(groups, at: position, k).adding(priorPrecisions: precisions, at: position)
    }
  }

  private var farthest: [Double] {
    let shape = options.priorDeviation == nil ? Self.farthestShape : Self.farthestShapeWithPrior
    return Self.farthest(kind, shape: shape)
  }

  /// The edges of a family's parameters, for a shape's.
  static func farthest(_ kind: RepeatModelKind, shape: Double = farthestShape) -> [Double] {
    kind.parameterNames.map { $0 == "alpha" || $0 == "beta" ? farthestScale : shape }
  }

  private var precisions: [Double] {
    let precision = options.priorDeviation.map { 1 / ($0 * $0) } ?? 0
    return [Double](repeating: precision, count: 4)
  }

  private func model(_ position: [Double], _ k: Int) -> RepeatModel {
    RepeatModel(kind, parameters: position.map(exp), k: k)
  }

  func point(_ groups: RepeatGroups, at position: [Double], _ k: Int) -> LikelihoodPoint {
    switch model(position, k) {
    case .betaGeometric(let model):
      LikelihoodPoint(
        BetaGeometricLikelihood(of: groups, at: model, parallel: parallel).sums,
        at: SIMD4(model.r, model.alpha, model.a, model.b))
    case .pareto(let model):
      LikelihoodPoint(
        ParetoLikelihood(of: groups, at: model, parallel: parallel).sums,
        at: SIMD4(model.r, model.alpha, model.s, model.beta))
    }
  }

  /// Where a sample of many histories has its maximum; `nil` for few, or when it has none.
  private func sampleMaximum(_ k: Int, _ start: [Double]?) -> [Double]? {
    guard start == nil, groups.distinctCount >= Self.manyHistories else { return nil }
    let sample = groups.thinned(by: Self.sampleStep)
    guard sample.maximumRepeats > 0 else { return nil }
    var search = search(sample, from: firstGuess(k), k, tolerance: Self.sampleTolerance)
    return search.run() ? search.position : nil
  }

  /// r = a = 1 and b = 3, with the rate that is seen; r = s = 1 and β as long as people are observed.
  private func firstGuess(_ k: Int) -> [Double] {
    let totals = groups.totals
    let interval = totals.time / totals.events
    let alpha = interval > 0 ? interval * Double(k) : 1
    if kind == .paretoNBD { return [0, log(alpha), 0, log(max(totals.time / Double(groups.count), alpha))] }
    return [0, log(alpha), 0, log(3)]
  }

  private func result(of search: LikelihoodSearch, _ k: Int) -> Maximum {
    let likelihood = point(groups, at: search.position, k)
    return Maximum(
      model: model(search.position, k), position: search.position, logLikelihood: likelihood.value,
      covariance: search.covariance, iterations: search.iterations, held: search.held)
  }
}
