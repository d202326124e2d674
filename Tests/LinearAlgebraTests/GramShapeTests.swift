import LinearAlgebra
import Testing

@Suite("Weighted Gram matrices")
struct GramShapeTests {
  /// Numbers of both signs that repeat after a long while.
  private func number(_ row: Int, _ column: Int) -> Double {
    Double((row &* 7919 &+ column &* 104_729 &+ row &* column) % 1009) / 504 - 1
  }

  @Test(
    "the weighted Gram matrix is the sum over the rows, whatever the shape",
    arguments: [(1, 1), (7, 3), (8, 6), (9, 7), (64, 13), (511, 24), (512, 53), (1200, 5)])
  func weightedGram(rows: Int, columns: Int) {
    let panel = Panel(capacity: max(rows, 16), columns: columns)
    for column in 0..<columns {
      for row in 0..<rows { panel.column(column)[row] = number(row, column) }
      // What stands below the rows takes no part.
      for row in rows..<panel.capacity { panel.column(column)[row] = .nan }
    }
    let weights = (0..<rows).map { Double($0 % 5) / 4 }
    var gram = [Double](repeating: 1, count: columns * columns)
    weights.withUnsafeBufferPointer { weights in
      gram.withUnsafeMutableBufferPointer { panel.addWeightedGram(rows: rows, weights: weights, to: $0) }
    }
    for first in 0..<columns {
      for second in 0...first {
        let expected = (0..<rows).reduce(1) {
          $0 + weights[$1] * number($1, first) * number($1, second)
        }
        #expect((gram[first * columns + second] - expected).magnitude < 1e-12 * Double(rows))
      }
    }
  }

  @Test("what is read next changes no bit of the Gram matrix")
  func upcoming() {
    let (rows, columns) = (512, 10)
    let panel = Panel(columns: columns)
    for column in 0..<columns {
      for row in 0..<rows { panel.column(column)[row] = number(row, column) }
    }
    let weights = [Double](repeating: 0.25, count: rows)
    func gram() -> [Double] {
      var gram = [Double](repeating: 0, count: columns * columns)
      weights.withUnsafeBufferPointer { weights in
        gram.withUnsafeMutableBufferPointer { panel.addWeightedGram(rows: rows, weights: weights, to: $0) }
      }
      return gram
    }
    let alone = gram()
    let next = [Double](repeating: 3, count: 5000)
    next.withUnsafeBufferPointer {
      panel.upcoming = $0
      #expect(gram() == alone)
    }
  }
}
