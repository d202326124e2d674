extension BoundedQuadratic {
  /// A quadratic in the elements with bounds alone: the others are where they are best for each of them.
  ///
  /// With u the elements without bounds and b the others, d_u = −H_uu⁻¹(g_u + H_ub·d_b), and what is left is the quadratic
  /// with H_bb − H_bu·H_uu⁻¹·H_ub and g_b − H_bu·H_uu⁻¹·g_u.
  struct Elimination {
    let reduced: BoundedQuadratic
    private let bounded: [Int]
    private let free: [Int]
    /// H_uu⁻¹·g_u.
    private let start: [Double]
    /// H_uu⁻¹·H_ub, one array a bounded element.
    private let responses: [[Double]]

    /// - Throws: `LinearAlgebraError` when H_uu is not positive definite.
    /// - Complexity: O(u³ + u²·b + u·b²)
    init(_ whole: BoundedQuadratic, bounded: [Int]) throws(LinearAlgebraError) {
      let order = whole.gradient.count
      let isBounded = Set(bounded)
      let free = (0..<order).filter { !isBounded.contains($0) }
      let factor = try Cholesky(whole.hessian.principal(free))
      let start = factor.solve(free.map { whole.gradient[$0] })
      let couplings = whole.hessian.withUnsafeElements { elements in
        bounded.map { row in free.map { elements[row * order + $0] } }
      }
      let responses = couplings.map(factor.solve)
      let corner = whole.hessian.principal(bounded)
      let hessian = Matrix(rows: bounded.count, columns: bounded.count) { elements in
        for row in bounded.indices {
          // Both halves are the same numbers.
          for column in 0...row {
            let value = corner[row, column] - Self.product(couplings[row], responses[column])
            elements[row * bounded.count + column] = value
            elements[column * bounded.count + row] = value
          }
        }
      }
      reduced = BoundedQuadratic(
        gradient: bounded.indices.map { whole.gradient[bounded[$0]] - Self.product(couplings[$0], start) },
        hessian: hessian, lower: bounded.map { whole.lower[$0] }, upper: bounded.map { whole.upper[$0] })
      (self.bounded, self.free) = (bounded, free)
      (self.start, self.responses) = (start, responses)
    }

    /// The solution of the whole from that of what was left.
    func restored(_ solution: Solution) -> Solution {
      var step = [Double](repeating: 0, count: bounded.count + free.count)
      var held = [Side?](repeating: nil, count: step.count)
      var others = start.map { -$0 }
      for (index, element) in bounded.enumerated() {
        step[element] = solution.step[index]
        held[element] = solution.held[index]
        guard solution.step[index] != 0 else { continue }
        for position in others.indices {
          others[position] -= responses[index][position] * solution.step[index]
        }
      }
      for (position, element) in free.enumerated() { step[element] = others[position] }
      return Solution(step: step, held: held)
    }

    private static func product(_ first: [Double], _ second: [Double]) -> Double {
      var sum = 0.0
      for index in first.indices { sum += first[index] * second[index] }
      return sum
    }
  }
}
