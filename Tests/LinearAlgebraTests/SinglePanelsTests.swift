import LinearAlgebra
import Testing

@Suite(
  "Panels kept in single precision",
  .enabled(if: SinglePanels.isSupported(columns: 53), "this processor has no vectors for them"))
struct SinglePanelsTests {
  private func number(_ panel: Int, _ row: Int, _ column: Int) -> Double {
    let mixed = row * 7919 + column * 104_729 + row * column + panel * 31
    return Double(mixed % 1009) / 503 - 0.9
  }

  @Test(
    "products are the plain sums to single precision, whatever the shape, and rows beyond the last take no part",
    arguments: [(1, 6, 1), (7, 7, 3), (16, 6, 4), (33, 13, 9), (511, 24, 24), (512, 53, 17), (500, 8, 23)])
  func products(rows: Int, columns: Int, points: Int) {
    let capacity = SinglePanels.capacity
    let panels = SinglePanels(panels: 3, columns: columns)
    let source = Panel(columns: columns)
    for panel in 0..<3 {
      for column in 0..<columns {
        for row in 0..<capacity {
          source.column(column)[row] = row < rows ? number(panel, row, column) : .nan
        }
      }
      panels.copy(source, rows: rows, to: panel)
    }
    let coefficients = (0..<columns * points).map { Float($0 % 11) - 4.5 }
    let read = (points + SinglePanels.pointsAtATime - 1) / SinglePanels.pointsAtATime
    var vectors = [Float](repeating: .nan, count: capacity * read * SinglePanels.pointsAtATime)
    for panel in 0..<3 {
      coefficients.withUnsafeBufferPointer { coefficients in
        vectors.withUnsafeMutableBufferPointer {
          panels.multiply(panel, rows: rows, points: points, coefficients: coefficients, into: $0)
        }
      }
      var products = [Double](repeating: 0.25, count: columns * points)
      vectors.withUnsafeBufferPointer { vectors in
        products.withUnsafeMutableBufferPointer {
          panels.addTransposedProducts(panel, rows: rows, points: points, vectors: vectors, to: $0)
        }
      }
      for point in 0..<points {
        let margins = (0..<rows).map { row in
          (0..<columns).reduce(0) {
            $0 + number(panel, row, $1) * Double(coefficients[point * columns + $1])
          }
        }
        for row in 0..<rows {
          #expect((Double(vectors[point * capacity + row]) - margins[row]).magnitude < 1e-5 * Double(columns))
        }
        for column in 0..<columns {
          let terms = (0..<rows).map { number(panel, $0, column) * margins[$0] }
          let size = terms.reduce(1) { $0 + $1.magnitude }
          #expect(
            (products[point * columns + column] - terms.reduce(0.25, +)).magnitude < 3e-6 * size)
        }
      }
    }
  }
}
