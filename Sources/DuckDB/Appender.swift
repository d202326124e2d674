import CDuckDB

/// Appends rows to a table in blocks of columns.
///
/// Rows are set value by value in the current block (`set…`), then `endRow()` moves on; a full block goes to DuckDB at
/// once. `finish()` must be called at the end: rows not flushed by then are dropped with the appender.
public final class Appender {
  private let connection: Connection
  private var handle: cduckdb_appender?
  private var chunk: cduckdb_chunk?
  private let capacity: Int
  @usableFromInline internal var row = 0
  private var vectors: [cduckdb_vector?] = []
  @usableFromInline internal var buffers: [UnsafeMutableRawPointer] = []
  @usableFromInline internal var validities: [UnsafeMutablePointer<UInt64>] = []

  /// - Parameter types: the table's column types in order; must be those the table was created with.
  public init(
    connection: Connection, table: String, types: [ColumnType]
  ) throws(DuckDBError) {
    self.connection = connection
    let call = connection.library.call
    capacity = Int(call.vector_size())
    guard call.appender_create(connection.handle, nil, table, &handle) == 0 else {
      let text = call.appender_error(handle).map { String(cString: $0) } ?? "cannot append to \(table)"
      _ = call.appender_destroy(&handle)
      throw DuckDBError(.appendFailed, text)
    }
    var logical: [cduckdb_type?] = types.map { call.create_logical_type($0.rawValue) }
    chunk = call.create_data_chunk(&logical, cduckdb_idx(types.count))
    for index in logical.indices { call.destroy_logical_type(&logical[index]) }
    vectors = types.indices.map { call.data_chunk_get_vector(chunk, cduckdb_idx($0)) }
    openBlock()
  }

  deinit {
    let call = connection.library.call
    call.destroy_data_chunk(&chunk)
    _ = call.appender_destroy(&handle)
  }

  private func openBlock() {
    let call = connection.library.call
    call.data_chunk_reset(chunk)
    row = 0
    buffers = vectors.map { call.vector_get_data($0)! }
    validities = vectors.map { vector in
      call.vector_ensure_validity_writable(vector)
      return call.vector_get_validity(vector)!
    }
    for validity in validities {
      validity.update(repeating: ~0, count: (capacity + 63) / 64)
    }
  }

  @inlinable @inline(__always)
  public func setNull(_ column: Int) {
    validities[column][row >> 6] &= ~(1 << UInt64(row & 63))
  }

  /// Sets a value of the column's own Swift type; `nil` is null.
  @inlinable @inline(__always)
  public func set<Value: BitwiseCopyable>(_ column: Int, _ value: Value?) {
    guard let value else { return setNull(column) }
    buffers[column].assumingMemoryBound(to: Value.self)[row] = value
  }

  public func set(_ column: Int, text: String?) {
    guard var text else { return setNull(column) }
    text.withUTF8 { bytes in
      set(column, bytes: UnsafeRawBufferPointer(bytes))
    }
  }

  public func set(_ column: Int, bytes: UnsafeRawBufferPointer) {
    bytes.withMemoryRebound(to: CChar.self) { characters in
      connection.library.call.vector_assign_string_element_len(
        vectors[column], cduckdb_idx(row), characters.baseAddress, cduckdb_idx(characters.count))
    }
  }

  public func endRow() throws(DuckDBError) {
    row += 1
    if row == capacity { try sendBlock() }
  }

  /// Hands over what is left and closes the appender's transaction.
  public func finish() throws(DuckDBError) {
    if row > 0 { try sendBlock() }
    try check(connection.library.call.appender_flush(handle))
  }

  private func sendBlock() throws(DuckDBError) {
    let call = connection.library.call
    call.data_chunk_set_size(chunk, cduckdb_idx(row))
    try check(call.append_data_chunk(handle, chunk))
    openBlock()
  }

  private func check(_ state: cduckdb_state) throws(DuckDBError) {
    guard state != 0 else { return }
    let text = connection.library.call.appender_error(handle).map { String(cString: $0) }
    throw DuckDBError(.appendFailed, text ?? "DuckDB could not append rows")
  }
}
