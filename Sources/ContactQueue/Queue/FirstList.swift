/// The first list of an empty queue: only what the list itself said before need be looked up, and the indexes of its
/// tasks are made when all of them are there.
struct FirstList {
  private let session: any SQLSession
  /// Customers of the blocks so far.
  private(set) var customers: Set<Pseudonym> = []
  /// Keys of the tasks so far.
  private var keys: Set<Pseudonym> = []
  private var heldOut: Set<Pseudonym> = []
  /// Customers of several lines.
  private var repeated: [Pseudonym] = []

  private static let tables = ["task", "person", "relation", "contact", "touch", "holdout"]

  /// Takes an empty queue for itself until the transaction ends; nobody else could do anything with it.
  ///
  /// - Returns: `nil` when it holds something.
  init?(_ session: any SQLSession) throws(QueueError) {
    self.session = session
    guard try Self.isEmpty(session) else { return nil }
    if session.dialect == .postgresql {
      try session.run("LOCK TABLE \(Self.tables.joined(separator: ", ")) IN SHARE ROW EXCLUSIVE MODE", [])
      guard try Self.isEmpty(session) else { return nil }
    }
    for index in Migration.taskIndexes { try session.run("DROP INDEX \(index.name)", []) }
  }

  private static func isEmpty(_ session: any SQLSession) throws(QueueError) -> Bool {
    for table in tables where try !session.rows("SELECT 1 FROM \(table) LIMIT 1", []).isEmpty { return false }
    return true
  }

  /// Remembers customers when their block is written.
  mutating func add(_ block: [PreparedLine]) {
    for line in block {
      let customer = line.relation.customer
      if !customers.insert(customer).inserted { repeated.append(customer) }
      if line.isHeldOut { heldOut.insert(customer) }
    }
  }

  /// Customers who are held out and may have a task by another line.
  var contradicted: [Pseudonym] { repeated.filter(heldOut.contains) }

  /// - Returns: whether no task has the key yet.
  mutating func add(key: Pseudonym) -> Bool { keys.insert(key).inserted }

  /// Makes the indexes; the one of keys refuses what is there twice.
  func finish() throws(QueueError) {
    for index in Migration.taskIndexes { try session.run(index.creation, []) }
    // A server plans by what it counted; its own counting comes minutes later.
    if session.dialect == .postgresql {
      try session.run("ANALYZE \(Self.tables.joined(separator: ", "))", [])
    }
  }
}
