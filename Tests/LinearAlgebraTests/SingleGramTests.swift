import LinearAlgebra
import Testing

@Suite("Weighted Gram matrices in single precision")
struct SingleGramTests {
  /// Numbers of both signs that single precision does not hold.
  private func number(_ row: Int, _ column: Int) -> Double {
    Double((row &* 7919 &+ column &* 104_729 &+ row &* column) % 1009) / 503 - 0.9
  }

  private func filled(rows: Int, columns: Int) -> Panel {
    let panel = Panel(capacity: max(rows, 16), columns: columns)
    for column in 0..<columns {
      for row in 0..<rows { panel.column(column)[row] = number(row, column) }
      // What stands below the rows takes no part.
      for row in rows..<panel.capacity { panel.column(column)[row] = .nan }
    }
    return panel
  }

  @Test(
    "each element is the sum over the rows to the error that is promised, and the product beside it exact, whatever the shape",
    arguments: [
      (1, 1), (5, 2), (15, 4), (16, 6), (17, 7), (33, 13), (500, 24), (512, 53), (513, 5), (1200, 10),
    ])
  func singleGram(rows: Int, columns: Int) {
    let panel = filled(rows: rows, columns: columns)
    let weights = (0..<rows).map { Double($0 % 5) / 3 }
    let start = 1.0
    var gram = [Double](repeating: start, count: columns * columns)
    let factors = (0..<rows).map { Double($0 % 7) - 3.5 }
    var sums = [Double](repeating: start, count: columns)
    panel.addSingleGram(rows: rows, weights: weights, to: &gram, factors: factors, product: &sums)
    for (column, sum) in sums.enumerated() {
      let terms = (0..<rows).map { factors[$0] * number($0, column) }
      let scale = terms.reduce(start) { $0 + $1.magnitude }
      #expect(abs(sum - terms.reduce(start, +)) <= 1e-14 * scale)
    }
    func product(_ first: Int, _ second: Int) -> Double {
      (0..<rows).reduce(0) { $0 + weights[$1] * number($1, first) * number($1, second) }
    }
    for first in 0..<columns {
      for second in 0...first {
        let scale = (product(first, first) * product(second, second)).squareRoot()
        let error = (gram[first * columns + second] - start - product(first, second)).magnitude
        #expect(error <= GramPrecision.single.relativeError * scale)
      }
    }
  }

  @Test("a panel filled with fewer rows after more gives what a new one gives")
  func usedAgain() {
    let panel = filled(rows: 512, columns: 9)
    func gram(_ panel: Panel, _ rows: Int) -> [Double] {
      var gram = [Double](repeating: 0, count: 81)
      var sums = [Double](repeating: 0, count: 9)
      let weights = [Double](repeating: 0.7, count: rows)
      panel.addSingleGram(rows: rows, weights: weights, to: &gram, factors: weights, product: &sums)
      return gram + sums
    }
    _ = gram(panel, 512)
    #expect(gram(panel, 21) == gram(filled(rows: 21, columns: 9), 21))
  }
}

extension Panel {
  fileprivate func addSingleGram(
    rows: Int, weights: [Double], to gram: inout [Double], factors: [Double], product: inout [Double]
  ) {
    weights.withUnsafeBufferPointer { weights in
      factors.withUnsafeBufferPointer { factors in
        gram.withUnsafeMutableBufferPointer { gram in
          product.withUnsafeMutableBufferPointer { product in
            addWeightedGram(
              rows: rows, weights: weights, to: gram, precision: .single, factors: factors, product: product)
          }
        }
      }
    }
  }
}
