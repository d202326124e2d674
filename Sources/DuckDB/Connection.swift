import CDuckDB

/// One connection to a database; to be used by one thread at a time.
public final class Connection {
  let database: Database
  var library: DuckDBLibrary { database.library }
  private(set) var handle: cduckdb_connection?

  init(to database: Database) throws(DuckDBError) {
    self.database = database
    guard database.library.call.connect(database.handle, &handle) == 0 else {
      throw DuckDBError(.openFailed, "DuckDB refuses a connection")
    }
  }

  deinit {
    library.call.disconnect(&handle)
  }

  /// A further connection to the same database.
  public func another() throws(DuckDBError) -> Connection {
    try Connection(to: database)
  }

  /// Ends the running query with an error; may be called from any thread.
  public func interrupt() {
    library.call.interrupt(handle)
  }

  /// Runs statements and drops their results.
  public func execute(_ sql: String) throws(DuckDBError) {
    var result = cduckdb_result()
    let state = library.call.query(handle, sql, &result)
    defer { library.call.destroy_result(&result) }
    guard state == 0 else {
      throw DuckDBError(.queryFailed, message(library.call.result_error(&result)))
    }
  }

  /// Starts one query whose rows are fetched chunk by chunk while DuckDB's threads compute ahead.
  ///
  /// - Complexity: memory is bounded by DuckDB's streaming buffer, not by the size of the result.
  public func query(_ sql: String) throws(DuckDBError) -> QueryResult {
    var statement: cduckdb_statement?
    let prepared = library.call.prepare(handle, sql, &statement)
    defer { library.call.destroy_prepare(&statement) }
    guard prepared == 0 else {
      throw DuckDBError(.queryFailed, message(library.call.prepare_error(statement)))
    }
    var pending: cduckdb_pending?
    let started = library.call.pending_prepared_streaming(statement, &pending)
    defer { library.call.destroy_pending(&pending) }
    guard started == 0 else {
      throw DuckDBError(.queryFailed, message(library.call.pending_error(pending)))
    }
    var result = cduckdb_result()
    guard library.call.execute_pending(pending, &result) == 0 else {
      let text = message(library.call.result_error(&result))
      library.call.destroy_result(&result)
      throw DuckDBError(.queryFailed, text)
    }
    return QueryResult(connection: self, handle: result)
  }

  private func message(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? "DuckDB gave no message"
  }
}
