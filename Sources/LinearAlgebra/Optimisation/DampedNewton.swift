/// Minimises a smooth function that need not be convex, by Newton steps that are damped where the Hessian asks for it.
///
/// A step solves (H + d·D)·s = −g with D = |diag H| and d = 0 wherever H is positive definite and the step does not raise
/// the function; else d grows until both hold (Levenberg and Marquardt). No variable moves further than `longestStep` at
/// once, which suits logarithms of positive parameters.
///
/// **Stopping rule.** An undamped step that promises less than `tolerance`; it is taken.
public struct DampedNewton: Sendable {
  /// Fall of the function, in its own unit, below which nothing is gained.
  public var tolerance: Double
  /// Steps at most.
  public var maximumIterations: Int
  /// No variable changes by more in one step.
  public var longestStep: Double
  /// Beyond this magnitude a variable has run away, and there is no minimum.
  public var farthest: Double

  public init(
    tolerance: Double = 1e-9, maximumIterations: Int = 200, longestStep: Double = 1.5, farthest: Double = 25
  ) {
    self.tolerance = tolerance
    self.maximumIterations = maximumIterations
    self.longestStep = longestStep
    self.farthest = farthest
  }

  /// The function and its derivatives at a point.
  public typealias Value = BoundedNewton.Value

  /// Where the method stopped.
  public struct Solution {
    public let point: [Double]
    /// The function and its derivatives at `point`.
    public let value: Value
    public let iterations: Int
  }

  /// A rise below this share of the function cannot be told from rounding.
  private static let visibleShare = 1e-11
  private static let firstDamping = 1e-3
  private static let dampingFactor = 8.0
  private static let mostDamping = 1e12
  /// Damping counts from here where the diagonal of the Hessian vanishes.
  private static let leastDiagonal = 1e-6

  /// - Returns: `nil` when a variable runs away, a value is not finite at the start, or the steps run out.
  /// - Complexity: one evaluation a step, usually ten to thirty.
  public func minimise(from start: [Double], _ evaluate: ([Double]) -> Value) -> Solution? {
    var point = start
    var value = evaluate(point)
    var damping = 0.0
    guard value.objective.isFinite else { return nil }
    for iteration in 1...maximumIterations {
      guard let step = step(value, &damping) else { return nil }
      let promise = -zip(value.gradient, step).reduce(0) { $0 + $1.0 * $1.1 } / 2
      guard promise.isFinite else { return nil }
      let next = zip(point, step).map(+)
      guard next.allSatisfy({ $0.magnitude <= farthest }) else { return nil }
      let nextValue = evaluate(next)
      let visible = Self.visibleShare * max(1, value.objective.magnitude)
      guard nextValue.objective <= value.objective + visible else {
        damping = max(damping * Self.dampingFactor, Self.firstDamping)
        if damping > Self.mostDamping { return nil }
        continue
      }
      (point, value) = (next, nextValue)
      if promise < tolerance, damping == 0 {
        return Solution(point: point, value: value, iterations: iteration)
      }
      damping = damping < Self.firstDamping ? 0 : damping / Self.dampingFactor
    }
    return nil
  }

  private func step(_ value: Value, _ damping: inout Double) -> [Double]? {
    let count = value.gradient.count
    while damping < Self.mostDamping {
      let damped = Matrix(rows: count, columns: count) { elements in
        for row in 0..<count {
          for column in 0..<count {
            let own = value.hessian[row, column]
            elements[row * count + column] =
              row == column ? own + damping * max(own.magnitude, Self.leastDiagonal) : own
          }
        }
      }
      if let factor = try? Cholesky(damped) {
        let step = factor.solve(value.gradient.map { -$0 })
        let longest = step.reduce(0) { max($0, $1.magnitude) }
        return longest > longestStep ? step.map { $0 * longestStep / longest } : step
      }
      damping = max(damping * Self.dampingFactor, Self.firstDamping)
    }
    return nil
  }
}
