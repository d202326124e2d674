/// What went wrong between here and a PostgreSQL server.
///
/// Details and hints of the server may quote values of rows; they are left out, as are messages that quote input.
public struct PostgreSQLError: Error, Sendable, CustomStringConvertible {
  /// The five characters by which SQL names a class of errors; `nil` when the connection itself failed.
  public let sqlState: String?
  /// The server's primary message, which names no values.
  public let message: String

  public init(sqlState: String?, message: String) {
    self.sqlState = sqlState
    self.message = message
  }

  public var description: String { message }

  /// The first two characters of `sqlState`: the class of the error.
  public var stateClass: String? { sqlState.map { String($0.prefix(2)) } }
}
