/// Why a file of rules cannot be used: what, at which line, and what to do next.
public struct RulesError: Error, Sendable, CustomStringConvertible {
  public enum Code: Sendable {
    /// The file is not there or is no text.
    case inputMissing
    /// The file is there but cannot be used.
    case badData
    /// An option asks for what the file's rules do not allow.
    case contradiction
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
