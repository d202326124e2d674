internal import COpenBLAS

extension Panel {
  /// leverages[i] = xᵢᵀ·A⁻¹·xᵢ over the first `rows` rows xᵢ, with A given by its Cholesky factor L: the squared lengths
  /// of the rows of X·L⁻ᵀ.
  ///
  /// - Parameters:
  ///   - factor: of a matrix of order `columns`.
  ///   - leverages: at least `rows` elements.
  /// - Complexity: O(rows × columns²)
  public func leverages(
    rows: Int, factor: Cholesky, into leverages: UnsafeMutableBufferPointer<Double>
  ) {
    check(rows: rows)
    precondition(factor.order == columns && leverages.count >= rows, "shapes do not fit")
    guard let base, let solved = scaled.elements.baseAddress else { return }
    for column in 0..<columns {
      (solved + column * stride).update(from: base + column * stride, count: rows)
    }
    cblas_dtrsm(
      CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(rows), blasint(columns), 1,
      factor.factor, blasint(columns), solved, blasint(stride))
    for row in 0..<rows { leverages[row] = 0 }
    for column in 0..<columns {
      let source = solved + column * stride
      for row in 0..<rows { leverages[row] += source[row] * source[row] }
    }
  }
}
