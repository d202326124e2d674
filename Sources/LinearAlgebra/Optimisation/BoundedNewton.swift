/// Minimises a convex function f within bounds lower ≤ x ≤ upper by Newton's method.
///
/// Each step solves the quadratic model within the bounds exactly (`BoundedQuadratic`) and is halved until f falls by a
/// share of what its slope promises (Armijo's rule; Bertsekas 1982, SIAM Journal on Control and Optimization 20). Once the
/// elements at their bounds are found, steps are those of Newton's method for the others: the convergence is quadratic.
///
/// **Stopping rule.** No element of the projected gradient (of the gradient, without elements that push x against a bound
/// it lies at) exceeds `tolerance`. Then one more step is made with the derivatives at hand.
public struct BoundedNewton: Sendable {
  /// One element a variable; −∞ for no bound.
  public let lower: [Double]
  /// One element a variable; ∞ for no bound.
  public let upper: [Double]
  /// Greatest element of the projected gradient at which the method stops; greater than 0.
  public let tolerance: Double
  /// Most steps.
  public let maximumIterations: Int

  public init(lower: [Double], upper: [Double], tolerance: Double = 1e-9, maximumIterations: Int = 100) {
    precondition(lower.count == upper.count, "every variable needs both bounds")
    precondition(zip(lower, upper).allSatisfy { $0 <= $1 }, "a lower bound lies above its upper bound")
    precondition(tolerance > 0 && maximumIterations >= 1, "the stopping rule cannot be met")
    self.lower = lower
    self.upper = upper
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
  }

  /// f and its derivatives at a point.
  public struct Value {
    public let objective: Double
    /// One element a variable.
    public let gradient: [Double]
    /// Symmetric, positive definite on the variables that are not held by bounds.
    public let hessian: Matrix

    public init(objective: Double, gradient: [Double], hessian: Matrix) {
      self.objective = objective
      self.gradient = gradient
      self.hessian = hessian
    }
  }

  /// Which bound holds a variable.
  public enum Side: String, Codable, Sendable {
    case lower, upper
  }

  /// Where the method stopped.
  public struct Solution {
    /// The minimum, within the bounds exactly.
    public let point: [Double]
    /// For each variable the bound that it lies at and is pushed against; nil for free ones.
    public let held: [Side?]
    /// Where f was evaluated last, before the last step.
    public let lastPoint: [Double]
    /// f there.
    public let lastValue: Value
    /// The projected gradient there.
    public let projectedGradient: [Double]
    /// f at `point` as the quadratic model predicts it.
    public let predictedObjective: Double
    /// Steps before the last one.
    public let iterations: Int
    /// Whether the stopping rule was met; else `point` is where the steps or the digits ran out.
    public let isConverged: Bool
  }

  /// Share of the promised fall that a step must achieve.
  private static let sufficientShare = 1e-4
  /// Relative rounding error of the objective: a smaller rise is not a rise.
  private static let roundingError = 1e-14
  private static let mostHalvings = 50

  /// - Parameters:
  ///   - start: moved into the bounds first.
  ///   - evaluate: f, its gradient and Hessian.
  /// - Throws: `LinearAlgebraError` when a Hessian is not positive definite on the free variables.
  /// - Complexity: a few evaluations, and O(n³) for each bound that is met or left.
  public func minimise(
    from start: [Double], evaluate: ([Double]) -> Value
  ) throws(LinearAlgebraError) -> Solution {
    precondition(start.count == lower.count, "the start needs one element a variable")
    var point = start.indices.map { min(max(start[$0], lower[$0]), upper[$0]) }
    var value = evaluate(point)
    var iterations = 0
    while true {
      let model = BoundedQuadratic(
        gradient: value.gradient, hessian: value.hessian, lower: zip(lower, point).map { $0 - $1 },
        upper: zip(upper, point).map { $0 - $1 })
      let quadratic = try model.minimum()
      let projected = projectedGradient(value.gradient, at: point)
      let isConverged = projected.allSatisfy { $0.magnitude <= tolerance }
      let next =
        isConverged || iterations == maximumIterations
        ? nil : descend(from: point, value, quadratic, evaluate)
      guard let next else {
        return solution(point, value, quadratic, projected, iterations, isConverged)
      }
      (point, value) = next
      iterations += 1
    }
  }

  /// The gradient, 0 where it pushes the point against a bound that it lies at.
  public func projectedGradient(_ gradient: [Double], at point: [Double]) -> [Double] {
    point.indices.map { index in
      if point[index] <= lower[index], gradient[index] > 0 { return 0 }
      if point[index] >= upper[index], gradient[index] < 0 { return 0 }
      return lower[index] == upper[index] ? 0 : gradient[index]
    }
  }

  private func descend(
    from point: [Double], _ value: Value, _ quadratic: BoundedQuadratic.Solution,
    _ evaluate: ([Double]) -> Value
  ) -> ([Double], Value)? {
    let slope = zip(value.gradient, quadratic.step).reduce(0) { $0 + $1.0 * $1.1 }
    let slack = Self.roundingError * value.objective.magnitude
    var length = 1.0
    for _ in 0..<Self.mostHalvings {
      let candidate = moved(point, quadratic, length)
      let candidateValue = evaluate(candidate)
      if candidateValue.objective <= value.objective + Self.sufficientShare * length * slope + slack {
        return (candidate, candidateValue)
      }
      length /= 2
    }
    return nil
  }

  /// A full step ends at bounds exactly, whatever rounding does to the sum.
  private func moved(
    _ point: [Double], _ quadratic: BoundedQuadratic.Solution, _ length: Double
  ) -> [Double] {
    point.indices.map { index in
      if length == 1, let side = quadratic.held[index] { return side == .lower ? lower[index] : upper[index] }
      return min(max(point[index] + length * quadratic.step[index], lower[index]), upper[index])
    }
  }

  private func solution(
    _ point: [Double], _ value: Value, _ quadratic: BoundedQuadratic.Solution, _ projected: [Double],
    _ iterations: Int, _ isConverged: Bool
  ) -> Solution {
    let order = point.count
    var predicted = value.objective
    value.hessian.withUnsafeElements { elements in
      for row in 0..<order {
        var curvature = 0.0
        for column in 0..<order { curvature += elements[row * order + column] * quadratic.step[column] }
        predicted += quadratic.step[row] * (value.gradient[row] + curvature / 2)
      }
    }
    return Solution(
      point: moved(point, quadratic, 1), held: quadratic.held, lastPoint: point, lastValue: value,
      projectedGradient: projected, predictedObjective: predicted, iterations: iterations,
      isConverged: isConverged)
  }
}
