internal import Dispatch
import GRDB
import GRDBSQLite

/// Rows that go into a table by one statement.
struct SQLiteInsertion: @unchecked Sendable {
  let statement: SQLiteCursor
  let connection: OpaquePointer?
  let rows: RowBlock
  /// Counts the rows that were added: some may be left out.
  let counts: Bool

  /// - Returns: the number of rows added.
  /// - Complexity: O(rows log rows of the table)
  func run() -> Result<Int, DatabaseError> {
    // The rows are there for longer than the statement needs them: nothing is copied.
    defer { statement.forget() }
    var added = 0
    var state = SQLITE_OK
    rows.forEachCell { column, kind, bytes in
      state = statement.bind(kind, bytes, at: Int32(column) + 1)
      guard state == SQLITE_OK, column == rows.columns.count - 1 else { return state == SQLITE_OK }
      let before = counts ? sqlite3_total_changes64(connection) : -1
      state = statement.step()
      guard state == SQLITE_DONE else { return false }
      if before != sqlite3_total_changes64(connection) { added += 1 }
      state = statement.reset()
      return state == SQLITE_OK
    }
    return state == SQLITE_OK ? .success(added) : .failure(DatabaseError(code: state, of: connection))
  }
}

/// An insertion that another thread makes; until it has ended nothing else may touch the connection.
final class SQLiteInsertionInFlight: @unchecked Sendable {
  private let group = DispatchGroup()
  private var result: Result<Int, DatabaseError>?

  init(_ insertion: SQLiteInsertion) {
    DispatchQueue.global().async(group: group) { self.result = insertion.run() }
  }

  /// Waits for its end.
  func outcome() -> Result<Int, DatabaseError>? {
    group.wait()
    return result
  }
}

extension DatabaseError {
  /// What the connection says of its last failure.
  init(code: Int32, of connection: OpaquePointer?) {
    let extended = sqlite3_extended_errcode(connection)
    self.init(
      resultCode: ResultCode(rawValue: extended == GRDBSQLite.SQLITE_OK ? code : extended),
      message: sqlite3_errmsg(connection).map { String(cString: $0) })
  }
}
