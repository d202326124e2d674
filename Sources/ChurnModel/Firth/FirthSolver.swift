internal import Foundation
import LinearAlgebra

/// Maximises Firth's penalised likelihood, freely or with one linear combination of the coefficients held.
///
/// Steps are −H*⁻¹·∇f* (see `FirthPass`), halved until f* does not rise; where the last few of them say how the steps
/// shrink, they are mixed (`AndersonMixing`), which is what many columns on few rows need. They end when no element of the gradient, less
/// its part along the held combination, exceeds the tolerance; then one more step is made.
struct FirthSolver {
  let pass: FirthPass
  let workspaces: Workspaces
  let maximumIterations: Int

  /// aᵀβ is to stay what it is at the start.
  typealias Combination = [Double]

  struct Solution {
    /// At the end of the last step.
    let point: FirthPass.Point
    /// Of H* at the last derivatives.
    let factor: Cholesky
    /// ∇f* there; without its part along the held combination.
    let gradient: [Double]
    /// μ of ∇f* = μ·a: the slope of the profile of f* over aᵀβ; 0 without a held combination.
    let multiplier: Double
    /// Steps before the last one.
    let iterations: Int

    var gradientNorm: Double { gradient.reduce(0) { max($0, $1.magnitude) } }
    /// gᵀH*⁻¹g of the gradient.
    var squaredDecrement: Double {
      zip(gradient, factor.solve(gradient)).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// Relative rounding error of an objective summed over many rows: a smaller rise is not a rise.
  private static let roundingError = 1e-14
  /// Halvings after which a step is shorter than rounding error.
  private static let mostHalvings = 50

  /// - Throws: `ChurnModelError` (`notConverged`).
  func maximise(
    from start: FirthPass.Point, holding combination: Combination? = nil, tolerance: Double
  ) throws(ChurnModelError) -> Solution {
    var point = start
    var iterations = 0
    var mixing = AndersonMixing()
    while true {
      let slope = pass.slope(at: point, workspaces)
      guard let factor = try? Cholesky(slope.hessian) else { throw notConverged(.nan, iterations) }
      let (direction, multiplier) = step(slope.gradient, factor, holding: combination)
      let gradient = zip(slope.gradient, combination ?? []).map { $0 - multiplier * $1 }
      let solution = { (last: FirthPass.Point) in
        Solution(
          point: last, factor: factor, gradient: combination == nil ? slope.gradient : gradient,
          multiplier: multiplier, iterations: iterations)
      }
      let isConverged = solution(point).gradientNorm <= tolerance
      let mixed = isConverged ? nil : mixing.next(after: point.coefficients, step: direction.map { -$0 })
      guard let next = accepted(mixed, from: point) ?? descend(from: point, along: direction) else {
        // Rounding leaves nothing to gain: that is the end of a fit that was to be exact.
        guard isConverged else { throw notConverged(solution(point).gradientNorm, iterations) }
        return solution(point)
      }
      if isConverged { return solution(next) }
      guard iterations < maximumIterations else {
        throw notConverged(solution(point).gradientNorm, iterations)
      }
      point = next
      iterations += 1
    }
  }

  /// What to subtract: H*⁻¹·(g − μ·a) with μ such that aᵀβ stays.
  private func step(
    _ gradient: [Double], _ factor: Cholesky, holding combination: Combination?
  ) -> (direction: [Double], multiplier: Double) {
    let direction = factor.solve(gradient)
    guard let combination else { return (direction, 0) }
    let normal = factor.solve(combination)
    let across = zip(combination, normal).reduce(0) { $0 + $1.0 * $1.1 }
    let multiplier = zip(combination, direction).reduce(0) { $0 + $1.0 * $1.1 } / across
    return (zip(direction, normal).map { $0 - multiplier * $1 }, multiplier)
  }

  /// The mixed point when it does not raise f*.
  private func accepted(_ candidate: [Double]?, from point: FirthPass.Point) -> FirthPass.Point? {
    guard let candidate, let next = pass.point(candidate, workspaces) else { return nil }
    return next.objective <= limit(point) ? next : nil
  }

  private func limit(_ point: FirthPass.Point) -> Double {
    point.objective + Self.roundingError * point.objective.magnitude
  }

  private func descend(from point: FirthPass.Point, along direction: [Double]) -> FirthPass.Point? {
    let limit = limit(point)
    var length = 1.0
    for _ in 0..<Self.mostHalvings {
      let candidate = zip(point.coefficients, direction).map { $0 - length * $1 }
      if let next = pass.point(candidate, workspaces), next.objective <= limit { return next }
      length /= 2
    }
    return nil
  }

  private func notConverged(_ gradient: Double, _ iterations: Int) -> ChurnModelError {
    ChurnModelError(
      .notConverged,
      "the solver of Firth's likelihood stopped after \(iterations) steps with a gradient of \(gradient); raise the "
        + "tolerance or the number of iterations")
  }
}
