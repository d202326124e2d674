internal import Foundation
internal import LinearAlgebra

/// The models of some customers: one for all of them, or one that covariates shift for each.
public struct RepeatModels: Sendable {
  /// That of all, or of somebody whose covariates are all 0.
  public let base: RepeatModel
  private let shifts: Shifts?

  private struct Shifts: Sendable {
    let rate: Matrix
    let leaving: Matrix
    let rateEffects: [Double]
    let leavingEffects: [Double]
  }

  /// One model for all.
  public init(_ model: RepeatModel) {
    base = model
    shifts = nil
  }

  /// - Parameters:
  ///   - rate, leaving: one row a customer, one column an effect.
  init(
    _ base: RepeatModel, rate: RepeatCovariates, rateEffects: [Double], leaving: RepeatCovariates,
    leavingEffects: [Double]
  ) {
    self.base = base
    shifts = Shifts(
      rate: rate.values, leaving: leaving.values, rateEffects: rateEffects, leavingEffects: leavingEffects)
  }

  /// Whether all customers have the same model.
  public var isUniform: Bool { shifts == nil }

  /// The model of a customer.
  public subscript(customer: Int) -> RepeatModel {
    guard let shifts else { return base }
    return base.shifted(
      rate: Self.shift(shifts.rate, customer, shifts.rateEffects),
      leaving: Self.shift(shifts.leaving, customer, shifts.leavingEffects))
  }

  private static func shift(_ covariates: Matrix, _ customer: Int, _ effects: [Double]) -> Double {
    covariates.withUnsafeElements { values in
      effects.withUnsafeBufferPointer { effects in
        var sum = 0.0
        for index in effects.indices { sum += values[customer * effects.count + index] * effects[index] }
        return sum
      }
    }
  }
}

extension RepeatModel {
  /// The model with γ₁·z and γ₂·z of somebody's covariates z in it.
  func shifted(rate: Double, leaving: Double) -> RepeatModel {
    switch self {
    case .betaGeometric(let model):
      .betaGeometric(
        BetaGeometric(
          r: model.r, alpha: model.alpha * exp(-rate), a: model.a * exp(leaving), b: model.b, k: model.k,
          leavesAtOrigin: model.leavesAtOrigin))
    case .pareto(let model):
      .pareto(
        ParetoNBD(
          r: model.r, alpha: model.alpha * exp(-rate), s: model.s, beta: model.beta * exp(-leaving)))
    }
  }
}
