/// Reads personal data back, opened by the vault.
struct ContactReader {
  let session: any SQLSession
  let vault: Vault

  /// The payload of each customer in the version asked for.
  func payloads(
    of customers: [(customer: Pseudonym, version: Int64?)]
  ) throws(QueueError) -> [Pseudonym: [UInt8]] {
    var found: [Pseudonym: [UInt8]] = [:]
    // Most customers have one version.
    for (version, members) in Dictionary(grouping: customers, by: \.version) {
      guard let version else { continue }
      try SQLList.pieces(of: members.map(\.customer)) { piece throws(QueueError) in
        for row in try session.rows(
          """
          SELECT customer, payload FROM contact
            WHERE version = $1 AND customer IN (\(SQLList.places(piece.count, from: 2)))
          """, [.integer(version)] + piece.map { SQLValue($0) })
        {
          guard let customer = row[0].pseudonym, let payload = row[1].blob else { throw .damaged("contact") }
          found[customer] = try vault.open(payload, for: customer)
        }
      }
    }
    return found
  }

  /// The newest payload of each customer.
  func newestPayloads(of customers: [Pseudonym]) throws(QueueError) -> [Pseudonym: [UInt8]] {
    let people = try PersonRow.rows(of: customers, session)
    return try payloads(of: people.map { ($0.key, $0.value.contactVersion) })
  }

  /// What the workers of tasks must know.
  func details(of tasks: [TaskIdentity]) throws(QueueError) -> [Int64: TaskDetails] {
    let keys = Dictionary(tasks.map { ($0.id, $0.key) }, uniquingKeysWith: { first, _ in first })
    var found: [Int64: TaskDetails] = [:]
    try SQLList.pieces(of: tasks.map(\.id)) { piece throws(QueueError) in
      for row in try session.rows(
        "SELECT task, payload FROM task_detail WHERE task IN (\(SQLList.places(piece.count, from: 1)))",
        piece.map(SQLValue.integer))
      {
        guard let task = row[0].integer, let key = keys[task], let payload = row[1].blob else {
          throw .damaged("task_detail")
        }
        found[task] = try DetailsCoding.read(try vault.open(payload, for: key), as: TaskDetails.self)
      }
    }
    return found
  }

  /// Writes down that personal data were read.
  func log(
    at now: Moment, who: String, purpose: String, what: String, rows: Int
  ) throws(QueueError) {
    try session.send(
      "INSERT INTO access_log (at, who, purpose, what, row_count) VALUES ($1, $2, $3, $4, $5)",
      [SQLValue(now), .text(who), .text(purpose), .text(what), SQLValue(rows)])
  }
}
