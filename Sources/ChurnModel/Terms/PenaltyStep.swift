internal import Foundation
import LinearAlgebra

/// A step of the penalties towards greater marginal likelihood.
///
/// A group with q effective parameters and ‖β‖² alone would go to λ = q/‖β‖² (generalised Fellner-Schall). With many
/// groups, each estimated from little, such penalties overfit: some groups that are nothing look like something, and
/// where many say the same a few get it all. So the penalties of one kind (straight parts, rough parts, …) are taken
/// as draws of one distribution: log λ is normal around the mean m of the kind with variance 1/κ, and the step solves
///
///     q/2 − λ‖β‖²/2 − κ·(log λ − m) = 0.
///
/// Groups of which the rows say much (q large) are hardly drawn to the mean.
struct PenaltyStep {
  /// The kind of each group; empty when every group stands for itself.
  let kinds: [Int]
  /// κ.
  let pooling: Double

  private static let range = 1e-4...1e7
  /// A step changes a penalty by no more than this factor.
  private static let mostChange = 20.0
  /// Effective parameters below which a group with a strong penalty has nothing left.
  private static let leastParameters = 0.02
  private static let strongPenalty = 1e4
  private static let mostRootSteps = 30
  private static let rootTolerance = 1e-6

  /// - Parameters:
  ///   - coefficients: the optimum for the penalties of `state`.
  ///   - variances: of active coefficients.
  /// - Returns: the greatest change of a penalty's logarithm among groups that are not left out.
  func update(
    _ state: inout TermState, coefficients: [Double], variances: [Double], active: [Int], _ layout: TermLayout
  ) -> Double {
    var traces = [Double](repeating: 0, count: layout.groupCount)
    var squares = traces
    var sizes = traces
    for (index, column) in active.enumerated() {
      let group = layout.groupOfColumn[column]
      traces[group] += variances[index]
      squares[group] += coefficients[column] * coefficients[column]
      sizes[group] += 1
    }
    let centres = centres(state.penalties)
    var greatest = 0.0
    for group in 0..<layout.groupCount where state.isActive[group] {
      let old = state.penalties[group]
      let parameters = sizes[group] - old * traces[group]
      let wanted = penalty(
        old, parameters: max(parameters, 1e-8), squares: max(squares[group], 1e-12),
        centre: kinds.isEmpty ? nil : centres[kinds[group]])
      let new = Self.bounded(wanted, after: old)
      state.penalties[group] = new
      if Self.isSpent(penalty: new, parameters: parameters) {
        state.leaveOut(group, layout)
      } else {
        greatest = max(greatest, log(new / old).magnitude)
      }
    }
    return greatest
  }

  /// The penalty within its range that is nearest to the wanted one and not too far from the last.
  private static func bounded(_ wanted: Double, after old: Double) -> Double {
    let near = min(max(wanted, old / mostChange), old * mostChange)
    return min(max(near, range.lowerBound), range.upperBound)
  }

  /// The next penalty of a group that stands for itself, with so many effective parameters and such a sum of squares.
  static func penalty(after old: Double, parameters: Double, squares: Double) -> Double {
    bounded(max(parameters, 1e-8) / max(squares, 1e-12), after: old)
  }

  /// Whether nothing is left of a group.
  static func isSpent(penalty: Double, parameters: Double) -> Bool {
    penalty >= strongPenalty && parameters < leastParameters
  }

  /// Mean logarithm of the penalties of each kind.
  private func centres(_ penalties: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: (kinds.max() ?? -1) + 1)
    var counts = sums
    for (group, kind) in kinds.enumerated() {
      sums[kind] += log(penalties[group])
      counts[kind] += 1
    }
    return zip(sums, counts).map { $0 / max($1, 1) }
  }

  private func penalty(_ old: Double, parameters: Double, squares: Double, centre: Double?) -> Double {
    guard let centre, pooling > 0 else { return parameters / squares }
    // Newton's method on a falling, concave function of log λ; steps are bounded for the start's sake.
    var logarithm = log(old)
    for _ in 0..<Self.mostRootSteps {
      let pull = exp(logarithm) * squares / 2
      let step = (parameters / 2 - pull - pooling * (logarithm - centre)) / (pull + pooling)
      logarithm += min(max(step, -1), 1)
      if step.magnitude < Self.rootTolerance { break }
    }
    return exp(logarithm)
  }
}
