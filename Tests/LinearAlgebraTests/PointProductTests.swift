import LinearAlgebra
import Testing

@Suite("Products of a panel with several vectors")
struct PointProductTests {
  private func number(_ row: Int, _ column: Int) -> Double {
    Double((row &* 7919 &+ column &* 104_729 &+ row &* column) % 1009) / 503 - 0.9
  }

  @Test(
    "margins and transposed products are the plain sums, whatever the shape, and rows beyond the last take no part",
    arguments: [
      (1, 1, 1), (7, 5, 3), (16, 6, 4), (17, 7, 8), (100, 13, 9), (511, 24, 24), (512, 53, 17), (512, 2, 24),
    ])
  func products(rows: Int, columns: Int, points: Int) {
    let panel = Panel(columns: columns)
    for column in 0..<columns {
      for row in 0..<panel.capacity {
        panel.column(column)[row] = row < rows ? number(row, column) : .nan
      }
    }
    let coefficients = (0..<columns * points).map { Double($0 % 11) - 4.5 }
    var margins = [Double](repeating: 0, count: panel.capacity * points)
    let residuals = (0..<panel.capacity * points).map {
      $0 % panel.capacity < rows ? Double($0 % 13) / 7 - 1 : .nan
    }
    var gradients = [Double](repeating: 0.25, count: columns * points)
    coefficients.withUnsafeBufferPointer { coefficients in
      margins.withUnsafeMutableBufferPointer {
        panel.multiply(rows: rows, points: points, coefficients: coefficients, into: $0)
      }
    }
    residuals.withUnsafeBufferPointer { residuals in
      gradients.withUnsafeMutableBufferPointer {
        panel.addTransposedProducts(rows: rows, points: points, residuals: residuals, to: $0)
      }
    }
    for point in 0..<points {
      for row in 0..<rows {
        let expected = (0..<columns).reduce(0) { $0 + number(row, $1) * coefficients[point * columns + $1] }
        #expect((margins[point * panel.capacity + row] - expected).magnitude < 1e-11)
      }
      for column in 0..<columns {
        let expected = (0..<rows).reduce(0.25) {
          $0 + number($1, column) * residuals[point * panel.capacity + $1]
        }
        #expect((gradients[point * columns + column] - expected).magnitude < 1e-11)
      }
    }
  }
}
