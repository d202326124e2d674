import DuckDB
import Foundation
import Histories
import Temporaries

/// Writes tables as Parquet, by way of a table in DuckDB.
enum ParquetFile {
  private static let memoryLimit = "512MB"

  /// One thread writes, so that the same table gives the same bytes.
  ///
  /// - Throws: `ReportError` with `parquetFailed`.
  static func write(_ table: some FileTable, to path: String) throws(ReportError) {
    let database = table.isLarge ? "\(path).duckdb" : nil
    if let database { Temporaries.register(database) }
    defer {
      if let database {
        for file in [database, database + ".wal"] { unlink(file) }
        Temporaries.forget(database)
      }
    }
    do throws(DuckDBError) {
      var settings = ["threads": "1"]
      if database != nil { settings["memory_limit"] = memoryLimit }
      let connection = try Database(path: database, settings: settings).connect()
      let columns = table.columns.map { "\"\($0.name)\" \($0.kind.sqlType)" }
      try connection.execute("CREATE TABLE written (\(columns.joined(separator: ", ")))")
      var sink = AppenderSink(
        appender: try Appender(
          connection: connection, table: "written", types: table.columns.map(\.kind.columnType)))
      table.emitRows(to: &sink)
      try sink.finish()
      // The file is temporary already: DuckDB shall not make a second one beside it.
      try connection.execute(
        "COPY written TO '\(path.replacing("'", with: "''"))' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"
      )
    } catch {
      throw ReportError(.parquetFailed, "\(path) cannot be written as Parquet: \(error)")
    }
  }
}

extension FileColumn.Kind {
  var columnType: ColumnType {
    switch self {
    case .text: .text
    case .whole: .bigInt
    case .number: .double
    case .day: .date
    case .flag: .boolean
    }
  }

  var sqlType: String {
    switch self {
    case .text: "VARCHAR"
    case .whole: "BIGINT"
    case .number: "DOUBLE"
    case .day: "DATE"
    case .flag: "BOOLEAN"
    }
  }
}

/// Sets cells in the appender's current row; a failure is remembered and thrown by `finish()`.
private struct AppenderSink: RowSink {
  private let appender: Appender
  private var column = 0
  private var failure: DuckDBError?

  init(appender: Appender) {
    self.appender = appender
  }

  var hasFailed: Bool { failure != nil }

  mutating func endRow() {
    column = 0
    guard failure == nil else { return }
    do throws(DuckDBError) { try appender.endRow() } catch { failure = error }
  }

  func finish() throws(DuckDBError) {
    if let failure { throw failure }
    try appender.finish()
  }

  private mutating func next() -> Int {
    column += 1
    return column - 1
  }

  mutating func integer(_ value: Int?) { appender.set(next(), value.map(Int64.init)) }
  mutating func number(_ value: Double?, decimals: Int) { exact(value) }
  mutating func exact(_ value: Double?) { appender.set(next(), value.flatMap { $0.isFinite ? $0 : nil }) }
  mutating func text(_ value: String?) { appender.set(next(), text: value) }
  mutating func day(_ value: Day?) { appender.set(next(), value.flatMap { $0.isNone ? nil : $0.number }) }
  mutating func flag(_ value: Bool?) { appender.set(next(), value) }
}
