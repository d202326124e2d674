/// A row of `task`, as far as moving it needs.
struct TaskRow {
  var identity: TaskIdentity
  var customer: Pseudonym
  var vehicle: Pseudonym
  var tier: String?
  var priority: Double
  var due: Moment
  var state: TaskState
  var attempts: Int
  var owner: String?
  var token: Pseudonym?
  var sentAt: Moment?
  var reason: String?
  /// Which of the customer's contact details the worker was given; `nil` before the first lease.
  var contactVersion: Int64?

  static let columns =
    """
    id, key, campaign, channel, customer, vehicle, tier, priority, due_at, state, attempts, owner, token, sent_at,
    reason, contact_version
    """

  init(_ row: [SQLValue]) throws(QueueError) {
    guard let id = row[0].integer, let key = row[1].pseudonym, let campaign = row[2].integer,
      let channel = row[3].integer.flatMap(Channel.init), let customer = row[4].pseudonym,
      let vehicle = row[5].pseudonym, let priority = row[7].real, let due = row[8].integer,
      let state = row[9].integer.flatMap(TaskState.init), let attempts = row[10].integer
    else { throw .damaged("task") }
    identity = TaskIdentity(id: id, key: key, campaign: campaign, channel: channel)
    self.customer = customer
    self.vehicle = vehicle
    tier = row[6].text
    self.priority = priority
    self.due = Moment(milliseconds: due)
    self.state = state
    self.attempts = Int(attempts)
    owner = row[11].text
    token = row[12].pseudonym
    sentAt = row[13].integer.map(Moment.init)
    reason = row[14].text
    contactVersion = row[15].integer
  }

  /// The rows of a query that asks for `columns`.
  static func all(
    _ session: any SQLSession, _ sql: String, _ values: [SQLValue]
  ) throws(QueueError) -> [TaskRow] {
    var tasks: [TaskRow] = []
    for row in try session.rows(sql, values) { tasks.append(try TaskRow(row)) }
    return tasks
  }

  /// The tasks with these keys, locked until the transaction ends.
  static func locked(_ keys: [Pseudonym], _ session: any SQLSession) throws(QueueError) -> [Pseudonym:
    TaskRow]
  {
    var found: [Pseudonym: TaskRow] = [:]
    let lock = session.dialect == .postgresql ? " FOR UPDATE" : ""
    try SQLList.pieces(of: keys.sorted()) {
      piece throws(QueueError) in
      let rows = try all(
        session,
        "SELECT \(columns) FROM task WHERE key IN (\(SQLList.places(piece.count, from: 1))) ORDER BY id\(lock)",
        piece.map { SQLValue($0) })
      for row in rows { found[row.identity.key] = row }
    }
    return found
  }
}

/// The key of a task: what makes it the same task when the same list comes again.
enum TaskKey {
  /// First 16 bytes of SHA-256 over the parts, each after its length.
  static func key(
    campaign: String, customer: Pseudonym, vehicle: Pseudonym, channel: Channel, wave: Int, template: String
  ) -> Pseudonym {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(usualBytes)
    func add(_ part: some Collection<UInt8>) {
      withUnsafeBytes(of: UInt32(part.count).bigEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: part)
    }
    add(campaign.utf8)
    add(customer.bytes)
    add(vehicle.bytes)
    add(channel.rawValue.utf8)
    add("\(wave)".utf8)
    add(template.utf8)
    return Digest.pseudonym(of: bytes)
  }

  private static let usualBytes = 192
}
