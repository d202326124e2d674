internal import CVectorLoops
public import LinearAlgebra

/// The bins of every value of a table: one byte a value, each column contiguous.
public struct BinnedMatrix: Sendable {
  /// Number of rows.
  public let rows: Int
  /// How each column was cut; their number is that of the columns.
  public let bins: [ColumnBins]
  private let storage: Bytes

  /// Number of columns.
  public var columns: Int { bins.count }

  /// Bins of a row-major table.
  ///
  /// - Parameters:
  ///   - values: rows × columns, raw; NaN is missing.
  ///   - bins: one a column.
  /// - Complexity: O(rows × columns × log bins) on several threads; a byte of memory a value.
  public init(_ values: Matrix, bins: [ColumnBins], parallel: Parallel = .standard) {
    precondition(bins.count == values.columns, "every column needs its bins")
    self.init(rows: values.rows, bins: bins)
    let (rows, storage) = (rows, storage)
    values.withUnsafeElements { elements in
      nonisolated(unsafe) let elements = elements
      parallel.forEachBlock(count: rows, blockSize: Self.rowsPerBlock) { block in
        Self.fill(block.range, elements, bins, rows: rows, storage.elements)
      }
    }
  }

  /// Bins of columns that are contiguous already.
  ///
  /// - Parameters:
  ///   - columns: equally long; NaN is missing.
  ///   - bins: one a column.
  /// - Complexity: O(rows × columns × log bins) on several threads; a byte of memory a value.
  public init(columns: [[Double]], bins: [ColumnBins], parallel: Parallel = .standard) {
    let rows = columns.first?.count ?? 0
    precondition(bins.count == columns.count, "every column needs its bins")
    precondition(columns.allSatisfy { $0.count == rows }, "columns are equally long")
    self.init(rows: rows, bins: bins)
    let storage = storage
    parallel.forEachBlock(count: columns.count, blockSize: 1) { block in
      let target = storage.elements[block.index * rows..<(block.index + 1) * rows]
      columns[block.index].withUnsafeBufferPointer {
        bins[block.index].indices(of: $0, into: UnsafeMutableBufferPointer(rebasing: target))
      }
    }
  }

  private init(rows: Int, bins: [ColumnBins]) {
    self.rows = rows
    self.bins = bins
    storage = Bytes(count: rows * bins.count)
  }

  /// The bin of one value.
  ///
  /// - Complexity: O(1)
  public subscript(row: Int, column: Int) -> Int {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns, "row or column outside of the matrix")
    return Int(storage.elements[column * rows + row])
  }

  /// Calls `body` with the bins of one column, one a row, without copying.
  public func withUnsafeColumn<Result, Failure: Error>(
    _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(column >= 0 && column < columns, "column outside of the matrix")
    let elements = storage.elements[column * rows..<(column + 1) * rows]
    return try body(UnsafeBufferPointer(rebasing: elements))
  }

  /// Rows that one thread takes at a time.
  private static let rowsPerBlock = 16_384
  /// Rows of a tile: with eight columns it stays in the first level cache.
  private static let rowsPerTile = 256

  private static func fill(
    _ range: Range<Int>, _ elements: UnsafeBufferPointer<Double>, _ bins: [ColumnBins], rows: Int,
    _ target: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let source = elements.baseAddress else { return }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rowsPerTile * ColumnTile.columns) { tile in
      guard let tileBase = tile.baseAddress else { return }
      for start in stride(from: range.lowerBound, to: range.upperBound, by: rowsPerTile) {
        let count = min(rowsPerTile, range.upperBound - start)
        for first in stride(from: 0, to: bins.count, by: ColumnTile.columns) {
          let width = min(ColumnTile.columns, bins.count - first)
          vector_columns_of_rows(
            source + start * bins.count + first, bins.count, count, width, rowsPerTile, tileBase)
          for column in first..<first + width {
            let place = column * rows + start
            bins[column].indices(
              of: UnsafeBufferPointer(start: tileBase + (column - first) * rowsPerTile, count: count),
              into: UnsafeMutableBufferPointer(rebasing: target[place..<place + count]))
          }
        }
      }
    }
  }

  /// Uninitialised bytes that are given back with the last copy.
  private final class Bytes: @unchecked Sendable {
    let elements: UnsafeMutableBufferPointer<UInt8>

    init(count: Int) {
      elements = .allocate(capacity: count)
    }

    deinit { elements.deallocate() }
  }
}
