/// Why no histories were written.
public struct SimulationError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// An option is out of its range.
    case invalidOption
    /// The output folder exists and holds files.
    case folderNotEmpty
    /// A file or the folder could not be written.
    case cannotWrite
    /// DuckDB is missing or failed.
    case database
    /// DuckDB was not found or is unusable.
    case engineMissing
  }

  public let code: Code
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
