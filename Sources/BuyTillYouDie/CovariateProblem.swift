internal import Foundation
internal import LinearAlgebra

/// Histories with covariates, to be fitted by one family.
struct CovariateProblem: Sendable {
  let histories: [RepeatHistory]
  let logIntervals: Double
  let rate: RepeatCovariates
  let leaving: RepeatCovariates
  let kind: RepeatModelKind
  let k: Int
  let options: RepeatFitOptions
  let parallel: Parallel

  /// Of more customers a sample is fitted first.
  private static let manyCustomers = 100_000
  private static let sampleStep = 16
  private static let sampleTolerance = 1e-2
  private static let parameters = 4
  /// A covariate's deviation changes nothing by more than e to this power.
  private static let farthestCoefficient = 20.0

  struct Maximum {
    let model: RepeatModel
    let position: [Double]
    let logLikelihood: Double
    let covariance: Matrix?
    let iterations: Int
    let held: [Bool]

    private func deviation(_ index: Int) -> Double {
      held[index] ? .nan : covariance?[index, index].squareRoot() ?? .nan
    }

    var standardErrors: [Double] { model.parameters.enumerated().map { $0.element * deviation($0.offset) } }

    func effects(_ names: [String], from start: Int) -> [RepeatCovariateFit.Effect] {
      names.enumerated().map { index, name in
        RepeatCovariateFit.Effect(
          name: name, coefficient: position[start + index], standardError: deviation(start + index))
      }
    }
  }

  /// - Parameter start: in the covariates' own units.
  func maximum(from start: [Double]) throws(RepeatModelError) -> Maximum {
    let rates = try StandardCovariates(rate, count: histories.count)
    let leavings = try StandardCovariates(leaving, count: histories.count)
    let scaling = Scaling(kind: kind, rates, leavings)
    var likelihood = CovariateLikelihood(
      histories: histories, rate: rates, leaving: leavings, kind: kind, k: k,
      logIntervals: logIntervals, parallel: parallel)
    var from = scaling.standard(start)
    if histories.count >= Self.manyCustomers {
      likelihood.step = Self.sampleStep
      var sample = search(likelihood, from: from, tolerance: Self.sampleTolerance)
      if sample.run() { from = sample.position }
      likelihood.step = 1
    }
    var search = search(likelihood, from: from, tolerance: options.tolerance)
    guard search.run() else { throw RepeatModelError(.notAtRest(kind)) }
    let position = scaling.own(search.position)
    return Maximum(
      model: RepeatModel(kind, parameters: position.prefix(Self.parameters).map { exp($0) }, k: k),
      position: position,
      logLikelihood: search.point.value, covariance: search.covariance.map(scaling.own),
      iterations: search.iterations, held: search.held)
  }

  private func search(
    _ likelihood: CovariateLikelihood, from start: [Double], tolerance: Double
  ) -> LikelihoodSearch {
    LikelihoodSearch(
      from: start,
      farthest: RepeatFitProblem.farthest(kind)
        + start.dropFirst(Self.parameters).map { _ in Self.farthestCoefficient },
      tolerance: tolerance, maximumIterations: options.maximumIterations, evaluate: likelihood.callAsFunction)
  }

  /// Without some covariates, numbered through both processes.
  func dropping(_ indices: Set<Int>) -> CovariateProblem {
    let ofRate = rate.names.count
    return CovariateProblem(
      histories: histories, logIntervals: logIntervals, rate: rate.keeping { !indices.contains($0) },
      leaving: leaving.keeping { !indices.contains(ofRate + $0) }, kind: kind, k: k, options: options,
      parallel: parallel)
  }

  func start(at position: [Double], dropping indices: Set<Int>) -> [Double] {
    position.indices.filter { !indices.contains($0 - Self.parameters) }.map { position[$0] }
  }

  func models(at position: [Double]) -> RepeatModels {
    let effects = position.dropFirst(Self.parameters)
    return RepeatModels(
      RepeatModel(kind, parameters: position.prefix(Self.parameters).map { exp($0) }, k: k), rate: rate,
      rateEffects: Array(effects.prefix(rate.names.count)), leaving: leaving,
      leavingEffects: Array(effects.dropFirst(rate.names.count)))
  }

  /// Between coefficients of standardised covariates and those in the covariates' own units.
  private struct Scaling {
    /// By coefficient: which parameter takes up its mean, how much of it, and its deviation.
    private let shifts: [(place: Int, amount: Double, deviation: Double)]

    init(kind: RepeatModelKind, _ rates: StandardCovariates, _ leavings: StandardCovariates) {
      let (place, sign) = kind == .paretoNBD ? (3, 1.0) : (2, -1.0)
      shifts =
        zip(rates.means, rates.deviations).map { (1, $0 / $1, $1) }
        + zip(leavings.means, leavings.deviations).map { (place, sign * $0 / $1, $1) }
    }

    func own(_ standard: [Double]) -> [Double] {
      var own = standard
      for (index, shift) in shifts.enumerated() {
        own[shift.place] += shift.amount * standard[parameters + index]
        own[parameters + index] /= shift.deviation
      }
      return own
    }

    func standard(_ own: [Double]) -> [Double] {
      var standard = own
      for (index, shift) in shifts.enumerated() {
        standard[parameters + index] *= shift.deviation
        standard[shift.place] -= shift.amount * standard[parameters + index]
      }
      return standard
    }

    /// J·C·Jᵀ of the linear map to own units.
    func own(_ covariance: Matrix) -> Matrix {
      let order = covariance.rows
      let columns = (0..<order).map { column in own((0..<order).map { covariance[$0, column] }) }
      let rows = (0..<order).map { row in own((0..<order).map { columns[$0][row] }) }
      return Matrix(rows)
    }
  }
}
