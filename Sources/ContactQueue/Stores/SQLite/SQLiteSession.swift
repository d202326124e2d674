import GRDB
import GRDBSQLite

/// One transaction of SQLite. Statements are GRDB's cached ones, stepped directly.
final class SQLiteSession: SQLSession {
  private let database: Database
  private let path: String

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
    _ = try append(rows, skippingKnown: false)
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
    let statement = try prepared(
      "INSERT INTO \(rows.table) (\(rows.columns.joined(separator: ", "))) "
        + "VALUES (\(SQLList.places(rows.columns.count, from: 1)))"
        + (skippingKnown ? " ON CONFLICT DO NOTHING" : ""))
    // The rows are there for longer than the statement needs them: nothing is copied.
    defer { statement.forget() }
    var added = 0
    var state = SQLITE_OK
    rows.forEachCell { column, kind, bytes in
      state = statement.bind(kind, bytes, at: Int32(column) + 1)
      guard state == SQLITE_OK, column == rows.columns.count - 1 else { return state == SQLITE_OK }
      let before = skippingKnown ? sqlite3_total_changes64(database.sqliteConnection) : -1
      state = statement.step()
      guard state == SQLITE_DONE else { return false }
      if before != sqlite3_total_changes64(database.sqliteConnection) { added += 1 }
      state = statement.reset()
      return state == SQLITE_OK
    }
    try check(state)
    return added
  }

  private func prepared(_ sql: String) throws(QueueError) -> SQLiteCursor {
    do {
      return SQLiteCursor(try database.cachedStatement(sql: sql).sqliteStatement)
    } catch {
      throw QueueError(sqlite: error, path: path)
    }
  }

  private func check(_ code: Int32) throws(QueueError) {
    guard code != SQLITE_OK else { return }
    throw QueueError(sqlite: failure(code), path: path)
  }

  private func failure(_ code: Int32) -> DatabaseError {
    let extended = sqlite3_extended_errcode(database.sqliteConnection)
    return DatabaseError(
      resultCode: ResultCode(rawValue: extended == SQLITE_OK ? code : extended),
      message: sqlite3_errmsg(database.sqliteConnection).map { String(cString: $0) })
  }
}
