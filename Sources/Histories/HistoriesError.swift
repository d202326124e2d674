/// Why histories could not be read: what, where, and what to do next. Never holds a cell's value.
public struct HistoriesError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure; the command line chooses its exit code by it.
  public enum Code: Sendable {
    /// A folder or file that must be there is not.
    case inputMissing
    /// The input is there but cannot be used.
    case badData
    /// A target was asked for that the mapping does not declare.
    case unknownTarget
    /// DuckDB was not found or is unusable.
    case engineMissing
    /// A temporary copy could not be written.
    case cannotWrite
  }

  public let code: Code
  /// What is wrong and where.
  public let what: String
  /// What to do about it.
  public let next: String

  public init(_ code: Code, _ what: String, next: String) {
    self.code = code
    self.what = what
    self.next = next
  }

  public var description: String { "\(what) \(next)" }
}
