import Foundation

/// A database on a PostgreSQL server, as libpq understands it; holds no password.
public struct PostgreSQLAddress: Sendable, Hashable {
  /// What libpq connects to: the URL as it was given.
  let connection: String
  /// Host, port and database in words.
  let place: String

  /// Takes a URL apart as far as needed to see that it holds no password and names a database.
  init(url: String, prefix: String) throws(QueueError) {
    let rest = url.dropFirst(prefix.count)
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let settings = parts.count > 1 ? parts[1].split(separator: "&") : []
    let path = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    // An @ may stand in a user's name only as %40, so the last one ends the user.
    let authority = path[0]
    let at = authority.lastIndex(of: "@")
    let user = at.map { authority[..<$0] } ?? ""
    let hosts = at.map { authority[authority.index(after: $0)...] } ?? authority
    let names = settings.map { $0.prefix { $0 != "=" }.lowercased() }
    guard !user.contains(":"), !names.contains("password"), !names.contains("sslpassword") else {
      throw QueueError(
        .usage, "The queue's URL holds a password, which other users and logs could see.",
        next:
          "Leave it out; libpq reads it from ~/.pgpass, from the file that ?passfile= or PGPASSFILE names, "
          + "or from PGPASSWORD.")
    }
    let database = path.count > 1 ? String(path[1]) : ""
    guard !database.isEmpty || names.contains("dbname") else {
      throw QueueError(
        .usage, "The queue's URL names no database.", next: "Write postgres://user@host:port/database.")
    }
    connection = url
    place = hosts.isEmpty ? "database \(database)" : "database \(database) at \(hosts)"
  }
}
