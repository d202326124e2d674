import CDuckDB

/// Appends rows to a table in blocks of columns.
///
/// Rows are set value by value in the current block (`set…`), then `endRow()` moves on; a full block goes to DuckDB at
/// once. `finish()` must be called at the end: rows not flushed by then are dropped with the appender.
public final class Appender {
  private let connection: Connection
  private var handle: cduckdb_appender?
  @usableFromInline internal let block: RowBlock

  /// - Parameter types: the table's column types in order; must be those the table was created with.
  public init(
    connection: Connection, table: String, types: [ColumnType]
  ) throws(DuckDBError) {
    self.connection = connection
    block = RowBlock(types: types, library: connection.library)
    let call = connection.library.call
    guard call.appender_create(connection.handle, nil, table, &handle) == 0 else {
      let text = call.appender_error(handle).map { String(cString: $0) } ?? "cannot append to \(table)"
      _ = call.appender_destroy(&handle)
      throw DuckDBError(.appendFailed, text)
    }
  }

  deinit {
    _ = connection.library.call.appender_destroy(&handle)
  }

  /// Sets a value of the column's own Swift type; `nil` is null.
  @inlinable @inline(__always)
  public func set<Value: BitwiseCopyable>(_ column: Int, _ value: Value?) {
    block.set(column, value)
  }

  public func set(_ column: Int, text: String?) {
    block.set(column, text: text)
  }

  public func set(_ column: Int, bytes: UnsafeRawBufferPointer) {
    block.set(column, bytes: bytes)
  }

  public func endRow() throws(DuckDBError) {
    block.endRow()
    if block.isFull { try sendBlock() }
  }

  /// Hands over what is left and closes the appender's transaction.
  public func finish() throws(DuckDBError) {
    if block.rowCount > 0 { try sendBlock() }
    try check(connection.library.call.appender_flush(handle))
  }

  private func sendBlock() throws(DuckDBError) {
    try check(connection.library.call.append_data_chunk(handle, block.close()))
    block.reset()
  }

  private func check(_ state: cduckdb_state) throws(DuckDBError) {
    guard state != 0 else { return }
    let text = connection.library.call.appender_error(handle).map { String(cString: $0) }
    throw DuckDBError(.appendFailed, text ?? "DuckDB could not append rows")
  }
}
