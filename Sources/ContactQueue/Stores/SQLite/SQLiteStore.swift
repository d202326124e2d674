import Foundation
import GRDB

/// A queue in one file of SQLite: a log of writes ahead, each commit on the disk before it is reported.
///
/// Any number of processes and threads may use the file; one of them writes at a time, readers do not wait.
public final class SQLiteStore: QueueStore {
  public let path: String
  private let pool: DatabasePool

  public var dialect: SQLDialect { .sqlite }

  /// Milliseconds to wait for another writer before giving up.
  static let patience = 20_000

  /// Opens the file; one that is made is its owner's alone, as are the files that SQLite puts beside it.
  ///
  /// - Throws: `QueueError`: not found, damaged or not a database, no right to write.
  public convenience init(path: String, creating: Bool) throws(QueueError) {
    try self.init(path: path, creating: creating, patience: Self.patience)
  }

  init(path: String, creating: Bool, patience: Int) throws(QueueError) {
    self.path = path
    try SQLiteFile.prepare(path, creating: creating)
    do {
      pool = try DatabasePool(path: path, configuration: Self.configuration(patience: patience))
      // After opening, for opening in this journal mode sets it to NORMAL.
      let mode = try pool.writeWithoutTransaction { database in
        try database.execute(sql: "PRAGMA synchronous = FULL")
        // A file that is no database shows when it is first read.
        _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
        return try String.fetchOne(database, sql: "PRAGMA journal_mode")
      }
      guard mode == "wal" else {
        throw QueueError(
          .cannotWrite, "\(path): the disk cannot hold a queue that several processes use.",
          next: "Keep the queue on a local disk, not on a network share.")
      }
    } catch {
      throw QueueError(sqlite: error, path: path)
    }
  }

  private static func configuration(patience: Int) -> Configuration {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .callback { SQLiteFile.waitForWriter(tries: $0, patience: patience) }
    configuration.prepareDatabase { database in
      try database.execute(
        sql: """
          PRAGMA secure_delete = ON;
          PRAGMA temp_store = MEMORY;
          PRAGMA cache_size = -\(cacheKibibytes);
          PRAGMA journal_size_limit = \(logBytes);
          """)
    }
    return configuration
  }

  /// The most pages kept in memory by a connection: a list of a million is written without giving pages to the log and
  /// taking them back.
  private static let cacheKibibytes = 786_432
  /// What stays of the log of writes after a large transaction.
  private static let logBytes = 67_108_864

  @discardableResult
  public func write<Result>(
    _ body: (any SQLSession) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    do {
      return try pool.writeWithoutTransaction { database in
        var result: Result?
        try database.inTransaction(.immediate) {
          let session = SQLiteSession(database, path: path)
          // Whatever ends the transaction, it ends alone.
          defer { try? session.settle() }
          result = try body(session)
          try session.settle()
          return .commit
        }
        return result!
      }
    } catch {
      throw QueueError(sqlite: error, path: path)
    }
  }

  @discardableResult
  public func writeOnce<Result>(
    _ body: (any SQLSession) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    // Whoever waits for the only writer has not begun yet: nothing is ever run twice.
    try write(body)
  }

  public func read<Result>(
    _ body: (any SQLSession) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    do {
      return try pool.read { database in try body(SQLiteSession(database, path: path)) }
    } catch {
      throw QueueError(sqlite: error, path: path)
    }
  }

  /// Moves the log of writes into the database and empties it, so that no file holds what was deleted.
  ///
  /// - Throws: `QueueError` (try again) while another process reads an older state.
  public func emptyLog() throws(QueueError) {
    do {
      try pool.writeWithoutTransaction { database in
        let row = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        if row?[0] != 0 { throw DatabaseError(resultCode: .SQLITE_BUSY) }
      }
    } catch {
      throw QueueError(sqlite: error, path: path)
    }
  }

  /// The files in which its data lie, there or not.
  public var files: [String] { [path] + SQLiteFile.companions.map { path + $0 } }
}
