package import LinearAlgebra

/// The variance of a linear predictor x·β from that of its coefficients.
package enum MarginVariance {
  /// xᵀVx.
  ///
  /// - Parameters:
  ///   - row: values of the design columns, in the units of the coefficients (with a 1 for the intercept).
  ///   - covariance: V, columns × columns.
  /// - Complexity: O(columns²), without allocation.
  package static func variance(of row: UnsafeBufferPointer<Double>, covariance: Matrix) -> Double {
    precondition(
      covariance.rows == row.count && covariance.columns == row.count, "a variance a design column is needed")
    return covariance.withUnsafeElements { elements in
      var sum = 0.0
      for first in row.indices where row[first] != 0 {
        var inner = 0.0
        for second in row.indices { inner += elements[first * row.count + second] * row[second] }
        sum += row[first] * inner
      }
      return max(sum, 0)
    }
  }

  /// xᵀA⁻¹x / `totalWeight`, for a covariance that is the inverse of `totalWeight`·A, of which the Cholesky factor is
  /// known.
  ///
  /// - Parameters:
  ///   - row: values of the design columns, in the units of the coefficients (with a 1 for the intercept).
  ///   - information: factor of A, such as the Hessian of a mean objective.
  ///   - totalWeight: greater than 0.
  /// - Complexity: O(columns²)
  package static func variance(of row: [Double], information: Cholesky, totalWeight: Double) -> Double {
    precondition(information.order == row.count, "a row and column of the factor a design column is needed")
    return max(zip(row, information.solve(row)).reduce(0) { $0 + $1.0 * $1.1 }, 0) / totalWeight
  }
}
