import GRDB
import GRDBSQLite

/// One transaction of SQLite. Statements are GRDB's cached ones, stepped directly.
final class SQLiteSession: SQLSession {
  private let database: Database
  private let path: String
  private var isAppending = false

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

  func append(
    to table: String, columns: [String], skippingKnown: Bool, _ next: () throws(QueueError) -> [SQLValue]?
  ) throws(QueueError) -> Int {
    let marks = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let statement = try prepared(
      "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))"
        + (skippingKnown ? " ON CONFLICT DO NOTHING" : ""))
    isAppending = true
    defer {
      isAppending = false
      statement.reset()
    }
    var count = 0
    while let values = try next() {
      try check(statement.bind(values))
      let before = skippingKnown ? sqlite3_total_changes64(database.sqliteConnection) : -1
      let state = statement.step()
      guard state == SQLITE_DONE else { throw QueueError(sqlite: failure(state), path: path) }
      if sqlite3_total_changes64(database.sqliteConnection) != before { count += 1 }
      statement.reset()
    }
    return count
  }

  private func prepared(_ sql: String) throws(QueueError) -> SQLiteCursor {
    precondition(!isAppending, "The source of appended rows uses the session that appends them.")
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
