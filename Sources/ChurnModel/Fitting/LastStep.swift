internal import Foundation
import LinearAlgebra

/// What is known of the point that a full Newton step leads to, before it is evaluated; see `Certificate`.
struct LastStep {
  /// λ = √(gᵀH⁻¹g), the step's length in the norm of the Hessian.
  let decrement: Double
  /// No row's margin changes by more: Σⱼ mⱼ·|vⱼ|.
  let reach: Double
  /// No element of the gradient at the new point is greater: λ·(u/2)·eᵘ·maxⱼ √Hⱼⱼ with u the reach.
  let gradientBound: Double

  /// - Parameters:
  ///   - direction: H⁻¹g.
  ///   - greatest: the greatest magnitude of each column, the intercept's 1 first.
  init(_ value: ObjectiveValue, direction: [Double], greatest: [Double]) {
    decrement = max(zip(value.gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }, 0).squareRoot()
    reach = zip(greatest, direction).reduce(0) { $0 + $1.0 * $1.1.magnitude }
    let steepest = direction.indices.reduce(0) { max($0, value.hessian[$1, $1]) }.squareRoot()
    gradientBound = decrement * reach / 2 * exp(reach) * steepest
  }
}
