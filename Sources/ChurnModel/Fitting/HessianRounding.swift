internal import Foundation
import LinearAlgebra

/// How far the rounding of a Hessian may lead astray what is proven with it.
///
/// Of the exact Hessian H and the computed H̃ it is known that |Hᵢⱼ − H̃ᵢⱼ| ≤ ε·√(H̃ᵢᵢ·H̃ⱼⱼ) (`GramPrecision`), so that for every v
///
///     |vᵀ(H − H̃)v| ≤ ε·(Σⱼ √H̃ⱼⱼ·|vⱼ|)² ≤ δ·vᵀH̃v,   δ = ε·(Σⱼ √(H̃ⱼⱼ·(H̃⁻¹)ⱼⱼ))².
///
/// Rounding of many rows cancels: in truth the two are nearer by orders of magnitude.
struct HessianRounding {
  /// ε; 0 for a Hessian in double precision, whose rounding is that of the objective itself.
  let elementShare: Double
  /// δ.
  let share: Double

  static let none = HessianRounding(elementShare: 0, share: 0)

  private init(elementShare: Double, share: Double) {
    self.elementShare = elementShare
    self.share = share
  }

  /// - Complexity: O(order³) for a Hessian in single precision.
  init(_ value: ObjectiveValue, factor: Cholesky) {
    guard value.precision == .single else {
      self = .none
      return
    }
    self.init(value, inverse: factor.inverse())
  }

  init(_ value: ObjectiveValue, inverse: Matrix) {
    guard value.precision == .single else {
      self = .none
      return
    }
    elementShare = value.precision.relativeError
    let sum = (0..<inverse.rows).reduce(0) { $0 + (value.hessian[$1, $1] * inverse[$1, $1]).squareRoot() }
    share = elementShare * sum * sum
  }
}
