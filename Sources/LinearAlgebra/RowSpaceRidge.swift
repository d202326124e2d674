internal import COpenBLAS

/// The inverse of ZᵀZ + Λ with a diagonal Λ where Z has fewer rows than columns.
///
/// With U = Z·Λ^(−½) it is Λ^(−½)·(I − Uᵀ(I + UUᵀ)⁻¹U)·Λ^(−½) (Woodbury's identity), so that only a matrix of the order of
/// the rows is factorised.
public struct RowSpaceRidge: Sendable {
  /// One a column: the square root of the inverse penalty.
  private let scales: [Double]
  /// L⁻¹·U with L·Lᵀ = I + UUᵀ.
  private let whitened: Matrix

  /// - Parameters:
  ///   - matrix: Z.
  ///   - penalties: the diagonal of Λ, greater than 0, one a column.
  /// - Throws: `LinearAlgebraError` when an element is not finite.
  /// - Complexity: O(rows² × columns)
  public init(
    _ matrix: consuming Matrix, penalties: [Double], parallel: Parallel
  ) throws(LinearAlgebraError) {
    precondition(penalties.count == matrix.columns, "there must be one penalty for each column")
    let scales = penalties.map { 1 / $0.squareRoot() }
    var scaled = matrix
    let (rows, columns) = (scaled.rows, scaled.columns)
    scaled.withUnsafeMutableElements { elements in
      for row in 0..<rows {
        for column in 0..<columns { elements[row * columns + column] *= scales[column] }
      }
    }
    let factor = try TiledCholesky(Self.onePlusSquare(scaled, parallel), parallel: parallel)
    factor.solveLower(&scaled)
    self.scales = scales
    whitened = scaled
  }

  /// I + UUᵀ, of which the lower triangle is set.
  private static func onePlusSquare(_ matrix: Matrix, _ parallel: Parallel) -> Matrix {
    let (rows, columns) = (matrix.rows, matrix.columns)
    let height = TiledCholesky.tile
    let tiles = Parallel.blockCount(count: rows, blockSize: height)
    BLAS.prepare()
    return Matrix(rows: rows, columns: rows) { elements in
      elements.update(repeating: 0)
      matrix.withUnsafeElements { source in
        guard let square = elements.baseAddress, let factor = source.baseAddress else { return }
        nonisolated(unsafe) let (result, tall) = (square, factor)
        // The widest rows of tiles first, so that none of them is left for the end.
        parallel.forEachBlock(count: tiles, blockSize: 1) { block in
          let start = (tiles - 1 - block.index) * height
          let end = min(start + height, rows)
          cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, blasint(end - start), blasint(end), blasint(columns), 1,
            tall + start * columns, blasint(columns), tall, blasint(columns), 0, result + start * rows,
            blasint(rows))
        }
      }
      for row in 0..<rows { elements[row * rows + row] += 1 }
    }
  }

  /// The solution x of (ZᵀZ + Λ)·x = b.
  ///
  /// - Complexity: O(rows × columns)
  public func solve(_ rightSide: [Double]) -> [Double] {
    precondition(rightSide.count == scales.count, "the right side must have one element for each column")
    let scaled = zip(rightSide, scales).map { $0 * $1 }
    let (rows, columns) = (whitened.rows, whitened.columns)
    var inRows = [Double](repeating: 0, count: rows)
    var solution = scaled
    BLAS.prepare()
    whitened.withUnsafeElements { elements in
      cblas_dgemv(
        CblasRowMajor, CblasNoTrans, blasint(rows), blasint(columns), 1, elements.baseAddress,
        blasint(columns), scaled, 1, 0, &inRows, 1)
      cblas_dgemv(
        CblasRowMajor, CblasTrans, blasint(rows), blasint(columns), -1, elements.baseAddress,
        blasint(columns), inRows, 1, 1, &solution, 1)
    }
    return zip(solution, scales).map { $0 * $1 }
  }

  /// The diagonal of (ZᵀZ + Λ)⁻¹.
  ///
  /// - Complexity: O(rows × columns)
  public func inverseDiagonal() -> [Double] {
    let columns = whitened.columns
    var squares = [Double](repeating: 0, count: columns)
    whitened.withUnsafeElements { elements in
      for row in 0..<whitened.rows {
        for column in 0..<columns {
          squares[column] += elements[row * columns + column] * elements[row * columns + column]
        }
      }
    }
    return zip(squares, scales).map { max(1 - $0, 0) * $1 * $1 }
  }
}
