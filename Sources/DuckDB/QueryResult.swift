import CDuckDB

/// The rows of one query, read forward once, chunk by chunk.
public final class QueryResult {
  private let connection: Connection
  private var handle: cduckdb_result

  public let columnNames: [String]
  public let columnTypes: [ColumnType]

  init(connection: Connection, handle: cduckdb_result) {
    self.connection = connection
    self.handle = handle
    let call = connection.library.call
    let count = call.column_count(&self.handle)
    var names: [String] = []
    var types: [ColumnType] = []
    for index in 0..<count {
      names.append(call.column_name(&self.handle, index).map { String(cString: $0) } ?? "")
      types.append(ColumnType(code: call.column_type(&self.handle, index)))
    }
    columnNames = names
    columnTypes = types
  }

  deinit {
    connection.library.call.destroy_result(&handle)
  }

  /// The next rows, or `nil` after the last.
  ///
  /// - Throws: `DuckDBError` when the query fails on its way, such as on an unreadable row of a CSV file.
  public func nextChunk() throws(DuckDBError) -> Chunk? {
    guard let chunk = try nextHandle() else { return nil }
    return Chunk(library: library, handle: chunk)
  }

  var library: DuckDBLibrary { connection.library }

  /// The next chunk, to be destroyed by the caller.
  func nextHandle() throws(DuckDBError) -> cduckdb_chunk? {
    let call = library.call
    guard let chunk = call.fetch_chunk(handle) else {
      if let text = call.result_error(&handle), text.pointee != 0 {
        throw DuckDBError(.queryFailed, String(cString: text))
      }
      return nil
    }
    return chunk
  }

  /// Calls `body` with every chunk in order.
  public func forEachChunk<Failure: Error>(
    _ body: (borrowing Chunk) throws(Failure) -> Void
  ) throws {
    while let chunk = try nextChunk() {
      try body(chunk)
    }
  }
}
