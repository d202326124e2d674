internal import CLAPACKE
internal import Foundation

/// The Cholesky factorisation A = L·Lᵀ of a symmetric positive definite matrix (LAPACK's dpotrf and companions).
public struct Cholesky: Sendable {
  /// Order of the matrix.
  public let order: Int
  /// Estimate of 1 / (‖A‖₁·‖A⁻¹‖₁): near 1 is well, near 1e-16 is hopelessly conditioned.
  public let reciprocalCondition: Double
  /// The lower factor in column-major order; what is above its diagonal is left over from A.
  let factor: [Double]

  private static let columnMajor = Int32(102)
  private static let lower = CChar(UInt8(ascii: "L"))
  private static let nonUnit = CChar(UInt8(ascii: "N"))
  private static let oneNorm = CChar(UInt8(ascii: "1"))

  /// Factorises a symmetric matrix, of which the lower triangle is read.
  ///
  /// - Throws: `LinearAlgebraError` when the matrix is not positive definite or not finite.
  /// - Complexity: O(order³)
  public init(_ matrix: Matrix) throws(LinearAlgebraError) {
    precondition(matrix.rows == matrix.columns, "only square matrices have a Cholesky factorisation")
    let order = matrix.rows
    BLAS.prepare()
    // Row-major lower is column-major upper; copied to column-major lower for the names to stay plain.
    var factor = [Double](repeating: 0, count: order * order)
    var columnSums = [Double](repeating: 0, count: order)
    for row in 0..<order {
      for column in 0...row {
        let value = matrix[row, column]
        guard value.isFinite else { throw LinearAlgebraError(.notFinite) }
        factor[column * order + row] = value
        columnSums[column] += value.magnitude
        if row != column { columnSums[row] += value.magnitude }
      }
    }
    let size = Int32(order)
    guard order > 0 else {
      (self.order, self.reciprocalCondition, self.factor) = (0, 1, [])
      return
    }
    let info = LAPACKE_dpotrf(Self.columnMajor, Self.lower, size, &factor, size)
    guard info == 0 else { throw LinearAlgebraError(.notPositiveDefinite(order: Int(info))) }
    var reciprocal = 0.0
    LAPACKE_dpocon(Self.columnMajor, Self.lower, size, factor, size, columnSums.max() ?? 0, &reciprocal)
    self.order = order
    self.reciprocalCondition = reciprocal
    self.factor = factor
  }

  /// The solution x of A·x = b.
  ///
  /// - Complexity: O(order²)
  public func solve(_ rightSide: [Double]) -> [Double] {
    precondition(rightSide.count == order, "the right side must have as many elements as the matrix has rows")
    guard order > 0 else { return [] }
    let size = Int32(order)
    var solution = rightSide
    LAPACKE_dpotrs(Self.columnMajor, Self.lower, size, 1, factor, size, &solution, size)
    return solution
  }

  /// The inverse of A, exactly symmetric.
  ///
  /// - Complexity: O(order³)
  public func inverse() -> Matrix {
    guard order > 0 else { return Matrix(rows: 0, columns: 0) }
    let size = Int32(order)
    var inverse = factor
    LAPACKE_dpotri(Self.columnMajor, Self.lower, size, &inverse, size)
    return Matrix(rows: order, columns: order) { elements in
      for row in 0..<order {
        for column in 0..<order {
          elements[row * order + column] = inverse[min(row, column) * order + max(row, column)]
        }
      }
    }
  }

  /// L⁻¹, row-major, zeros above the diagonal: A⁻¹ = L⁻ᵀ·L⁻¹, so that the sum of the squares in column j is (A⁻¹)ⱼⱼ.
  ///
  /// - Complexity: O(order³), half of what `inverse()` takes.
  public func inverseFactor() -> Matrix {
    guard order > 0 else { return Matrix(rows: 0, columns: 0) }
    let size = Int32(order)
    var inverse = factor
    LAPACKE_dtrtri(Self.columnMajor, Self.lower, Self.nonUnit, size, &inverse, size)
    return Matrix(rows: order, columns: order) { elements in
      for row in 0..<order {
        for column in 0..<order {
          elements[row * order + column] = column <= row ? inverse[column * order + row] : 0
        }
      }
    }
  }

  /// The diagonal of A⁻¹.
  ///
  /// - Complexity: O(order³), half of what `inverse()` takes.
  public func inverseDiagonal() -> [Double] {
    guard order > 0 else { return [] }
    let size = Int32(order)
    var inverse = factor
    LAPACKE_dtrtri(Self.columnMajor, Self.lower, Self.nonUnit, size, &inverse, size)
    return (0..<order).map { column in
      var sum = 0.0
      for index in column * order + column..<(column + 1) * order { sum += inverse[index] * inverse[index] }
      return sum
    }
  }

  /// log det A.
  ///
  /// - Complexity: O(order)
  public var logDeterminant: Double {
    (0..<order).reduce(0) { $0 + 2 * log(factor[$1 * order + $1]) }
  }
}
