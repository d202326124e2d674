/// What an erasure took out of a queue.
public struct ErasureReport: Sendable {
  /// Tasks that held the customer.
  public internal(set) var tasks = 0
  /// Those of them that were cancelled, for nobody had begun to send.
  public internal(set) var cancelled = 0
  /// Scores, hold-outs and returns that stood under the customer's keyed name.
  public internal(set) var lines = 0
  /// Exports with a line of the customer: their files must be made again.
  public internal(set) var exports: [Int64] = []
  /// The customer was in the queue.
  public var isFound: Bool { tasks + lines > 0 }
}

/// A file outside the database that may hold personal data.
public struct KnownFile: Sendable, Hashable {
  public var path: String
  /// One of the words below.
  public var kind: String

  public static let list = "list"
  public static let export = "export"
  public static let receipts = "receipts"
  /// What receipts wrote into a data folder.
  public static let tables = "tables"
  /// The files of an SQLite queue itself.
  public static let queue = "queue"

  public init(path: String, kind: String) {
    self.path = path
    self.kind = kind
  }
}
