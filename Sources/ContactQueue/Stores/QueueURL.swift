import Foundation

/// Where a queue is kept: a file of SQLite, or a database on a PostgreSQL server.
public enum QueueURL: Sendable, Hashable {
  /// `sqlite:PATH`
  case sqlite(path: String)
  /// `postgres://user@host:port/database`, with any further setting of libpq behind `?`.
  case postgresql(PostgreSQLAddress)

  /// How long `sqlite:` and its like may be written; longer first.
  private static let sqlitePrefixes = ["sqlite://", "sqlite:"]
  private static let postgresqlPrefixes = ["postgresql://", "postgres://"]

  /// - Throws: `QueueError` (usage) when the text is neither, or holds a password. The message does not repeat the text.
  public init(_ text: String) throws(QueueError) {
    if let prefix = Self.sqlitePrefixes.first(where: text.hasPrefix) {
      let path = String(text.dropFirst(prefix.count))
      guard !path.isEmpty, !path.hasPrefix(":") else {
        throw QueueError(.usage, "The queue's URL names no file.", next: "Write it as sqlite:PATH.")
      }
      self = .sqlite(path: path)
    } else if let prefix = Self.postgresqlPrefixes.first(where: text.hasPrefix) {
      self = .postgresql(try PostgreSQLAddress(url: text, prefix: prefix))
    } else {
      throw QueueError(
        .usage, "This is not the URL of a queue.",
        next: "Write sqlite:PATH, or postgres://user@host:port/database.")
    }
  }

  /// Opens the store behind the URL.
  ///
  /// - Parameter creating: make SQLite's file if it is not there; a PostgreSQL database must be there.
  /// - Throws: `QueueError`: not found, not a database, no connection.
  public func open(creating: Bool) throws(QueueError) -> any QueueStore {
    switch self {
    case .sqlite(let path): try SQLiteStore(path: path, creating: creating)
    case .postgresql(let address): try PostgreSQLStore(address)
    }
  }

  /// Says where the queue is, without the user's name.
  public var place: String {
    switch self {
    case .sqlite(let path): path
    case .postgresql(let address): address.place
    }
  }
}
