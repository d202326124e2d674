internal import CLAPACKE
internal import COpenBLAS

/// The Cholesky factorisation A = L·Lᵀ on several threads, for matrices of some hundred rows and more.
///
/// The matrix is cut into square tiles whose size does not depend on the number of threads, and each step on a tile is one
/// call of BLAS on one thread: the result has the same bits for any number of threads.
public struct TiledCholesky: Sendable {
  /// Order of the matrix.
  public let order: Int
  private let parallel: Parallel
  /// L, row-major; what is above its diagonal is left over from A.
  private let factor: Matrix

  static let tile = 96
  /// Columns of a right side that are solved at a time.
  private static let solvedColumns = 256

  /// Factorises a symmetric matrix, of which the lower triangle is read.
  ///
  /// - Throws: `LinearAlgebraError` when the matrix is not positive definite or not finite.
  /// - Complexity: O(order³)
  public init(_ matrix: consuming Matrix, parallel: Parallel) throws(LinearAlgebraError) {
    precondition(matrix.rows == matrix.columns, "only square matrices have a Cholesky factorisation")
    let order = matrix.rows
    BLAS.prepare()
    var factor = matrix
    let failed = factor.withUnsafeMutableElements { elements in
      elements.baseAddress.map { Self.factorise($0, order: order, parallel: parallel) } ?? 0
    }
    guard failed == 0 else {
      throw LinearAlgebraError(failed < 0 ? .notFinite : .notPositiveDefinite(order: failed))
    }
    self.order = order
    self.parallel = parallel
    self.factor = factor
  }

  /// - Returns: 0, or the order of the first leading minor that is not positive, or -1 for a value that is not finite.
  private static func factorise(
    _ elements: UnsafeMutablePointer<Double>, order: Int, parallel: Parallel
  ) -> Int {
    let stride = blasint(order)
    for row in 0..<order {
      for column in 0...row where !elements[row * order + column].isFinite { return -1 }
    }
    @Sendable func place(_ row: Int, _ column: Int) -> Int { row * tile * order + column * tile }
    @Sendable func size(_ index: Int) -> Int { min(tile, order - index * tile) }
    let tiles = Parallel.blockCount(count: order, blockSize: tile)
    nonisolated(unsafe) let elements = elements
    for pivot in 0..<tiles {
      // Row-major lower is column-major upper.
      let info = LAPACKE_dpotrf_work(
        102, CChar(UInt8(ascii: "U")), Int32(size(pivot)), elements + place(pivot, pivot), Int32(order))
      guard info == 0 else { return pivot * tile + Int(info) }
      let below = tiles - pivot - 1
      parallel.forEachBlock(count: below, blockSize: 1) { block in
        let row = pivot + 1 + block.index
        cblas_dtrsm(
          CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, blasint(size(row)),
          blasint(size(pivot)), 1, elements + place(pivot, pivot), stride, elements + place(row, pivot),
          stride)
      }
      let pairs = (0..<below).flatMap { row in (0...row).map { (pivot + 1 + row, pivot + 1 + $0) } }
      parallel.forEachBlock(count: pairs.count, blockSize: 1) { block in
        let (row, column) = pairs[block.index]
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, blasint(size(row)), blasint(size(column)),
          blasint(size(pivot)), -1, elements + place(row, pivot), stride, elements + place(column, pivot),
          stride,
          1, elements + place(row, column), stride)
      }
    }
    return 0
  }

  /// The solution x of A·x = b.
  ///
  /// - Complexity: O(order²)
  public func solve(_ rightSide: [Double]) -> [Double] {
    precondition(rightSide.count == order, "the right side must have as many elements as the matrix has rows")
    var solution = rightSide
    factor.withUnsafeElements { elements in
      for transposition in [CblasNoTrans, CblasTrans] {
        cblas_dtrsv(
          CblasRowMajor, CblasLower, transposition, CblasNonUnit, blasint(order), elements.baseAddress,
          blasint(order), &solution, 1)
      }
    }
    return solution
  }

  /// Replaces B by L⁻¹·B.
  ///
  /// - Complexity: O(order² × columns)
  func solveLower(_ rightSides: inout Matrix) {
    precondition(rightSides.rows == order, "the right sides must have as many rows as the matrix")
    let columns = rightSides.columns
    rightSides.withUnsafeMutableElements { elements in
      factor.withUnsafeElements { lower in
        guard let right = elements.baseAddress, let left = lower.baseAddress else { return }
        nonisolated(unsafe) let (triangle, target) = (left, right)
        parallel.forEachBlock(count: columns, blockSize: Self.solvedColumns) { block in
          cblas_dtrsm(
            CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, blasint(order),
            blasint(block.range.count), 1, triangle, blasint(order), target + block.range.lowerBound,
            blasint(columns))
        }
      }
    }
  }

  /// The diagonal of A⁻¹: sums of squares of the columns of L⁻¹, which is found column by column of tiles.
  ///
  /// - Complexity: O(order³)
  public func inverseDiagonal() -> [Double] {
    var result = [Double](repeating: 0, count: order)
    let tiles = Parallel.blockCount(count: order, blockSize: Self.tile)
    result.withUnsafeMutableBufferPointer { result in
      factor.withUnsafeElements { elements in
        guard let lower = elements.baseAddress else { return }
        nonisolated(unsafe) let (result, base) = (result, lower)
        parallel.forEachBlock(count: tiles, blockSize: 1) { block in
          inverseColumns(block.index, base, into: result)
        }
      }
    }
    return result
  }

  private func inverseColumns(
    _ tile: Int, _ base: UnsafePointer<Double>, into result: UnsafeMutableBufferPointer<Double>
  ) {
    let start = tile * Self.tile
    let width = min(Self.tile, order - start)
    let stride = blasint(order)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: (order - start) * width) { memory in
      guard let columns = memory.baseAddress else { return }
      columns.update(repeating: 0, count: (order - start) * width)
      for index in 0..<width { columns[index * width + index] = 1 }
      for top in Swift.stride(from: start, to: order, by: Self.tile) {
        let height = min(Self.tile, order - top)
        let own = columns + (top - start) * width
        if top > start {
          cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(height), blasint(width), blasint(top - start),
            -1,
            base + top * order + start, stride, columns, blasint(width), 0, own, blasint(width))
        }
        cblas_dtrsm(
          CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, blasint(height), blasint(width),
          1,
          base + top * order + top, stride, own, blasint(width))
      }
      for row in 0..<order - start {
        for column in 0..<width {
          result[start + column] += columns[row * width + column] * columns[row * width + column]
        }
      }
    }
  }
}
