import CDuckDB

/// A block of rows (2,048 at most), column by column, owned by the reader until it goes out of scope.
public struct Chunk: ~Copyable {
  private let library: DuckDBLibrary
  private var handle: cduckdb_chunk?

  /// The number of rows.
  public let rowCount: Int

  init(library: DuckDBLibrary, handle: cduckdb_chunk) {
    self.library = library
    self.handle = handle
    rowCount = Int(library.call.data_chunk_get_size(handle))
  }

  deinit {
    var handle = handle
    library.call.destroy_data_chunk(&handle)
  }

  /// One column's buffers, valid as long as this chunk lives.
  public func column(_ index: Int) -> Column {
    let vector = library.call.data_chunk_get_vector(handle, cduckdb_idx(index))
    return Column(
      data: library.call.vector_get_data(vector),
      validity: UnsafePointer(library.call.vector_get_validity(vector)),
      count: rowCount)
  }
}

/// One column of a chunk: DuckDB's own buffers, read in place.
///
/// A column must not outlive its chunk; the caller keeps both in one scope.
public struct Column {
  @usableFromInline let data: UnsafeMutableRawPointer?
  /// One bit a row, set where there is a value; `nil` when every row has one.
  @usableFromInline let validity: UnsafePointer<UInt64>?
  public let count: Int

  /// Whether no row is null.
  public var hasNoNulls: Bool { validity == nil }

  /// Whether the row holds a value.
  @inlinable
  public func isValid(_ row: Int) -> Bool {
    guard let validity else { return true }
    return validity[row >> 6] & (1 << UInt64(row & 63)) != 0
  }

  /// The values as they lie in DuckDB's buffer; rows that are null hold anything.
  ///
  /// `Value` must be the Swift type of the column's `ColumnType`.
  @inlinable
  public func values<Value: BitwiseCopyable>(as type: Value.Type) -> UnsafeBufferPointer<Value> {
    UnsafeBufferPointer(start: data.map { UnsafePointer($0.assumingMemoryBound(to: type)) }, count: count)
  }

  /// The bytes (UTF-8) of a text value, in place.
  @inlinable
  public func bytes(_ row: Int) -> UnsafeRawBufferPointer {
    guard let data else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let stringStride = 16
    let entry = data + row * stringStride
    let length = Int(entry.load(as: UInt32.self))
    if length <= 12 { return UnsafeRawBufferPointer(start: entry + 4, count: length) }
    return UnsafeRawBufferPointer(
      start: entry.load(fromByteOffset: 8, as: UnsafeRawPointer?.self), count: length)
  }

  /// A text value as a string, `nil` where null.
  public func string(_ row: Int) -> String? {
    guard isValid(row) else { return nil }
    return String(decoding: bytes(row), as: UTF8.self)
  }
}
