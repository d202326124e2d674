/// Why a model could not be saved or loaded, which file is concerned, and what to do next.
public struct ModelRegistryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Sendable, Equatable {
    /// The text does not name a model.
    case invalidName
    /// There is no such model or version.
    case notFound
    /// The file is not what was saved, or is no model.
    case damaged
    /// The file was written in another format version.
    case otherFormat
    /// Files or folders cannot be written.
    case notWritable
    /// Files or folders cannot be read.
    case notReadable
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
