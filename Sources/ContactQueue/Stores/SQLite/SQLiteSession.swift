import GRDB
import GRDBSQLite

/// One transaction of SQLite. Statements are GRDB's cached ones, stepped directly, many rows on another thread.
final class SQLiteSession: SQLSession {
  private let database: Database
  private let path: String
  /// Rows that another thread takes in while the caller makes the next ones.
  private var inFlight: SQLiteInsertionInFlight?

  /// Rows for which another thread is worth while.
  private static let manyRows = 4096

  var dialect: SQLDialect { .sqlite }

  init(_ database: Database, path: String) {
    self.database = database
    self.path = path
  }

  func run(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> Int {
    let statement = try prepared(sql)
    defer { statement.reset() }
    try check(statement.bind(values))
    // What triggers change is not counted; a statement that changes nothing leaves the count of an earlier one.
    let before = sqlite3_total_changes64(database.sqliteConnection)
    var state = statement.step()
    while state == SQLITE_ROW { state = statement.step() }
    try check(state == SQLITE_DONE ? SQLITE_OK : state)
    guard sqlite3_total_changes64(database.sqliteConnection) != before else { return 0 }
    return Int(sqlite3_changes64(database.sqliteConnection))
  }

  func send(_ sql: String, _ values: [SQLValue]) throws(QueueError) {
    _ = try run(sql, values)
  }

  func append(_ rows: RowBlock) throws(QueueError) {
    guard rows.count >= Self.manyRows else {
      _ = try append(rows, skippingKnown: false)
      return
    }
    inFlight = SQLiteInsertionInFlight(try insertion(of: rows, skippingKnown: false))
  }

  func rows(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> [[SQLValue]] {
    let statement = try prepared(sql)
    defer { statement.reset() }
    try check(statement.bind(values))
    var rows: [[SQLValue]] = []
    var state = statement.step()
    while state == SQLITE_ROW {
      rows.append(statement.row())
      state = statement.step()
    }
    try check(state == SQLITE_DONE ? SQLITE_OK : state)
    return rows
  }

  func append(_ rows: RowBlock, skippingKnown: Bool) throws(QueueError) -> Int {
    guard !rows.isEmpty else { return 0 }
    return try added(try insertion(of: rows, skippingKnown: skippingKnown).run())
  }

  /// Waits for the rows that are on their way into the database.
  ///
  /// - Throws: what they failed of.
  func settle() throws(QueueError) {
    guard let outcome = inFlight?.outcome() else { return }
    inFlight = nil
    _ = try added(outcome)
  }

  private func insertion(
    of rows: RowBlock, skippingKnown: Bool
  ) throws(QueueError) -> SQLiteInsertion {
    SQLiteInsertion(
      statement: try prepared(
        "INSERT INTO \(rows.table) (\(rows.columns.joined(separator: ", "))) "
          + "VALUES (\(SQLList.places(rows.columns.count, from: 1)))"
          + (skippingKnown ? " ON CONFLICT DO NOTHING" : "")),
      connection: database.sqliteConnection, rows: rows, counts: skippingKnown)
  }

  private func added(_ outcome: Result<Int, DatabaseError>) throws(QueueError) -> Int {
    switch outcome {
    case .success(let added): return added
    case .failure(let error): throw QueueError(sqlite: error, path: path)
    }
  }

  /// Of all that a session does this comes first.
  private func prepared(_ sql: String) throws(QueueError) -> SQLiteCursor {
    try settle()
    do {
      return SQLiteCursor(try database.cachedStatement(sql: sql).sqliteStatement)
    } catch {
      throw QueueError(sqlite: error, path: path)
    }
  }

  private func check(_ code: Int32) throws(QueueError) {
    guard code != SQLITE_OK else { return }
    throw QueueError(sqlite: DatabaseError(code: code, of: database.sqliteConnection), path: path)
  }
}
