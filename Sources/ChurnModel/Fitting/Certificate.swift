internal import Foundation
import LinearAlgebra

/// What proves that a fit is the optimum, and what it took.
///
/// **Stopping rule.** Newton steps, halved until none raises the objective f, are made until no element of the gradient
/// g at the coefficients β exceeds `LogisticOptions.tolerance`. Then one more step with the derivatives at hand gives
/// the returned coefficients β⁺ = β − H⁻¹g; f is not evaluated again. A fit of many rows stops one evaluation
/// earlier, as soon as the bound below proves that the gradient at β⁺ meets the tolerance. Without a penalty, a fit whose step is still long
/// when the gradient meets a loose tolerance goes on, and one whose step is long at a vanished gradient is an error.
///
/// **Bounds on the gap.** The logistic loss φ satisfies |φ‴| ≤ φ″, hence along any v the objective has
/// |D³f[v, v, v]| ≤ maxᵢ|xᵢ·v|·D²f[v, v], ridge or not (Bach 2010, "Self-concordant analysis for logistic regression",
/// Electronic Journal of Statistics 4, lemma 1 and proposition 1). Let ‖·‖ be the norm of H = ∇²f(β), λ² = gᵀH⁻¹g, and
/// c ≥ maxᵢ √(xᵢᵀH⁻¹xᵢ); then |xᵢ·v| ≤ c‖v‖, the Hessian at β + v lies between e^(−c‖v‖)·H and e^(c‖v‖)·H, and
///
///     f(β + v) ≥ f(β) − λ‖v‖ + (e^(−c‖v‖) + c‖v‖ − 1)/c².
///
/// The least value of the right side over ‖v‖ gives, with u = cλ < 1, that a minimum f* exists and
///
///     f(β) − f* ≤ (u + (1 − u)·log(1 − u))/c² ≤ λ²/(2·(1 − u)).
///
/// The step v to β⁺ has length λ and changes no margin by more than r = Σⱼ mⱼ·|vⱼ| with the greatest magnitude mⱼ of
/// each column, so the gradient there is at most λ·(e^r − 1 − r)/r ≤ λ·(r/2)·e^r in the dual norm, and
///
///     |∂f(β⁺)/∂βⱼ| ≤ min(√Hⱼⱼ·r, mⱼ·λ)·(λ/2)·e^r,   λ⁺ ≤ λ·(r/2)·e^(3r/2),   u⁺ ≤ u·(r/2)·e^(2r),
///     f(β⁺) − f* ≤ λ⁺²/(2·(1 − u⁺)).
///
/// the second of the two because that element is ∫₀¹ (1 − s)·D³f(β − s·v)[v, v, eⱼ] ds, a sum over rows of at most
/// |xᵢⱼ|·φ″·(xᵢ·v)² each, and |xᵢⱼ| ≤ mⱼ.
///
/// Where the Hessian was computed in single precision, all of this is widened by what its rounding may hide
/// (`HessianRounding`, `LastStep`).
///
/// c = Σⱼ mⱼ·√(H⁻¹)ⱼⱼ is such a bound by the triangle inequality. The
/// theorem holds in exact arithmetic; no bound is claimed below the rounding of the objective itself.
public struct Certificate: Codable, Sendable, Equatable {
  /// Greatest absolute element of the gradient at the last evaluation, before the last Newton step.
  public let gradientNorm: Double
  /// The same at the returned coefficients; nil unless robust or clustered errors asked for a further pass over the rows.
  public let returnedGradientNorm: Double?
  /// Proven bound on every element of the gradient at the returned coefficients; nil where the last step is not Newton's.
  public let returnedGradientBound: Double?
  /// λ² = gᵀH⁻¹g at the last evaluation, twice the gap that the quadratic model predicts.
  public let squaredNewtonDecrement: Double
  /// Proven bound on f − f* at the last evaluation, in units of the objective (mean log loss plus penalty); nil when
  /// u ≥ 1, that is, when the tolerance is too loose for a proof.
  public let gapBoundBeforeLastStep: Double?
  /// Proven bound on f − f* at the returned coefficients; nil likewise.
  public let gapBound: Double?
  /// Estimate of 1/(‖H‖₁·‖H⁻¹‖₁) in standardised units.
  public let reciprocalCondition: Double
  /// Passes over the data.
  public let passes: Passes

  /// Passes over the data, by what they read.
  public struct Passes: Codable, Sendable, Equatable {
    /// Passes over all rows, every kind together: the survey of raw values, bounds of tails and moments of the
    /// design, evaluations of the objective, and the pass for robust errors when it was asked for.
    public let full: Int
    /// Those of them that evaluated objective, gradient and Hessian.
    public let evaluations: Int
    /// Passes over every k-th row: bounds of tails and evaluations for a warm start, where there are many rows.
    public let sample: Int

    public init(full: Int, evaluations: Int, sample: Int) {
      self.full = full
      self.evaluations = evaluations
      self.sample = sample
    }
  }

  /// - Parameters:
  ///   - value: objective and derivatives at the last evaluation.
  ///   - inverse: inverse of its Hessian.
  ///   - greatest: the greatest magnitude of each column, the intercept's 1 first.
  ///   - step: H⁻¹g when the last step was that, which sharpens the bounds after it.
  ///   - isLastStepMade: whether a Newton step was made after that evaluation.
  init(
    value: ObjectiveValue, reciprocalCondition: Double, inverse: Matrix, greatest: [Double],
    step: [Double]? = nil, returnedGradientNorm: Double?, passes: Passes, isLastStepMade: Bool = true
  ) {
    let rounding = HessianRounding(value, inverse: inverse)
    // What the inverse of the exact Hessian may have more.
    let widening = 1 / (1 - rounding.share).squareRoot()
    let squared = Self.squaredNorm(value.gradient, inverse)
    let reach =
      widening * greatest.indices.reduce(0) { $0 + greatest[$1] * inverse[$1, $1].squareRoot() }
    let decrement = widening * squared.squareRoot()
    let u = reach * decrement
    let last = step.map { LastStep(value, direction: $0, greatest: greatest, rounding: rounding) }
    let r = min(last?.reach ?? u, u)
    let next =
      exp(r / 2) * ((last?.decrement ?? decrement) * r / 2 * exp(r) + rounding.share * decrement)
    let least = Double.ulpOfOne * value.objective
    gradientNorm = value.gradientNorm
    self.returnedGradientNorm = returnedGradientNorm
    returnedGradientBound = last?.gradientBound
    squaredNewtonDecrement = squared
    gapBoundBeforeLastStep = Self.gap(decrement, u).map { max($0, least) }
    gapBound =
      !isLastStepMade
      ? gapBoundBeforeLastStep
      : u < 1 ? Self.gap(next, reach * exp(r / 2) * next).map { max($0, least) } : nil
    self.reciprocalCondition = reciprocalCondition
    self.passes = passes
  }

  /// Of a solution whose Hessian is singular: nothing is proven, and the decrement is that along some coefficients.
  ///
  /// - Parameters:
  ///   - value: at the returned coefficients.
  ///   - positions: of the coefficients that the inverse is about.
  init(
    unproven value: ObjectiveValue, among positions: [Int], reciprocalCondition: Double, inverse: Matrix,
    passes: Passes
  ) {
    gradientNorm = value.gradientNorm
    returnedGradientNorm = value.gradientNorm
    returnedGradientBound = nil
    squaredNewtonDecrement = Self.squaredNorm(positions.map { value.gradient[$0] }, inverse)
    gapBoundBeforeLastStep = nil
    gapBound = nil
    self.reciprocalCondition = reciprocalCondition
    self.passes = passes
  }

  /// gᵀH⁻¹g, without the minus that rounding may give it.
  private static func squaredNorm(_ gradient: [Double], _ inverse: Matrix) -> Double {
    var squared = 0.0
    for row in gradient.indices {
      for column in gradient.indices { squared += gradient[row] * inverse[row, column] * gradient[column] }
    }
    return max(squared, 0)
  }

  private static func gap(_ decrement: Double, _ u: Double) -> Double? {
    u < 1 ? decrement * decrement / (2 * (1 - u)) : nil
  }
}
