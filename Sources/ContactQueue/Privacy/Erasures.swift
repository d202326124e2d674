/// Who was erased: suppression keys, which lead to nobody without the customer's id and the queue's key.
///
/// Whoever asks and then writes keeps erasures out meanwhile; see `TaskQueue.lockOut`.
struct Erasures {
  let session: any SQLSession
  let vault: Vault
  /// Whether anybody was erased when this was made: most queues need no key looked up.
  private let exist: Bool

  init(session: any SQLSession, vault: Vault) throws(QueueError) {
    self.session = session
    self.vault = vault
    exist = try !session.rows("SELECT 1 FROM erasure LIMIT 1", []).isEmpty
  }

  /// The places of those customers who were erased.
  func places(in customers: [String]) throws(QueueError) -> Set<Int> {
    guard exist else { return [] }
    let keys = customers.map { vault.suppressionKey(customer: $0) }
    var erased: Set<Pseudonym> = []
    try SQLList.pieces(of: keys) { piece throws(QueueError) in
      for row in try session.rows(
        "SELECT key FROM erasure WHERE key IN (\(SQLList.places(piece.count, from: 1)))",
        piece.map { SQLValue($0) })
      {
        if let key = row[0].pseudonym { erased.insert(key) }
      }
    }
    return Set(keys.indices.filter { erased.contains(keys[$0]) })
  }

  /// What stands in the customer's place since the erasure; a new name, kept from now on, if there was none.
  func tombstone(of customer: String, at now: Moment) throws(QueueError) -> (name: Pseudonym, isNew: Bool) {
    let key = SQLValue(vault.suppressionKey(customer: customer))
    if let known = try session.rows("SELECT tombstone FROM erasure WHERE key = $1", [key]).first {
      guard let name = known[0].pseudonym else { throw .damaged("erasure") }
      return (name, false)
    }
    let name = Pseudonym.random()
    try session.run(
      "INSERT INTO erasure (key, tombstone, at) VALUES ($1, $2, $3)", [key, SQLValue(name), SQLValue(now)])
    return (name, true)
  }
}
