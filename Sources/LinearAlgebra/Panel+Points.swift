internal import COpenBLAS
internal import CVectorLoops

/// Products with several vectors at once, which read the panel once for all of them.
extension Panel {
  /// margins = X·coefficients over the first `rows` rows, for several vectors of coefficients.
  ///
  /// - Parameters:
  ///   - coefficients: columns × points, one vector after the other.
  ///   - margins: capacity × points, one vector after the other, each `capacity` apart.
  /// - Complexity: O(rows × columns × points)
  public func multiply(
    rows: Int, points: Int, coefficients: UnsafeBufferPointer<Double>,
    into margins: UnsafeMutableBufferPointer<Double>
  ) {
    check(rows: rows)
    precondition(
      coefficients.count == columns * points && margins.count >= capacity * points, "shapes do not fit")
    if Self.hasOwnKernel, capacity.isMultiple(of: Int(margin_rows)) {
      point_margins(
        base, stride, columns, rows, coefficients.baseAddress, points, margins.baseAddress, capacity)
      return
    }
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(points), blasint(columns), 1, base,
      blasint(stride), coefficients.baseAddress, blasint(columns), 0, margins.baseAddress, blasint(capacity))
  }

  /// gradients += Xᵀ·residuals over the first `rows` rows, for several vectors of residuals.
  ///
  /// - Parameters:
  ///   - residuals: capacity × points, one vector after the other, each `capacity` apart.
  ///   - gradients: columns × points, one vector after the other.
  /// - Complexity: O(rows × columns × points)
  public func addTransposedProducts(
    rows: Int, points: Int, residuals: UnsafeBufferPointer<Double>,
    to gradients: UnsafeMutableBufferPointer<Double>
  ) {
    check(rows: rows)
    precondition(
      residuals.count >= capacity * points && gradients.count == columns * points, "shapes do not fit")
    if Self.hasOwnKernel, columns >= Int(product_columns) {
      transposed_products(
        base, stride, columns, rows, residuals.baseAddress, capacity, points, gradients.baseAddress)
      return
    }
    cblas_dgemm(
      CblasColMajor, CblasTrans, CblasNoTrans, blasint(columns), blasint(points), blasint(rows), 1, base,
      blasint(stride), residuals.baseAddress, blasint(capacity), 1, gradients.baseAddress, blasint(columns))
  }
}
