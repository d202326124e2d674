import CDuckDB

/// One DuckDB database, in memory or in a file, closed when the last reference goes.
public final class Database {
  let library: DuckDBLibrary
  private(set) var handle: cduckdb_database?

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - path: the database file; `nil` keeps the database in memory.
  ///   - settings: DuckDB's settings by name, such as `threads` and `memory_limit`.
  /// - Throws: `DuckDBError`.
  public init(
    path: String? = nil, settings: [String: String] = [:]
  ) throws(DuckDBError) {
    library = try DuckDBLibrary.shared()
    var config: cduckdb_config?
    guard library.call.create_config(&config) == 0 else {
      throw DuckDBError(.openFailed, "DuckDB could not make a configuration")
    }
    defer { library.call.destroy_config(&config) }
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      guard library.call.set_config(config, name, value) == 0 else {
        throw DuckDBError(.openFailed, "DuckDB refuses the setting \(name)=\(value)")
      }
    }
    var message: UnsafeMutablePointer<CChar>?
    guard library.call.open_ext(path, &handle, config, &message) == 0 else {
      let text =
        message.map { String(cString: $0) } ?? "DuckDB could not open \(path ?? "a database in memory")"
      library.call.free(message)
      throw DuckDBError(.openFailed, text)
    }
  }

  deinit {
    library.call.close(&handle)
  }

  /// Opens a further connection to this database.
  public func connect() throws(DuckDBError) -> Connection {
    try Connection(to: self)
  }
}
