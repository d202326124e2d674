/// A few thousand lines of a list on their way into the database.
struct EnqueueBlock {
  /// Lines that are looked up and appended together.
  static let length = 4096

  let log: ChangeLog
  let vault: Vault
  let erasures: Erasures
  let run: EnqueueRun

  /// What all lines of a run share.
  struct EnqueueRun {
    let campaign: CampaignRecord
    let run: Int64
    /// The list was enqueued before: its scores are there.
    let isKnown: Bool
  }

  private struct Line {
    var line: EnqueueLine
    var relation: Relation
    var decision: EnqueueLine.Decision
    var key: Pseudonym?
    var isNew = false
  }

  /// - Parameters:
  ///   - first: the number of the first line, from 1.
  ///   - nextTask: the number of the next task.
  func write(
    _ lines: [EnqueueLine], first: Int, nextTask: inout Int64, report: inout EnqueueReport
  ) throws(QueueError) {
    let vault = vault
    let relations = Concurrent.map(lines) { line in
      Relation(
        customer: vault.pseudonym(customer: line.contact.customerID),
        vehicle: vault.pseudonym(vehicle: line.details.vin))
    }
    var block = zip(lines, relations).map { Line(line: $0, relation: $1, decision: $0.decision) }
    let erased = try erasures.places(in: lines.map(\.contact.customerID))
    for place in erased {
      block[place].decision = .suppressed(.erased)
      // Not even the keyed name comes back.
      block[place].relation = Relation(customer: .random(), vehicle: .random())
    }
    try LedgerWriter(session: log.session, vault: vault, now: log.now).write(
      block.indices.filter { !erased.contains($0) }.map { place in
        LedgerWriter.Entry(
          relation: block[place].relation, standing: block[place].line.standing,
          contact: block[place].line.contact)
      })
    let heldOut = try heldOutCustomers(block)
    for place in block.indices {
      guard case .contact(let channel, _) = block[place].decision else { continue }
      let customer = block[place].relation.customer
      if let stratum = heldOut[customer] {
        block[place].decision = .heldOut(stratum: stratum)
      } else {
        block[place].key = TaskKey.key(
          campaign: run.campaign.campaign.name, customer: customer, vehicle: block[place].relation.vehicle,
          channel: channel, wave: run.campaign.campaign.wave, template: run.campaign.campaign.template)
      }
    }
    try markNew(&block)
    try writeScores(block, first: first)
    try writeHoldout(block, first: first)
    try writeTasks(block, first: first, nextTask: &nextTask, report: &report)
    count(block, in: &report)
    try log.relieve()
  }

  /// Who is in the campaign's hold-out stays there, whatever the policy now says.
  private func heldOutCustomers(_ block: [Line]) throws(QueueError) -> [Pseudonym: String] {
    var found: [Pseudonym: String] = [:]
    try SQLList.pieces(of: block.map(\.relation.customer)) { piece throws(QueueError) in
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
    return found
  }

  private func markNew(_ block: inout [Line]) throws(QueueError) {
    var known: Set<Pseudonym> = []
    try SQLList.pieces(of: block.compactMap(\.key)) { piece throws(QueueError) in
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

  private func writeScores(_ block: [Line], first: Int) throws(QueueError) {
    guard !run.isKnown else { return }
    let rows: [[SQLValue]] = block.enumerated().map { place, line in
      [
        .integer(run.run), SQLValue(first + place), SQLValue(line.relation.customer),
        SQLValue(line.relation.vehicle), SQLValue(line.line.probability), SQLValue(line.line.value),
        SQLValue(line.line.tier), .text(line.decision.word),
      ]
    }
    try log.session.append(
      rows, to: "score",
      ["run", "line", "customer", "vehicle", "probability", "value", "tier", "decision"])
  }

  private func writeHoldout(_ block: [Line], first: Int) throws(QueueError) {
    var rows: [[SQLValue]] = []
    var customers: [Pseudonym] = []
    for (place, line) in block.enumerated() {
      guard case .heldOut(let stratum) = line.decision else { continue }
      customers.append(line.relation.customer)
      rows.append([
        .integer(run.campaign.id), SQLValue(line.relation.customer), SQLValue(line.relation.vehicle),
        .text(stratum), SQLValue(run.campaign.campaign.wave), SQLValue(log.now), .integer(run.run),
        SQLValue(first + place),
      ])
    }
    let added = try log.session.append(
      rows, to: "holdout", ["campaign", "customer", "vehicle", "stratum", "wave", "at", "run", "line"],
      skippingKnown: true)
    log.count(heldOut: added)
    try withdraw(customers)
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

  private func writeTasks(
    _ block: [Line], first: Int, nextTask: inout Int64, report: inout EnqueueReport
  ) throws(QueueError) {
    var tasks: [[SQLValue]] = []
    var details: [[SQLValue]] = []
    let payloads = try sealed(block)
    for (place, line) in block.enumerated() {
      guard line.isNew, let key = line.key, case .contact(let channel, let due) = line.decision else {
        continue
      }
      let id = nextTask
      let state: TaskState = line.line.needsApproval ? .planned : .approved
      nextTask += 1
      tasks.append([
        .integer(id), SQLValue(key), .integer(run.campaign.id), .integer(run.run), SQLValue(first + place),
        SQLValue(run.campaign.campaign.wave), SQLValue(line.relation.customer),
        SQLValue(line.relation.vehicle), .integer(channel.code), SQLValue(line.line.tier),
        .real(line.line.priority), SQLValue(due), .integer(due <= log.now ? 1 : 0), .integer(state.code),
        .integer(0), SQLValue(log.now),
      ])
      details.append([.integer(id), .blob(payloads[place])])
      let identity = TaskIdentity(id: id, key: key, campaign: run.campaign.id, channel: channel)
      log.record(.enqueued, identity, from: nil, to: state)
      report.channels[channel, default: 0] += 1
    }
    try log.session.append(
      tasks, to: "task",
      [
        "id", "key", "campaign", "run", "line", "wave", "customer", "vehicle", "channel", "tier", "priority",
        "due_at", "is_due", "state", "attempts", "updated_at",
      ])
    try log.session.append(details, to: "task_detail", ["task", "payload"])
  }

  /// The details of new tasks, sealed; empty for other lines.
  private func sealed(_ block: [Line]) throws(QueueError) -> [[UInt8]] {
    let vault = vault
    var payloads: [[UInt8]] = []
    for result in Concurrent.map(
      block,
      { line -> Result<[UInt8], QueueError> in
        guard line.isNew, let key = line.key else { return .success([]) }
        return Result { () throws(QueueError) in
          try vault.seal(DetailsCoding.bytes(line.line.details), for: key)
        }
      })
    { payloads.append(try result.get()) }
    return payloads
  }

  private func count(_ block: [Line], in report: inout EnqueueReport) {
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
