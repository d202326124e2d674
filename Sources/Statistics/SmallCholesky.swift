/// The Cholesky factorisation of a symmetric positive definite matrix of a few rows.
struct SmallCholesky {
  private let order: Int
  /// The lower factor, row by row; what is above its diagonal is zero.
  private var factor: [Double]

  /// Nil when a pivot is not above `leastPivot` times its diagonal element: the matrix is singular up to rounding.
  ///
  /// - Parameter matrix: row by row.
  /// - Complexity: O(order³)
  init?(_ matrix: [Double], leastPivot: Double) {
    order = Int(Double(matrix.count).squareRoot())
    precondition(order * order == matrix.count, "only square matrices have a Cholesky factorisation")
    factor = Array(repeating: 0, count: matrix.count)
    for row in 0..<order {
      for column in 0...row {
        var rest = matrix[row * order + column]
        for k in 0..<column { rest -= factor[row * order + k] * factor[column * order + k] }
        if column < row {
          factor[row * order + column] = rest / factor[column * order + column]
        } else {
          guard rest > leastPivot * matrix[row * order + row], rest.isFinite else { return nil }
          factor[row * order + row] = rest.squareRoot()
        }
      }
    }
  }

  /// The solution x of A·x = b.
  ///
  /// - Complexity: O(order²)
  func solve(_ rightSide: [Double]) -> [Double] {
    var x = rightSide
    for row in 0..<order {
      for k in 0..<row { x[row] -= factor[row * order + k] * x[k] }
      x[row] /= factor[row * order + row]
    }
    for row in (0..<order).reversed() {
      for k in row + 1..<order { x[row] -= factor[k * order + row] * x[k] }
      x[row] /= factor[row * order + row]
    }
    return x
  }

  /// The inverse of A, row by row.
  ///
  /// - Complexity: O(order³)
  func inverse() -> [Double] {
    (0..<order).flatMap { row in solve((0..<order).map { $0 == row ? 1 : 0 }) }
  }
}
