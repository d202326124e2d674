/// Brings a block of relations up to date in the ledger: what is new is appended, what differs is updated.
struct LedgerWriter {
  let session: any SQLSession
  let vault: Vault
  let now: Moment

  /// One relation with what is known of it.
  struct Entry {
    var relation: Relation
    var standing: Standing
    /// The contact's details as they are kept, not sealed; `nil` where the caller knows no address.
    var contact: [UInt8]?
  }

  private struct Group {
    let customer: Pseudonym
    /// The entry that speaks for the person: of a customer with two vehicles the last one.
    let speaker: Int
  }

  /// Writes the entries in the order of their keys, so that rows go into a tree one beside the other.
  ///
  /// - Parameter seen: the only customers that may be in the ledger, and the caller alone writes there; `nil` where others
  ///   may be or come.
  func write(_ entries: [Entry], among seen: Set<Pseudonym>? = nil) throws(QueueError) {
    let order = entries.indices.map { Place(relation: entries[$0].relation, entry: $0) }.sorted()
    let groups = Self.grouped(order)
    let customers = groups.map(\.customer)
    let before = try PersonRow.rows(of: seen.map { customers.filter($0.contains) } ?? customers, session)
    let known = before.isEmpty ? [] : customers.filter { before[$0] != nil }
    let skips = seen == nil
    try writePersons(groups, entries, before: before, known: known, skips)
    try writeRelations(order, entries, known: known, skips)
    try writeTouches(groups.map { ($0.customer, entries[$0.speaker].standing.touches) }, known: known)
  }

  /// An entry's place in the list, to be sorted by its relation.
  private struct Place: Comparable {
    let relation: Relation
    let entry: Int

    static func < (left: Place, right: Place) -> Bool {
      (left.relation.customer, left.relation.vehicle, left.entry)
        < (right.relation.customer, right.relation.vehicle, right.entry)
    }
  }

  private static func grouped(_ order: [Place]) -> [Group] {
    var groups: [Group] = []
    groups.reserveCapacity(order.count)
    var start = 0
    while start < order.count {
      let customer = order[start].relation.customer
      var (end, speaker) = (start, 0)
      while end < order.count, order[end].relation.customer == customer {
        speaker = max(speaker, order[end].entry)
        end += 1
      }
      groups.append(Group(customer: customer, speaker: speaker))
      start = end
    }
    return groups
  }

  private func writePersons(
    _ groups: [Group], _ entries: [Entry], before: [Pseudonym: PersonRow], known: [Pseudonym], _ skips: Bool
  ) throws(QueueError) {
    let payloads = try ContactReader(session: session, vault: vault).payloads(
      of: known.map { ($0, before[$0]?.contactVersion) })
    var contacts = RowBlock("contact", ["customer", "version", "payload"])
    var people = RowBlock("person", PersonRow.columns + ["updated_at"])
    contacts.reserve(rows: groups.count, bytesPerRow: Self.bytesOfContact)
    people.reserve(rows: groups.count, bytesPerRow: Self.bytesOfPerson)
    for group in groups {
      let old = before.isEmpty ? nil : before[group.customer]
      var person = old ?? PersonRow()
      person.take(entries[group.speaker].standing)
      if let payload = entries[group.speaker].contact, old == nil || payloads[group.customer] != payload {
        person.contactVersion += 1
        person.saidUnusable = 0
        contacts.append(group.customer)
        contacts.append(person.contactVersion)
        contacts.append(try vault.seal(payload, for: group.customer))
        contacts.endRow()
      }
      if old == nil {
        people.append(group.customer)
        for number in person.numbers { people.append(number) }
        people.append(now)
        people.endRow()
      } else if old != person {
        try update(group.customer, person)
      }
    }
    try add(contacts, skips)
    try add(people, skips)
  }

  private func add(_ rows: RowBlock, _ skips: Bool) throws(QueueError) {
    if skips { try session.append(rows, skippingKnown: true) } else { try session.append(rows) }
  }

  private static let bytesOfContact = 320
  private static let bytesOfPerson = 192
  private static let bytesOfRelation = 80

  private func update(_ customer: Pseudonym, _ person: PersonRow) throws(QueueError) {
    let set = PersonRow.columns.dropFirst().enumerated().map { "\($1) = $\($0 + 1)" }.joined(separator: ", ")
    let count = PersonRow.columns.count - 1
    try session.run(
      "UPDATE person SET \(set), updated_at = $\(count + 1) WHERE customer = $\(count + 2)",
      person.values + [SQLValue(now), SQLValue(customer)])
  }

  private func writeRelations(
    _ order: [Place], _ entries: [Entry], known: [Pseudonym], _ skips: Bool
  ) throws(QueueError) {
    let before = try RelationRow.rows(of: known, session)
    var added = RowBlock("relation", ["flags", "booked_for", "customer", "vehicle"])
    added.reserve(rows: order.count, bytesPerRow: Self.bytesOfRelation)
    for (place, own) in order.enumerated() {
      // Of several lines on one relation the last one speaks.
      if place + 1 < order.count, order[place + 1].relation == own.relation { continue }
      let old = before.isEmpty ? nil : before[own.relation]
      let row = RelationRow(entries[own.entry].standing, before: old)
      if old == nil {
        added.append(row.flags)
        added.append(row.bookedFor)
        added.append(own.relation.customer)
        added.append(own.relation.vehicle)
        added.endRow()
      } else if old != row {
        try session.run(
          "UPDATE relation SET flags = $1, booked_for = $2 WHERE customer = $3 AND vehicle = $4",
          [
            .integer(row.flags), row.bookedFor.map(SQLValue.integer) ?? .null,
            SQLValue(own.relation.customer), SQLValue(own.relation.vehicle),
          ])
      }
    }
    try add(added, skips)
  }

  /// Touches of histories are replaced; those of the queue's own tasks stay.
  private func writeTouches(
    _ touches: [(customer: Pseudonym, touches: [Touch])], known: [Pseudonym]
  ) throws(QueueError) {
    try SQLList.pieces(of: known) { piece throws(QueueError) in
      try session.run(
        "DELETE FROM touch WHERE customer IN (\(SQLList.places(piece.count, from: 1))) AND task IS NULL",
        piece.map { SQLValue($0) })
    }
    var rows = RowBlock("touch", ["customer", "at", "channel"])
    for (customer, touches) in touches {
      for touch in touches {
        rows.append(customer)
        rows.append(touch.at)
        rows.append(touch.channel?.code)
        rows.endRow()
      }
    }
    try session.append(rows)
  }
}
