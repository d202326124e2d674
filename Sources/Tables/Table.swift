public import Histories
public import LinearAlgebra

/// Columns of a table in memory: numbers as they are, texts as codes into a dictionary of each column.
public struct Table: Sendable {
  /// One column that was read.
  public struct Column: Sendable {
    public let name: String
    /// The type in the file.
    public let source: SourceColumn.ValueType
    /// Its distinct texts by code, for columns that were read as text.
    public let dictionary: TextDictionary?
    /// Whether values are days since 1970-01-01, moments with their part of a day.
    public let isDay: Bool
  }

  public let rows: Int
  public let columns: [Column]
  /// Successive rows, each matrix columns × `rowsPerBlock`: one column after the other.
  let blocks: [Matrix]
  /// Rows of the file before the first one here.
  public let rowsBefore: Int

  public static let rowsPerBlock = 1 << 16

  /// Where a column stands.
  public func index(of name: String) -> Int? {
    columns.firstIndex { $0.name == name }
  }

  /// Calls `body` with the values of one column for successive rows; a missing value is NaN, a text its code.
  public func forEachBlock(of column: Int, _ body: (Range<Int>, UnsafeBufferPointer<Double>) -> Void) {
    for block in blocks.indices {
      let range = range(block)
      blocks[block].withUnsafeRows(column..<column + 1) { values in
        body(range, UnsafeBufferPointer(rebasing: values[..<range.count]))
      }
    }
  }

  /// All values of one column; a missing value is NaN, a text its code.
  public func values(of column: Int) -> [Double] {
    [Double](unsafeUninitializedCapacity: rows) { buffer, count in
      forEachBlock(of: column) { range, values in
        _ = UnsafeMutableBufferPointer(rebasing: buffer[range]).update(fromContentsOf: values)
      }
      count = rows
    }
  }

  private func range(_ block: Int) -> Range<Int> {
    block * Self.rowsPerBlock..<min((block + 1) * Self.rowsPerBlock, rows)
  }

  // MARK: Rows

  /// Rows that are turned from columns to rows together: few enough for the nearest cache.
  private static let tileRows = 64

  /// The columns' values row by row, as they are read.
  ///
  /// - Returns: rows × readings.
  /// - Complexity: O(rows × readings), on all threads.
  public func matrix(_ readings: [ColumnReading], parallel: Parallel = .standard) -> Matrix {
    Matrix(rows: rows, columns: readings.count, rowsPerBlock: Self.rowsPerBlock, parallel: parallel) {
      range, target in
      let count = readings.count
      blocks[range.lowerBound / Self.rowsPerBlock].withUnsafeElements { source in
        for first in stride(from: 0, to: range.count, by: Self.tileRows) {
          let tile = first..<min(first + Self.tileRows, range.count)
          for (position, reading) in readings.enumerated() {
            let start = reading.column * Self.rowsPerBlock
            reading.write(
              UnsafeBufferPointer(rebasing: source[start + tile.lowerBound..<start + tile.upperBound]),
              to: UnsafeMutableBufferPointer(rebasing: target[(tile.lowerBound * count + position)...]),
              stride: count)
          }
        }
      }
    }
  }
}
