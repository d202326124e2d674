import LinearAlgebra
import Testing

@Suite("The Cholesky factorisation in tiles")
struct TiledCholeskyTests {
  /// A positive definite matrix with entries of every size.
  private static func matrix(_ order: Int) -> Matrix {
    func entry(_ row: Int, _ column: Int) -> Double {
      let mixed = (row * 31 + column * 17 + row * column) % 23
      return Double(mixed - 11) / 11
    }
    return Matrix(rows: order, columns: order) { elements in
      for row in 0..<order {
        for column in 0..<order {
          var sum = row == column ? Double(order) : 0
          for index in 0..<order { sum += entry(row, index) * entry(column, index) }
          elements[row * order + column] = sum
        }
      }
    }
  }

  @Test("solutions and the inverse's diagonal are LAPACK's", arguments: [1, 2, 95, 96, 97, 250])
  func agrees(order: Int) throws {
    let matrix = Self.matrix(order)
    let plain = try Cholesky(matrix)
    let tiled = try TiledCholesky(matrix, parallel: Parallel(threads: 2))
    let rightSide = (0..<order).map { Double($0 % 7) - 3 }
    for (one, other) in zip(plain.solve(rightSide), tiled.solve(rightSide)) {
      #expect((one - other).magnitude < 1e-12)
    }
    for (one, other) in zip(plain.inverseDiagonal(), tiled.inverseDiagonal()) {
      #expect((one / other - 1).magnitude < 1e-11)
    }
  }

  @Test("every number of threads gives the same bits")
  func threads() throws {
    let matrix = Self.matrix(230)
    let results = try [1, 2, 3, 8].map { threads in
      let factor = try TiledCholesky(matrix, parallel: Parallel(threads: threads))
      return factor.solve((0..<230).map(Double.init)) + factor.inverseDiagonal()
    }
    #expect(Set(results).count == 1)
  }

  @Test("what is not positive definite is named by its column, what is not finite as such")
  func errors() {
    for (value, code) in [
      (-1.0, LinearAlgebraError.Code.notPositiveDefinite(order: 111)), (.infinity, .notFinite),
    ] {
      var changed = Self.matrix(120)
      changed[110, 110] = value
      let matrix = changed
      #expect(throws: LinearAlgebraError(code)) { try TiledCholesky(matrix, parallel: Parallel(threads: 2)) }
    }
  }
}

@Suite("Eigenvectors of a symmetric matrix")
struct SymmetricEigenvectorsTests {
  @Test("are orthonormal, come with descending eigenvalues, and the matrix only stretches them")
  func definition() throws {
    let order = 12
    let matrix = Matrix(rows: order, columns: order) { elements in
      for row in 0..<order {
        for column in 0..<order { elements[row * order + column] = Double((row * column + row + column) % 7) }
      }
    }
    let found = try SymmetricEigenvectors(matrix)
    #expect(zip(found.values, found.values.dropFirst()).allSatisfy { $0 >= $1 })
    for first in 0..<order {
      for second in 0..<order {
        let product: Double = (0..<order).reduce(0) {
          $0 + found.vectors[first, $1] * found.vectors[second, $1]
        }
        #expect((product - (first == second ? 1 : 0)).magnitude < 1e-12)
        let image: Double = (0..<order).reduce(0) { $0 + matrix[second, $1] * found.vectors[first, $1] }
        #expect((image - found.values[first] * found.vectors[first, second]).magnitude < 1e-11)
      }
    }
    var changed = matrix
    changed[3, 3] = .nan
    let broken = changed
    #expect(throws: LinearAlgebraError(.notFinite)) { try SymmetricEigenvectors(broken) }
  }
}
