/// Why a table could not be read: what, where, and what to do next. Never holds a cell's value
/// but those of labels and folds, which name what they tell apart.
public struct TableError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure; the command line chooses its exit code by it.
  public enum Code: Sendable {
    /// The file is not there or cannot be read.
    case inputMissing
    /// The file's extension names no format that is read.
    case unknownFormat
    /// A column was asked for that the file does not have, or has for something else.
    case unknownColumn
    /// The file is there but cannot be used.
    case badData
    /// DuckDB was not found or is unusable.
    case engineMissing
    /// A temporary copy could not be written.
    case cannotWrite
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
