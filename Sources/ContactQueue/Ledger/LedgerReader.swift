/// Puts together what the policy must know of the customers of some tasks.
struct LedgerReader {
  let session: any SQLSession

  /// Who a batch of tasks is about.
  struct Standings {
    fileprivate var people: [Pseudonym: PersonRow] = [:]
    fileprivate var relations: [Relation: RelationRow] = [:]
    fileprivate var touches: [Pseudonym: [Contact]] = [:]
    /// Customers with a task that is leased or sent.
    var busy: Set<Pseudonym> = []
    /// Customers that another worker is about to decide on at this moment.
    fileprivate(set) var taken: Set<Pseudonym> = []

    /// Who is not in the ledger granted nothing. Earlier attempts of the task itself are no reason against it.
    func standing(of task: TaskRow) -> Standing {
      var standing = people[task.customer]?.standing ?? Standing()
      relations[Relation(customer: task.customer, vehicle: task.vehicle)]?.add(to: &standing)
      standing.touches = (touches[task.customer] ?? []).filter { $0.task != task.identity.id }.map(\.touch)
      return standing
    }

    /// Which of a customer's contact details are the newest.
    func contactVersion(of customer: Pseudonym) -> Int64? { people[customer]?.contactVersion }
  }

  /// A touch, with the task that made it.
  fileprivate struct Contact {
    var touch: Touch
    var task: Int64?
  }

  /// Reads the ledger; in PostgreSQL the customers stay locked, so that two workers never decide on one at once.
  func standings(of customers: [Pseudonym], touchesSince: Moment) throws(QueueError) -> Standings {
    var standings = Standings()
    standings.people = try PersonRow.rows(of: customers, session, lock: " FOR UPDATE SKIP LOCKED")
    if session.dialect == .postgresql {
      let missing = customers.filter { standings.people[$0] == nil }
      standings.taken = Set(try PersonRow.rows(of: missing, session).keys)
    }
    standings.relations = try RelationRow.rows(of: customers, session)
    try SQLList.pieces(of: customers) { piece throws(QueueError) in
      let places = SQLList.places(piece.count, from: 1)
      let names = piece.map { SQLValue($0) }
      for row in try session.rows(
        "SELECT customer FROM task WHERE customer IN (\(places)) AND \(TaskState.isOut)", names)
      {
        guard let customer = row[0].pseudonym else { throw .damaged("task") }
        standings.busy.insert(customer)
      }
    }
    try readTouches(of: Array(Set(customers)), since: touchesSince, into: &standings)
    return standings
  }

  /// Contacts that the queue made come back with the histories: of two touches on one channel within a day, one made
  /// by a task and one told by histories, the latter is left out.
  private func readTouches(
    of customers: [Pseudonym], since: Moment, into standings: inout Standings
  ) throws(QueueError) {
    var found: [Pseudonym: [Contact]] = [:]
    try SQLList.pieces(of: customers) { piece throws(QueueError) in
      for row in try session.rows(
        """
        SELECT customer, at, channel, task FROM touch
          WHERE customer IN (\(SQLList.places(piece.count, from: 1))) AND at >= $\(piece.count + 1)
        """, piece.map { SQLValue($0) } + [SQLValue(since)])
      {
        guard let customer = row[0].pseudonym, let at = row[1].integer else { throw .damaged("touch") }
        let touch = Touch(at: Moment(milliseconds: at), channel: row[2].integer.flatMap(Channel.init))
        found[customer, default: []].append(Contact(touch: touch, task: row[3].integer))
      }
    }
    for (customer, contacts) in found { standings.touches[customer] = Self.merged(contacts) }
  }

  private static func merged(_ contacts: [Contact]) -> [Contact] {
    let own = contacts.filter { $0.task != nil }
    var unmatched = own
    let told = contacts.filter { contact in
      guard contact.task == nil else { return false }
      guard let twin = unmatched.firstIndex(where: { isSame($0.touch, contact.touch) }) else { return true }
      unmatched.remove(at: twin)
      return false
    }
    return (own + told).sorted { $0.touch.at < $1.touch.at }
  }

  private static func isSame(_ own: Touch, _ told: Touch) -> Bool {
    let distance = Moment.Span(milliseconds: abs((own.at - told.at).milliseconds))
    return own.channel?.consent == told.channel?.consent && distance <= .days(1)
  }
}
