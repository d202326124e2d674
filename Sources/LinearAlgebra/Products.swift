internal import COpenBLAS

/// Products of dense row-major matrices in memory that the caller owns.
package enum Products {
  /// C = op(A)·B, with op(A) rows × inner and B inner × columns, all without gaps between rows.
  ///
  /// - Parameters:
  ///   - transposesFirst: whether A lies in memory as inner × rows.
  ///   - result: rows × columns; overwritten, must not overlap the factors.
  /// - Complexity: O(rows × inner × columns)
  package static func multiply(
    rows: Int, inner: Int, columns: Int, _ first: UnsafePointer<Double>, transposesFirst: Bool = false,
    _ second: UnsafePointer<Double>, transposesSecond: Bool = false, into result: UnsafeMutablePointer<Double>
  ) {
    BLAS.prepare()
    cblas_dgemm(
      CblasRowMajor, transposesFirst ? CblasTrans : CblasNoTrans,
      transposesSecond ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1, first,
      blasint(transposesFirst ? rows : inner), second, blasint(transposesSecond ? inner : columns), 0, result,
      blasint(columns))
  }

  /// C += Aᵀ·B for columns of taller matrices: A inner × rows and B inner × columns, the next row of all three `stride`,
  /// `resultStride` elements on.
  ///
  /// - Complexity: O(rows × inner × columns)
  package static func addTransposed(
    rows: Int, inner: Int, columns: Int, _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>,
    stride: Int, to result: UnsafeMutablePointer<Double>, resultStride: Int
  ) {
    BLAS.prepare()
    cblas_dgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1, first,
      blasint(stride), second, blasint(stride), 1, result, blasint(resultStride))
  }

  /// The same for factors in single precision: products and their sums over `inner` are single, C is double.
  ///
  /// - Complexity: O(rows × inner × columns)
  package static func addTransposed(
    rows: Int, inner: Int, columns: Int, _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>,
    stride: Int, to result: UnsafeMutablePointer<Double>, resultStride: Int
  ) {
    BLAS.prepare()
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * columns) { scratch in
      guard let sums = scratch.baseAddress else { return }
      cblas_sgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1, first,
        blasint(stride), second, blasint(stride), 0, sums, blasint(columns))
      for row in 0..<rows {
        let (line, own) = (result + row * resultStride, sums + row * columns)
        for column in 0..<columns { line[column] += Double(own[column]) }
      }
    }
  }
}
