import LinearAlgebra

/// Speeds a fixed-point iteration β → β + s(β) up: of all combinations of the last points, the one whose steps nearly
/// cancel goes on (Anderson 1965, Journal of the ACM 12; Walker and Ni 2011, SIAM Journal on Numerical Analysis 49).
///
/// Linear equations that all steps leave as they are stay as they are.
struct AndersonMixing {
  /// The last points and the steps from them, the oldest first.
  private var points: [[Double]] = []
  private var steps: [[Double]] = []

  /// Differences of successive points that are combined.
  private static let depth = 5
  /// Share of the trace added to the equations of nearly dependent differences.
  private static let shift = 1e-12

  /// The next point; nil as long as there is one step only.
  ///
  /// - Complexity: O(variables)
  mutating func next(after point: [Double], step: [Double]) -> [Double]? {
    points.append(point)
    steps.append(step)
    if points.count > Self.depth + 1 {
      points.removeFirst()
      steps.removeFirst()
    }
    guard points.count > 1 else { return nil }
    let changes = (1..<steps.count).map { Self.difference(steps[$0], steps[$0 - 1]) }
    let moves = (1..<points.count).map { Self.difference(points[$0], points[$0 - 1]) }
    var products = Matrix(changes.map { first in changes.map { Self.dot(first, $0) } })
    let trace = changes.indices.reduce(0) { $0 + products[$1, $1] }
    for index in changes.indices { products[index, index] += Self.shift * trace }
    guard let factor = try? Cholesky(products) else { return nil }
    let shares = factor.solve(changes.map { Self.dot($0, step) })
    var next = zip(point, step).map { $0 + $1 }
    for (position, share) in shares.enumerated() {
      for index in next.indices { next[index] -= share * (moves[position][index] + changes[position][index]) }
    }
    return next
  }

  private static func difference(_ first: [Double], _ second: [Double]) -> [Double] {
    zip(first, second).map { $0 - $1 }
  }

  private static func dot(_ first: [Double], _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
