/// What went wrong while DuckDB was found, loaded or used.
///
/// Messages of DuckDB itself may quote cells; `description` leaves them out, `message` is not to be shown.
public struct DuckDBError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure; callers choose an exit code by it.
  public enum Code: Sendable {
    /// No library could be found or loaded.
    case libraryNotFound
    /// The library is there but lacks a function or has another version.
    case libraryUnusable
    /// A database, connection or setting was refused.
    case openFailed
    /// A statement failed; the message is DuckDB's.
    case queryFailed
    /// Rows could not be appended; the message is DuckDB's.
    case appendFailed
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String {
    description(sparing: [])
  }

  /// What `description` says, with the paths of the user's own files and folders left whole: they are no personal data.
  public func description(sparing paths: [String]) -> String {
    Self.withoutPersonalData(message, sparing: paths)
  }
}
