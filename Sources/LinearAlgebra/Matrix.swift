/// A dense matrix of `Double` in row-major order, one contiguous block of memory with value semantics.
///
/// Copies share their storage until one of them is written to. Large matrices are mapped from the system directly,
/// so that their memory goes back to the system as soon as the last copy is dropped.
public struct Matrix: @unchecked Sendable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns; the distance between the starts of two rows.
  public let columns: Int
  private var storage: NumberStorage<Double>

  /// Number of elements.
  public var count: Int { rows * columns }

  /// A matrix whose elements all equal `value`.
  ///
  /// - Complexity: O(rows × columns)
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(rows: rows, columns: columns, uninitialised: { $0.update(repeating: value) })
  }

  /// A matrix made of `rows`, which must all be equally long.
  ///
  /// - Complexity: O(rows × columns)
  public init(_ rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    precondition(rows.allSatisfy { $0.count == columns }, "all rows of a matrix must be equally long")
    self.init(rows: rows.count, columns: columns) { elements in
      for (index, row) in rows.enumerated() {
        for (column, value) in row.enumerated() { elements[index * columns + column] = value }
      }
    }
  }

  /// A matrix written in place by `fill`, which must set all `rows × columns` elements (row-major).
  ///
  /// - Throws: what `fill` throws.
  public init<Failure: Error>(
    rows: Int, columns: Int, uninitialised fill: (UnsafeMutableBufferPointer<Double>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have a negative size")
    self.rows = rows
    self.columns = columns
    self.storage = NumberStorage(count: rows * columns)
    try fill(storage.elements)
  }

  /// A matrix written in place by several threads, each call of `fill` setting one block of rows completely.
  ///
  /// The blocks are disjoint, `rowsPerBlock` rows high (the last one may be lower) and the same for any number of
  /// threads; `fill` receives the rows' numbers and their elements (row-major).
  public init(
    rows: Int, columns: Int, rowsPerBlock: Int, parallel: Parallel = .standard,
    fill: @Sendable (Range<Int>, UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    self.init(rows: rows, columns: columns) { elements in
      nonisolated(unsafe) let elements = elements
      parallel.forEachBlock(count: rows, blockSize: rowsPerBlock) { block in
        let range = block.range.lowerBound * columns..<block.range.upperBound * columns
        fill(block.range, UnsafeMutableBufferPointer(rebasing: elements[range]))
      }
    }
  }

  /// The element at a row and a column.
  ///
  /// - Complexity: O(1); writing copies the matrix first when its storage is shared.
  public subscript(row: Int, column: Int) -> Double {
    get {
      checkIndex(row, column)
      return storage.elements[row * columns + column]
    }
    set {
      checkIndex(row, column)
      makeUnique()
      storage.elements[row * columns + column] = newValue
    }
  }

  /// Calls `body` with all elements, row-major, without copying.
  public func withUnsafeElements<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(storage.elements))
  }

  /// Calls `body` with all elements, row-major, for writing; copies first when the storage is shared.
  public mutating func withUnsafeMutableElements<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeUnique()
    return try body(storage.elements)
  }

  /// Calls `body` with the elements of some successive rows, row-major, without copying.
  public func withUnsafeRows<Result, Failure: Error>(
    _ range: Range<Int>, _ body: (UnsafeBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside of the matrix")
    let elements = storage.elements[range.lowerBound * columns..<range.upperBound * columns]
    return try body(UnsafeBufferPointer(rebasing: elements))
  }

  private func checkIndex(_ row: Int, _ column: Int) {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns, "row or column outside of the matrix")
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = NumberStorage(copying: storage) }
  }
}

extension Matrix: Equatable {
  /// Whether both have the same shape and equal elements (a NaN equals nothing, as in IEEE 754).
  public static func == (left: Matrix, right: Matrix) -> Bool {
    left.rows == right.rows && left.columns == right.columns
      && left.storage.elements.elementsEqual(right.storage.elements)
  }
}
