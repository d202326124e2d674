import LinearAlgebra
import Testing

@Suite("Ridge by rows")
struct RowSpaceRidgeTests {
  /// Some matrix without structure, and penalties of very different size.
  private static func problem(rows: Int, columns: Int) -> (matrix: Matrix, penalties: [Double]) {
    let matrix = Matrix(rows: rows, columns: columns) { elements in
      for index in elements.indices { elements[index] = Double((index * 7919 + index / 3) % 101) / 50 - 1 }
    }
    return (matrix, (0..<columns).map { [1e-3, 1, 30, 1e6][$0 % 4] })
  }

  @Test("solves and inverts like the factor of the whole matrix", arguments: [(3, 8), (120, 310)])
  func solves(rows: Int, columns: Int) throws {
    let (matrix, penalties) = Self.problem(rows: rows, columns: columns)
    let whole = Matrix(rows: columns, columns: columns) { elements in
      for first in 0..<columns {
        for second in 0..<columns {
          elements[first * columns + second] =
            (0..<rows).reduce(first == second ? penalties[first] : 0) {
              $0 + matrix[$1, first] * matrix[$1, second]
            }
        }
      }
    }
    let plain = try Cholesky(whole)
    let ridge = try RowSpaceRidge(matrix, penalties: penalties, parallel: Parallel(threads: 2))
    let rightSide = (0..<columns).map { Double($0 % 5) - 1.5 }
    for (one, other) in zip(plain.solve(rightSide), ridge.solve(rightSide)) {
      #expect((one - other).magnitude < 1e-8 * max(1, one.magnitude))
    }
    let inverse = plain.inverse()
    for (column, own) in ridge.inverseDiagonal().enumerated() {
      #expect((own - inverse[column, column]).magnitude < 1e-9 * max(1, own))
    }
  }

  @Test("has the same bits for any number of threads")
  func threads() throws {
    let (matrix, penalties) = Self.problem(rows: 200, columns: 700)
    let results = try [1, 2, 5].map { threads in
      try RowSpaceRidge(matrix, penalties: penalties, parallel: Parallel(threads: threads)).inverseDiagonal()
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  @Test("numbers that are not finite are refused")
  func notFinite() {
    var (matrix, penalties) = Self.problem(rows: 3, columns: 8)
    matrix[1, 2] = .nan
    #expect(throws: LinearAlgebraError(.notFinite)) {
      try RowSpaceRidge(matrix, penalties: penalties, parallel: Parallel(threads: 2))
    }
  }
}
