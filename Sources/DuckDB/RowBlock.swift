import CDuckDB

/// A block of rows on its way into DuckDB, filled row by row or column by column.
///
/// To be filled by one thread at a time; a block that is full may be handed to another thread.
public final class RowBlock: @unchecked Sendable {
  /// Rows that a block holds at most: DuckDB's own number of rows a step.
  public static let capacity = 2048
  /// Rows whose validity stands in one word.
  public static let rowsPerWord = 64

  private let library: DuckDBLibrary
  private(set) var handle: cduckdb_chunk?
  private let vectors: [cduckdb_vector?]
  /// The number of rows that are complete; the next is being set.
  public private(set) var rowCount = 0
  @usableFromInline internal var buffers: [UnsafeMutableRawPointer] = []
  /// One bit a row, set where there is a value; `nil` as long as every row has one.
  @usableFromInline internal var validities: [UnsafeMutablePointer<UInt64>?] = []

  public var isFull: Bool { rowCount == Self.capacity }

  /// An empty block.
  public init(types: [ColumnType], library: DuckDBLibrary) {
    self.library = library
    let call = library.call
    precondition(call.vector_size() >= Self.capacity, "DuckDB's vectors hold a block")
    var logical: [cduckdb_type?] = types.map { call.create_logical_type($0.rawValue) }
    let chunk = call.create_data_chunk(&logical, cduckdb_idx(types.count))
    for index in logical.indices { call.destroy_logical_type(&logical[index]) }
    handle = chunk
    vectors = types.indices.map { call.data_chunk_get_vector(chunk, cduckdb_idx($0)) }
    takeBuffers()
  }

  deinit {
    library.call.destroy_data_chunk(&handle)
  }

  /// Makes the block empty, to be filled anew.
  func reset() {
    library.call.data_chunk_reset(handle)
    rowCount = 0
    takeBuffers()
  }

  private func takeBuffers() {
    buffers = vectors.map { library.call.vector_get_data($0)! }
    validities = Array(repeating: nil, count: vectors.count)
  }

  // MARK: Cells of the row that is being set

  @inlinable @inline(__always)
  public func setNull(_ column: Int) {
    let words = validities[column] ?? makeValidity(column)
    words[rowCount / Self.rowsPerWord] &= ~(1 << UInt64(rowCount % Self.rowsPerWord))
  }

  /// Sets a value of the column's own Swift type; `nil` is null.
  @inlinable @inline(__always)
  public func set<Value: BitwiseCopyable>(_ column: Int, _ value: Value?) {
    guard let value else { return setNull(column) }
    buffers[column].assumingMemoryBound(to: Value.self)[rowCount] = value
  }

  public func set(_ column: Int, text: String?) {
    guard var text else { return setNull(column) }
    text.withUTF8 { bytes in
      // A string is valid UTF-8: DuckDB need not check it again.
      bytes.withMemoryRebound(to: CChar.self) { characters in
        library.call.unsafe_vector_assign_string_element_len(
          vectors[column], cduckdb_idx(rowCount), characters.baseAddress, cduckdb_idx(characters.count))
      }
    }
  }

  public func set(_ column: Int, bytes: UnsafeRawBufferPointer) {
    bytes.withMemoryRebound(to: CChar.self) { characters in
      library.call.vector_assign_string_element_len(
        vectors[column], cduckdb_idx(rowCount), characters.baseAddress, cduckdb_idx(characters.count))
    }
  }

  /// Completes the row that was set.
  public func endRow() {
    precondition(!isFull, "a full block takes no row")
    rowCount += 1
  }

  // MARK: Columns

  /// Sets numbers of one column for up to `rowsPerWord` rows at once; NaN and infinities are null.
  ///
  /// - Parameters:
  ///   - first: the first of the rows, a multiple of `rowsPerWord`.
  ///   - values: the first row's number; that of the next row stands `stride` further.
  public func setNumbers(
    _ column: Int, first: Int, count: Int, from values: UnsafePointer<Double>, stride: Int
  ) {
    precondition(first % Self.rowsPerWord == 0 && count <= Self.rowsPerWord && first + count <= Self.capacity)
    let target = buffers[column].assumingMemoryBound(to: Double.self) + first
    var missing: UInt64 = 0
    for row in 0..<count {
      let value = values[row &* stride]
      target[row] = value
      missing |= (value.isFinite ? 0 : 1) << UInt64(truncatingIfNeeded: row)
    }
    guard missing != 0 else { return }
    let words = validities[column] ?? makeValidity(column)
    words[first / Self.rowsPerWord] &= ~missing
  }

  @usableFromInline
  func makeValidity(_ column: Int) -> UnsafeMutablePointer<UInt64> {
    library.call.vector_ensure_validity_writable(vectors[column])
    let words = library.call.vector_get_validity(vectors[column])!
    words.update(repeating: ~0, count: Self.capacity / Self.rowsPerWord)
    validities[column] = words
    return words
  }

  // MARK: Handing over

  /// The chunk with the number of its rows set.
  func close() -> cduckdb_chunk? {
    library.call.data_chunk_set_size(handle, cduckdb_idx(rowCount))
    return handle
  }

  /// Lets a chunk of the same types share this block's columns, without a copy.
  func share(with chunk: cduckdb_chunk?) {
    let call = library.call
    for index in vectors.indices {
      call.vector_reference_vector(call.data_chunk_get_vector(chunk, cduckdb_idx(index)), vectors[index])
    }
    call.data_chunk_set_size(chunk, cduckdb_idx(rowCount))
  }
}
