/// Brings a block of relations up to date in the ledger: what is new is appended, what differs is updated.
struct LedgerWriter {
  let session: any SQLSession
  let vault: Vault
  let now: Moment

  /// One relation with what is known of it.
  struct Entry {
    var relation: Relation
    var standing: Standing
    /// `nil` where the caller knows no address.
    var contact: ContactDetails?
  }

  /// - Returns: the customers, as they now stand in the ledger.
  @discardableResult
  func write(_ entries: [Entry]) throws(QueueError) -> [Pseudonym: PersonRow] {
    // A customer with two vehicles comes twice; the last line speaks for the person.
    let last = Dictionary(
      entries.enumerated().map { ($1.relation.customer, $0) }, uniquingKeysWith: { max($0, $1) })
    let places = last.values.sorted()
    let customers = places.map { entries[$0].relation.customer }
    let before = try PersonRow.rows(of: customers, session)
    let versions = try currentContacts(of: customers.filter { before[$0] != nil })
    var after: [Pseudonym: PersonRow] = [:]
    var contacts: [[SQLValue]] = []
    for place in places {
      let entry = entries[place]
      let customer = entry.relation.customer
      var person = before[customer] ?? PersonRow()
      person.take(entry.standing)
      if let contact = entry.contact {
        let payload = DetailsCoding.bytes(contact)
        if versions[customer] != payload {
          person.contactVersion += 1
          person.saidUnusable = 0
          contacts.append([
            SQLValue(customer), .integer(person.contactVersion),
            .blob(try vault.seal(payload, for: customer)),
          ])
        }
      }
      after[customer] = person
    }
    try session.append(contacts, to: "contact", ["customer", "version", "payload"], skippingKnown: true)
    try writePersons(customers, before: before, after: after)
    try writeRelations(entries, known: customers.filter { before[$0] != nil })
    try writeTouches(places.map { entries[$0] }, known: before)
    return after
  }

  /// The payloads of the newest contact versions, opened.
  private func currentContacts(of customers: [Pseudonym]) throws(QueueError) -> [Pseudonym: [UInt8]] {
    try ContactReader(session: session, vault: vault).payloads(of: customers)
  }

  private func writePersons(
    _ customers: [Pseudonym], before: [Pseudonym: PersonRow], after: [Pseudonym: PersonRow]
  ) throws(QueueError) {
    var added: [[SQLValue]] = []
    let set = PersonRow.columns.dropFirst().enumerated().map { "\($1) = $\($0 + 1)" }.joined(separator: ", ")
    let count = PersonRow.columns.count - 1
    for customer in customers {
      guard let person = after[customer] else { continue }
      guard let old = before[customer] else {
        added.append([SQLValue(customer)] + person.values + [SQLValue(now)])
        continue
      }
      guard old != person else { continue }
      try session.run(
        "UPDATE person SET \(set), updated_at = $\(count + 1) WHERE customer = $\(count + 2)",
        person.values + [SQLValue(now), SQLValue(customer)])
    }
    try session.append(added, to: "person", PersonRow.columns + ["updated_at"], skippingKnown: true)
  }

  private func writeRelations(_ entries: [Entry], known: [Pseudonym]) throws(QueueError) {
    let before = try RelationRow.rows(of: known, session)
    var after: [Relation: RelationRow] = [:]
    var added: [[SQLValue]] = []
    for entry in entries {
      let row = RelationRow(entry.standing, before: before[entry.relation])
      let isNew = after.updateValue(row, forKey: entry.relation) == nil
      let values: [SQLValue] = [
        .integer(row.flags), row.bookedFor.map(SQLValue.integer) ?? .null, SQLValue(entry.relation.customer),
        SQLValue(entry.relation.vehicle),
      ]
      if let old = before[entry.relation] {
        guard old != row else { continue }
        try session.run(
          "UPDATE relation SET flags = $1, booked_for = $2 WHERE customer = $3 AND vehicle = $4", values)
      } else if isNew {
        added.append(values)
      }
    }
    try session.append(
      added, to: "relation", ["flags", "booked_for", "customer", "vehicle"], skippingKnown: true)
  }

  /// Touches of histories are replaced; those of the queue's own tasks stay.
  private func writeTouches(_ entries: [Entry], known: [Pseudonym: PersonRow]) throws(QueueError) {
    try SQLList.pieces(of: entries.map(\.relation.customer).filter { known[$0] != nil }) {
      piece throws(QueueError) in
      try session.run(
        "DELETE FROM touch WHERE customer IN (\(SQLList.places(piece.count, from: 1))) AND task IS NULL",
        piece.map { SQLValue($0) })
    }
    try session.append(
      entries.flatMap { entry in
        entry.standing.touches.map { touch in
          [
            SQLValue(entry.relation.customer), SQLValue(touch.at),
            touch.channel.map { .integer($0.code) } ?? .null,
          ]
        }
      }, to: "touch", ["customer", "at", "channel"], skippingKnown: true)
  }
}
