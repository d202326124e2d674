/// A database that keeps a queue: transactions of SQL, nothing that knows what a task is.
///
/// What the queue means is written once, above (`ContactQueue`); SQLite and PostgreSQL differ in what stands here. The
/// text of statements is shared: parameters are `$1`, `$2`, … and appear first in that order.
public protocol QueueStore: AnyObject, Sendable {
  var dialect: SQLDialect { get }

  /// Runs one transaction that has reached the disk when this returns; an error thrown by `body` undoes all of it.
  ///
  /// A conflict with another writer is tried again by the store, so `body` may run more than once. If the connection is
  /// lost while the transaction is being committed, the error (try again) says that nobody knows whether it was.
  @discardableResult
  func write<Result>(_ body: (any SQLSession) throws(QueueError) -> Result) throws(QueueError) -> Result

  /// The same for a `body` that cannot be run twice, because it reads a source that goes forward only: a conflict or a
  /// lost connection is an error (try again), and nothing was changed.
  @discardableResult
  func writeOnce<Result>(
    _ body: (any SQLSession) throws(QueueError) -> Result
  ) throws(QueueError) -> Result

  /// Takes deleted rows out of the files of the database, as far as it can: of SQLite out of all of them, of PostgreSQL
  /// out of its tables (its log of writes ahead and its backups are the administrator's).
  func scrub() throws(QueueError)

  /// Runs statements that change nothing on one consistent state.
  func read<Result>(_ body: (any SQLSession) throws(QueueError) -> Result) throws(QueueError) -> Result
}

/// The statements of one transaction.
public protocol SQLSession: AnyObject {
  var dialect: SQLDialect { get }

  /// Runs a statement, prepared once for each text.
  ///
  /// - Returns: the number of rows that changed.
  @discardableResult
  func run(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> Int

  /// Runs a statement of which nobody asks how many rows it changed: the database may get it together with the next
  /// ones, and its failure may be thrown by them or at the end.
  func send(_ sql: String, _ values: [SQLValue]) throws(QueueError)

  /// Runs a query.
  ///
  /// - Returns: its rows, each with its columns in order.
  func rows(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> [[SQLValue]]

  /// Adds many rows to a table in the quickest way that the database has; none is no statement.
  ///
  /// - Parameter skippingKnown: leave out rows that a unique index knows already, instead of failing.
  /// - Returns: the number of rows added.
  @discardableResult
  func append(_ rows: RowBlock, skippingKnown: Bool) throws(QueueError) -> Int

  /// Adds rows that must be new, as `send` does.
  func append(_ rows: RowBlock) throws(QueueError)
}

/// Where two databases speak differently.
public enum SQLDialect: String, Sendable {
  case sqlite, postgresql
}

/// A cell.
public enum SQLValue: Sendable, Hashable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}
