internal import CLAPACKE

/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix (LAPACK's dsyev).
public struct SymmetricEigenvectors: Sendable {
  /// Descending.
  public let values: [Double]
  /// Row k is the eigenvector of `values[k]`.
  public let vectors: Matrix

  private static let columnMajor = Int32(102)
  private static let withVectors = CChar(UInt8(ascii: "V"))
  private static let lower = CChar(UInt8(ascii: "L"))

  /// - Throws: `LinearAlgebraError` when an element is not finite, or the iteration does not converge.
  /// - Complexity: O(order³)
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.rows == matrix.columns, "only square matrices have eigenvectors")
    let order = matrix.rows
    BLAS.prepare()
    var vectors = matrix.withUnsafeElements { Array($0) }
    guard vectors.allSatisfy(\.isFinite) else { throw LinearAlgebraError(.notFinite) }
    var values = [Double](repeating: 0, count: order)
    if order > 0 {
      let size = Int32(order)
      let info = LAPACKE_dsyev(
        Self.columnMajor, Self.withVectors, Self.lower, size, &vectors, size, &values)
      guard info == 0 else { throw LinearAlgebraError(.notFinite) }
    }
    self.values = values.reversed()
    self.vectors = Matrix(rows: order, columns: order) { elements in
      for vector in 0..<order {
        for index in 0..<order {
          elements[vector * order + index] = vectors[(order - 1 - vector) * order + index]
        }
      }
    }
  }
}
