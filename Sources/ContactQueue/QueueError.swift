/// Why the queue did not do what it was asked: what, where, and what to do next. Never holds personal data.
public struct QueueError: Error, Sendable, CustomStringConvertible {
  /// The kind of failure; the command line chooses its exit code by it.
  public enum Code: Sendable {
    /// A URL, name or option that cannot be.
    case usage
    /// No such queue, campaign, export or key file.
    case notFound
    /// The queue is there but damaged, of a newer version, or not a queue.
    case badData
    /// The disk is full, the file read-only.
    case cannotWrite
    /// Locked, connection lost: try again later.
    case tryAgain
    /// A unique index or a constraint of the database refused a row.
    case refused
    case fault
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
