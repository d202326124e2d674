/// The minimum of gᵀd + ½·dᵀHd over lower ≤ d ≤ upper, by a primal active-set method.
///
/// Beginning at d = 0, the free elements go to the minimum of the quadratic with the others held at their bounds; the
/// first bound in the way is added to the held ones. At such a minimum, the held element whose multiplier has the wrong
/// sign most is set free. The quadratic falls with every move, so that no set of held elements comes twice and the
/// method ends (Nocedal and Wright 2006, "Numerical Optimization", section 16.5). Elements without any bound are eliminated
/// first, so that a move costs what the others cost.
package struct BoundedQuadratic {
  package let gradient: [Double]
  /// Symmetric, positive definite on the free elements.
  package let hessian: Matrix
  /// At most 0 each; −∞ for no bound.
  package let lower: [Double]
  /// At least 0 each; ∞ for no bound.
  package let upper: [Double]

  /// Which bound holds an element.
  package typealias Side = BoundedNewton.Side

  package struct Solution {
    /// The minimum d.
    package let step: [Double]
    /// nil for free elements.
    package let held: [Side?]
  }

  package init(gradient: [Double], hessian: Matrix, lower: [Double], upper: [Double]) {
    self.gradient = gradient
    self.hessian = hessian
    self.lower = lower
    self.upper = upper
  }

  /// Moves per element after which rounding must have let the method cycle.
  private static let mostMovesPerElement = 20
  /// Multipliers below so many units in the last place of their terms have no sign.
  private static let roundingUnits = 64.0

  /// - Throws: `LinearAlgebraError` when the Hessian of the free elements is not positive definite.
  /// - Complexity: O(n³), and O(m³) a move for m elements with bounds; a few moves when d = 0 holds the right elements
  ///   already.
  package func minimum() throws(LinearAlgebraError) -> Solution {
    let bounded = gradient.indices.filter { lower[$0] > -.infinity || upper[$0] < .infinity }
    guard !bounded.isEmpty, bounded.count < gradient.count else { return try activeSetMinimum() }
    let elimination = try Elimination(self, bounded: bounded)
    return elimination.restored(try elimination.reduced.activeSetMinimum())
  }

  private func activeSetMinimum() throws(LinearAlgebraError) -> Solution {
    let order = gradient.count
    var step = [Double](repeating: 0, count: order)
    var held = (0..<order).map { initialSide($0) }
    var moves = Self.mostMovesPerElement * (order + 1)
    while true {
      let free = held.indices.filter { held[$0] == nil }
      let direction = try newtonDirection(slopes(at: step).slope, free)
      let (length, blocking) = feasibleLength(from: step, along: direction, free)
      for (position, index) in free.enumerated() { step[index] += length * direction[position] }
      moves -= 1
      if let blocking {
        step[blocking.index] = blocking.side == .lower ? lower[blocking.index] : upper[blocking.index]
        held[blocking.index] = blocking.side
        if moves > 0 { continue }
      }
      let (slope, rounding) = slopes(at: step)
      guard moves > 0, let wrong = worstMultiplier(slope, rounding, held) else {
        return Solution(step: step, held: held)
      }
      held[wrong] = nil
    }
  }

  /// Held are elements at a bound that the gradient pushes against, and those that cannot move at all.
  private func initialSide(_ index: Int) -> Side? {
    if lower[index] == 0, gradient[index] > 0 || upper[index] == 0 { return .lower }
    if upper[index] == 0, gradient[index] < 0 { return .upper }
    return nil
  }

  /// g + H·d, and what rounding may have done to each element.
  private func slopes(at step: [Double]) -> (slope: [Double], rounding: [Double]) {
    let order = step.count
    var slope = gradient
    var size = gradient.map(\.magnitude)
    hessian.withUnsafeElements { elements in
      for row in 0..<order {
        for column in 0..<order where step[column] != 0 {
          let term = elements[row * order + column] * step[column]
          slope[row] += term
          size[row] += term.magnitude
        }
      }
    }
    return (slope, size.map { Self.roundingUnits * Double.ulpOfOne * $0 })
  }

  /// −(H_FF)⁻¹·slope_F over the free elements.
  private func newtonDirection(_ slope: [Double], _ free: [Int]) throws(LinearAlgebraError) -> [Double] {
    guard !free.isEmpty else { return [] }
    return try Cholesky(hessian.principal(free)).solve(free.map { -slope[$0] })
  }

  private func feasibleLength(
    from step: [Double], along direction: [Double], _ free: [Int]
  ) -> (length: Double, blocking: (index: Int, side: Side)?) {
    var (length, blocking): (Double, (index: Int, side: Side)?) = (1, nil)
    for (position, index) in free.enumerated() where direction[position] != 0 {
      let side: Side = direction[position] < 0 ? .lower : .upper
      let room = (side == .lower ? lower[index] : upper[index]) - step[index]
      let reach = max(room / direction[position], 0)
      if reach < length { (length, blocking) = (reach, (index, side)) }
    }
    return (length, blocking)
  }

  /// The held element that the slope would move inwards most; nil when there is none.
  private func worstMultiplier(_ slope: [Double], _ rounding: [Double], _ held: [Side?]) -> Int? {
    var worst: (index: Int, size: Double)?
    for index in held.indices where lower[index] < upper[index] {
      guard let side = held[index] else { continue }
      let inwards = side == .lower ? -slope[index] : slope[index]
      if inwards > max(rounding[index], worst?.size ?? 0) { worst = (index, inwards) }
    }
    return worst?.index
  }
}

extension Matrix {
  /// The rows and columns with these numbers, in their order.
  ///
  /// - Complexity: O(count of indices, squared)
  public func principal(_ indices: [Int]) -> Matrix {
    Matrix(rows: indices.count, columns: indices.count) { target in
      withUnsafeElements { source in
        for (row, first) in indices.enumerated() {
          for (column, second) in indices.enumerated() {
            target[row * indices.count + column] = source[first * columns + second]
          }
        }
      }
    }
  }
}
