/// Blocks of lines of a list on their way into the database.
struct EnqueueBlock {
  /// Lines that are looked up and appended together: many, for they go into the ledger in the order of its keys.
  static let length = 1 << 16

  let log: ChangeLog
  let vault: Vault
  let erasures: Erasures
  let run: EnqueueRun
  private var nextTask: Int64
  /// What is known of the list so far, if it is the queue's first.
  private var first: FirstList?
  private(set) var report = EnqueueReport()

  /// What all lines of a run share.
  struct EnqueueRun {
    let campaign: CampaignRecord
    let run: Int64
    /// The list was enqueued before: its scores are there.
    let isKnown: Bool
  }

  /// - Parameter mayBeFirst: the list is long enough for an empty queue to be taken for itself.
  init(log: ChangeLog, vault: Vault, erasures: Erasures, run: EnqueueRun, mayBeFirst: Bool) throws(QueueError)
  {
    self.log = log
    self.vault = vault
    self.erasures = erasures
    self.run = run
    nextTask = 1 + (try log.session.rows("SELECT MAX(id) FROM task", []).first?[0].integer ?? 0)
    first = mayBeFirst ? try FirstList(log.session) : nil
    report.run = run.run
    if first != nil { log.isAlone = true }
  }

  mutating func write(_ block: inout [PreparedLine]) throws(QueueError) {
    let erased = try erasures.places(in: block.map(\.customerID))
    for place in erased {
      block[place].overrule(.suppressed(.erased))
      // Not even the keyed name comes back.
      block[place].relation = Relation(customer: .random(), vehicle: .random())
    }
    try LedgerWriter(session: log.session, vault: vault, now: log.now).write(
      block.indices.filter { !erased.contains($0) }.map { place in
        LedgerWriter.Entry(
          relation: block[place].relation, standing: block[place].standing,
          contact: block[place].contact)
      }, among: first?.customers)
    try keepHeldOut(&block)
    try markNew(&block)
    first?.add(block)
    let number = report.lines + 1
    try writeHoldout(block, first: number)
    try writeScores(block, first: number)
    try writeTasks(block, first: number)
    // Without its index nobody is found; `finish` does it then.
    if first == nil { try withdraw(block.filter(\.isHeldOut).map(\.relation.customer)) }
    count(block)
    try log.relieve()
  }

  /// Makes the database whole again when all lines are written.
  func finish() throws(QueueError) {
    guard let first else { return }
    try first.finish()
    try withdraw(first.contradicted)
  }

  /// Who is in the campaign's hold-out stays there, whatever the policy now says.
  private func keepHeldOut(_ block: inout [PreparedLine]) throws(QueueError) {
    var found: [Pseudonym: String] = [:]
    try SQLList.pieces(of: mayBeKnown(block.map(\.relation.customer))) { piece throws(QueueError) in
      for row in try log.session.rows(
        """
        SELECT customer, stratum FROM holdout
          WHERE campaign = $1 AND customer IN (\(SQLList.places(piece.count, from: 2)))
        """, [.integer(run.campaign.id)] + piece.map { SQLValue($0) })
      {
        guard let customer = row[0].pseudonym, let stratum = row[1].text else { throw .damaged("holdout") }
        found[customer] = stratum
      }
    }
    guard !found.isEmpty else { return }
    for place in block.indices {
      guard case .contact = block[place].decision, let stratum = found[block[place].relation.customer] else {
        continue
      }
      block[place].overrule(.heldOut(stratum: stratum))
    }
  }

  /// The customers of whom the queue may know something.
  private func mayBeKnown(_ customers: [Pseudonym]) -> [Pseudonym] {
    first.map { first in customers.filter(first.customers.contains) } ?? customers
  }

  private mutating func markNew(_ block: inout [PreparedLine]) throws(QueueError) {
    guard first == nil else {
      for place in block.indices {
        if let key = block[place].key { block[place].isNew = first?.add(key: key) ?? false }
      }
      return
    }
    var known: Set<Pseudonym> = []
    try SQLList.pieces(of: block.compactMap(\.key).sorted()) { piece throws(QueueError) in
      for row in try log.session.rows(
        "SELECT key FROM task WHERE key IN (\(SQLList.places(piece.count, from: 1)))",
        piece.map { SQLValue($0) })
      {
        if let key = row[0].pseudonym { known.insert(key) }
      }
    }
    for place in block.indices {
      if let key = block[place].key { block[place].isNew = known.insert(key).inserted }
    }
  }

  private func writeScores(_ block: [PreparedLine], first: Int) throws(QueueError) {
    guard !run.isKnown else { return }
    var rows = RowBlock(
      "score", ["run", "line", "customer", "vehicle", "probability", "value", "tier", "decision"])
    rows.reserve(rows: block.count, bytesPerRow: Self.bytesOfScore)
    for (place, line) in block.enumerated() {
      rows.append(run.run)
      rows.append(first + place)
      rows.append(line.relation.customer)
      rows.append(line.relation.vehicle)
      rows.append(line.probability)
      rows.append(line.value)
      rows.append(line.tier)
      rows.append(line.decision.word)
      rows.endRow()
    }
    try log.session.append(rows)
  }

  private static let bytesOfScore = 160
  private static let bytesOfTask = 256
  private static let bytesOfDetails = 512

  private func writeHoldout(_ block: [PreparedLine], first number: Int) throws(QueueError) {
    var rows = RowBlock(
      "holdout", ["campaign", "customer", "vehicle", "stratum", "wave", "at", "run", "line"])
    for (place, line) in block.enumerated() {
      guard case .heldOut(let stratum) = line.decision else { continue }
      rows.append(run.campaign.id)
      rows.append(line.relation.customer)
      rows.append(line.relation.vehicle)
      rows.append(stratum)
      rows.append(run.campaign.campaign.wave)
      rows.append(log.now)
      rows.append(run.run)
      rows.append(number + place)
      rows.endRow()
    }
    log.count(heldOut: try log.session.append(rows, skippingKnown: true))
  }

  /// Open tasks of the campaign for customers that are now held out.
  private func withdraw(_ customers: [Pseudonym]) throws(QueueError) {
    try SQLList.pieces(of: customers) { piece throws(QueueError) in
      let tasks = try TaskRow.all(
        log.session,
        """
        SELECT \(TaskRow.columns) FROM task WHERE campaign = $1
          AND state IN (\(TaskState.planned.code), \(TaskState.approved.code))
          AND customer IN (\(SQLList.places(piece.count, from: 2)))
        """, [.integer(run.campaign.id)] + piece.map { SQLValue($0) })
      try TaskMover(log: log).move(
        tasks, to: .suppressed, .suppressed, reason: SuppressionReason.heldOut.rawValue)
    }
  }

  private mutating func writeTasks(_ block: [PreparedLine], first: Int) throws(QueueError) {
    var tasks = RowBlock(
      "task",
      [
        "id", "key", "campaign", "run", "line", "wave", "customer", "vehicle", "channel", "tier", "priority",
        "due_at", "is_due", "state", "attempts", "updated_at",
      ])
    tasks.reserve(rows: block.count, bytesPerRow: Self.bytesOfTask)
    var details = RowBlock("task_detail", ["task", "payload"])
    details.reserve(rows: block.count, bytesPerRow: Self.bytesOfDetails)
    let campaign = run.campaign
    for (place, line) in block.enumerated() {
      guard line.isNew, let key = line.key, case .contact(let channel, let due) = line.decision else {
        continue
      }
      let state: TaskState = line.needsApproval ? .planned : .approved
      tasks.append(nextTask)
      tasks.append(key)
      tasks.append(campaign.id)
      tasks.append(run.run)
      tasks.append(first + place)
      tasks.append(campaign.campaign.wave)
      tasks.append(line.relation.customer)
      tasks.append(line.relation.vehicle)
      tasks.append(channel.code)
      tasks.append(line.tier)
      tasks.append(line.priority)
      tasks.append(due)
      tasks.append(due <= log.now ? 1 : 0)
      tasks.append(state.code)
      tasks.append(0)
      tasks.append(log.now)
      tasks.endRow()
      details.append(nextTask)
      details.append(line.details)
      details.endRow()
      let identity = TaskIdentity(id: nextTask, key: key, campaign: campaign.id, channel: channel)
      log.record(.enqueued, identity, from: nil, to: state)
      report.channels[channel, default: 0] += 1
      nextTask += 1
    }
    try log.session.append(tasks)
    try log.session.append(details)
  }

  private mutating func count(_ block: [PreparedLine]) {
    report.lines += block.count
    for line in block {
      switch line.decision {
      case .contact:
        if line.isNew { report.enqueued += 1 } else { report.alreadyThere += 1 }
      case .heldOut: report.heldOut += 1
      case .suppressed(let reason): report.suppressed[reason, default: 0] += 1
      }
    }
  }
}

extension EnqueueLine.Decision {
  /// What the words of suppressed lines begin with.
  static let suppressed = "suppressed:"

  /// How `score` keeps it.
  var word: String {
    switch self {
    case .contact(let channel, _): "contact:\(channel.rawValue)"
    case .heldOut: SuppressionReason.heldOut.rawValue
    case .suppressed(let reason): "\(Self.suppressed)\(reason.rawValue)"
    }
  }
}
