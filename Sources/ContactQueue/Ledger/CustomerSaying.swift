internal import Histories

/// What a customer said, or somebody found out, through the queue; it holds at once for all tasks.
struct CustomerSaying {
  /// The words stand in the database and never change.
  enum Kind: String {
    case granted = "consent_granted"
    case refused = "consent_refused"
    case doNotContact = "do_not_contact"
    /// The customer died or left for good.
    case ended
    /// The address of a channel cannot be used; `scope` holds the channels.
    case unusable
    /// Sold, scrapped: with this vehicle only.
    case vehicleGone = "vehicle_gone"
  }

  var customer: Pseudonym
  var vehicle: Pseudonym?
  var kind: Kind
  var scope: UInt32 = 0
  var at: Moment

  /// What follows from a failure.
  static func following(from reason: FailReason, _ task: TaskRow, at: Moment) -> [CustomerSaying] {
    let channels = task.identity.channel.consent
    func saying(_ kind: Kind, _ scope: UInt32 = 0) -> [CustomerSaying] {
      [CustomerSaying(customer: task.customer, vehicle: task.vehicle, kind: kind, scope: scope, at: at)]
    }
    switch reason {
    case .optedOut: return saying(.refused, everyPurpose(channels))
    case .doNotContact: return saying(.doNotContact)
    case .deceased: return saying(.ended)
    case .vehicleGone: return saying(.vehicleGone)
    case .invalidAddress, .notOwner: return saying(.unusable, UInt32(channels.rawValue))
    case .noAnswer, .busy, .unreachable, .callBack, .providerDown, .rateLimited, .refused, .blocked, .other:
      return []
    }
  }

  /// The scope of a channel for all purposes.
  private static func everyPurpose(_ channels: ChannelSet) -> UInt32 {
    ConsentPurpose.allCases.reduce(into: ConsentScope()) { scope, purpose in
      for channel in UInt8(0)..<8 where channels.rawValue & (1 << channel) != 0 {
        scope.formUnion(ConsentScope(channel: channel, purpose: purpose))
      }
    }.rawValue
  }

  /// Keeps sayings and works out anew what their customers said.
  static func write(_ sayings: [CustomerSaying], source: String, _ log: ChangeLog) throws(QueueError) {
    guard !sayings.isEmpty else { return }
    for saying in sayings {
      try log.session.run(
        "INSERT INTO statement (customer, kind, scope, at, source, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)",
        [
          SQLValue(saying.customer), .text(saying.kind.rawValue), .integer(Int64(saying.scope)),
          SQLValue(saying.at), .text(source), SQLValue(log.now),
        ])
      if saying.kind == .vehicleGone, let vehicle = saying.vehicle {
        try log.session.run(
          """
          INSERT INTO relation (customer, vehicle, flags, booked_for) VALUES ($1, $2, $3, NULL)
            ON CONFLICT (customer, vehicle) DO UPDATE SET flags = relation.flags | excluded.flags
          """, [SQLValue(saying.customer), SQLValue(vehicle), .integer(RelationRow.saidEnded)])
      }
      // Without the customer's keyed name: events outlive an erasure.
      log.record(.stated, reason: saying.kind.rawValue)
    }
    try update(Array(Set(sayings.map(\.customer))), unusable: sayings.filter { $0.kind == .unusable }, log)
  }

  private static func update(
    _ customers: [Pseudonym], unusable: [CustomerSaying], _ log: ChangeLog
  ) throws(QueueError) {
    let people = try PersonRow.rows(of: customers, log.session, lock: " FOR UPDATE")
    let said = try statements(of: customers, log.session)
    for customer in customers {
      var person = people[customer] ?? PersonRow()
      person.said(said[customer] ?? [])
      for saying in unusable where saying.customer == customer {
        person.saidUnusable |= UInt8(truncatingIfNeeded: saying.scope)
      }
      let columns = PersonRow.columns + ["updated_at"]
      try log.session.run(
        """
        INSERT INTO person (\(columns.joined(separator: ", ")))
          VALUES (\(SQLList.places(columns.count, from: 1)))
          ON CONFLICT (customer) DO UPDATE SET said_granted = excluded.said_granted,
            said_refused = excluded.said_refused, said_flags = excluded.said_flags,
            said_unusable = excluded.said_unusable, updated_at = excluded.updated_at
        """, [SQLValue(customer)] + person.values + [SQLValue(log.now)])
    }
  }

  private static func statements(
    of customers: [Pseudonym], _ session: any SQLSession
  ) throws(QueueError) -> [Pseudonym: [CustomerSaying]] {
    var found: [Pseudonym: [CustomerSaying]] = [:]
    try SQLList.pieces(of: customers) { piece throws(QueueError) in
      for row in try session.rows(
        "SELECT customer, kind, scope, at FROM statement WHERE customer IN (\(SQLList.places(piece.count, from: 1)))",
        piece.map { SQLValue($0) })
      {
        guard let customer = row[0].pseudonym, let kind = row[1].text.flatMap(Kind.init),
          let scope = row[2].integer, let at = row[3].integer
        else { throw .damaged("statement") }
        found[customer, default: []].append(
          CustomerSaying(
            customer: customer, kind: kind, scope: UInt32(truncatingIfNeeded: scope),
            at: Moment(milliseconds: at)))
      }
    }
    return found
  }
}

extension PersonRow {
  /// Works out what was said from all statements: the latest on a scope holds, of two at one moment the refusal.
  mutating func said(_ statements: [CustomerSaying]) {
    (saidGranted, saidRefused) = (0, 0)
    saidFlags = 0
    for saying in statements.sorted(by: { ($0.at, $0.rank) < ($1.at, $1.rank) }) {
      switch saying.kind {
      case .granted:
        saidGranted |= saying.scope
        saidRefused &= ~saying.scope
      case .refused:
        saidRefused |= saying.scope
        saidGranted &= ~saying.scope
      case .doNotContact: saidFlags |= Self.doNotContact
      case .ended: saidFlags |= Self.ended
      case .unusable, .vehicleGone: break
      }
    }
  }
}

extension CustomerSaying {
  fileprivate var rank: Int { kind == .granted ? 0 : 1 }
}
