/// Why a policy, list, export or receipt cannot be used: what, where, and what to do next. Never holds personal data.
public struct OutreachError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure; the command line chooses its exit code by it.
  public enum Code: Sendable {
    case usage
    case inputMissing
    case badData
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
