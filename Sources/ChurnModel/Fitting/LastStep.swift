internal import Foundation
import LinearAlgebra

/// What is known of the point that a full Newton step leads to, before it is evaluated; see `Certificate`.
///
/// With the computed Hessian H̃, its step v = H̃⁻¹g of the length λ̃ = √(gᵀv) and the rounding δ (`HessianRounding`), the
/// gradient after the step is (H̃ − H)v + (Hv − ∫H(β − s·v)v ds). The norm of the first part is at most δ·λ̃/√(1 − δ), of the
/// second λ̃·√(1 + δ)·(r/2)·eʳ; element j of the second is at most mⱼ·λ̃²·(1 + δ)·½·eʳ, too.
struct LastStep {
  /// The step's length in the norm of the exact Hessian is at most this, λ.
  let decrement: Double
  /// No row's margin changes by more: r = Σⱼ mⱼ·|vⱼ|.
  let reach: Double
  /// No element of the gradient at the new point is greater.
  let gradientBound: Double

  /// - Parameters:
  ///   - direction: H̃⁻¹g.
  ///   - greatest: the greatest magnitude of each column, the intercept's 1 first.
  init(_ value: ObjectiveValue, direction: [Double], greatest: [Double], rounding: HessianRounding) {
    let square = zip(value.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
    decrement = (max(square, 0) * (1 + rounding.share)).squareRoot()
    reach = zip(greatest, direction).reduce(0) { $0 + $1.0 * $1.1.magnitude }
    let roots = direction.indices.map { value.hessian[$0, $0].squareRoot() }
    let rounded = rounding.elementShare * zip(roots, direction).reduce(0) { $0 + $1.0 * $1.1.magnitude }
    let growth = decrement / 2 * exp(reach)
    gradientBound = direction.indices.reduce(0) { [decrement, reach] bound, index in
      let root = roots[index] * (1 + rounding.elementShare)
      return max(bound, growth * min(root * reach, greatest[index] * decrement) + root * rounded)
    }
  }
}
