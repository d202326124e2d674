import Testing

@testable import LinearAlgebra

@Suite("Cholesky factorisation")
struct CholeskyTests {
  private let matrix = Matrix([[4, 2, 0.5], [2, 5, 1], [0.5, 1, 3]])

  @Test("solves and inverts")
  func solves() throws {
    let factor = try Cholesky(matrix)
    let solution = factor.solve([1, 2, 3])
    let inverse = factor.inverse()
    for (row, right) in [1.0, 2, 3].enumerated() {
      let product = (0..<3).reduce(0) { $0 + matrix[row, $1] * solution[$1] }
      #expect((product - right).magnitude < 1e-14)
      for column in 0..<3 {
        let element = (0..<3).reduce(0) { $0 + matrix[row, $1] * inverse[$1, column] }
        #expect((element - (row == column ? 1 : 0)).magnitude < 1e-14)
        #expect(inverse[row, column] == inverse[column, row])
      }
    }
  }

  @Test("a matrix that is not positive definite is refused with the column that makes it so")
  func notDefinite() {
    #expect(throws: LinearAlgebraError(.notPositiveDefinite(order: 2))) {
      try Cholesky(Matrix([[1, 2], [2, 1]]))
    }
    #expect(throws: LinearAlgebraError(.notFinite)) { try Cholesky(Matrix([[.nan]])) }
  }

  @Test("the condition estimate tells well from badly conditioned")
  func condition() throws {
    #expect(try Cholesky(Matrix([[1, 0], [0, 1]])).reciprocalCondition == 1)
    let bad = try Cholesky(Matrix([[1, 0], [0, 1e-12]])).reciprocalCondition
    #expect((bad / 1e-12 - 1).magnitude < 1e-6)
  }
}

@Suite("Panel products")
struct PanelTests {
  @Test("margins, gradient and weighted Gram equal the plain sums", arguments: [1, 7, 64, 100])
  func products(rows: Int) {
    let columns = 19
    let panel = Panel(capacity: 100, columns: columns)
    let value = { (row: Int, column: Int) in Double((row * 31 + column * 17) % 23) - 11 + Double(column) / 8 }
    for column in 0..<columns {
      for row in 0..<rows { panel.column(column)[row] = value(row, column) }
    }
    let coefficients = (0..<columns).map { Double($0 % 5) - 2 }
    let weights = (0..<rows).map { Double($0 % 4) / 4 }
    var margins = [Double](repeating: .nan, count: rows)
    var gradient = [Double](repeating: 1, count: columns)
    var gram = [Double](repeating: 1, count: columns * columns)
    coefficients.withUnsafeBufferPointer { coefficients in
      margins.withUnsafeMutableBufferPointer {
        panel.multiply(rows: rows, coefficients: coefficients, into: $0)
      }
    }
    weights.withUnsafeBufferPointer { weights in
      gradient.withUnsafeMutableBufferPointer {
        panel.addTransposedProduct(rows: rows, residuals: weights, to: $0)
      }
      // Twice, to see that it adds.
      gram.withUnsafeMutableBufferPointer {
        panel.addWeightedGram(rows: rows, weights: weights, to: $0)
        panel.addWeightedGram(rows: rows, weights: weights, to: $0)
      }
    }
    for row in 0..<rows {
      let expected = (0..<columns).reduce(0) { $0 + value(row, $1) * coefficients[$1] }
      #expect((margins[row] - expected).magnitude < 1e-10)
    }
    for column in 0..<columns {
      let expected = (0..<rows).reduce(1.0) { $0 + value($1, column) * weights[$1] }
      #expect((gradient[column] - expected).magnitude < 1e-9)
      for other in 0...column {
        let sum = (0..<rows).reduce(0.0) { $0 + value($1, column) * value($1, other) * weights[$1] }
        #expect((gram[column * columns + other] - 1 - 2 * sum).magnitude < 1e-8)
      }
    }
  }
}
