extension TaskQueue {
  /// Takes a list into the queue: scores, run, ledger and tasks together, or nothing.
  ///
  /// - Parameter next: the next line; `nil` ends. Called once for each line, in order.
  /// - Throws: `usage` when the campaign exists for another purpose; whatever `next` throws. Nothing was changed then.
  /// - Complexity: O(lines), in blocks of `EnqueueBlock.length`.
  public func enqueue(
    _ campaign: Campaign, run: RunRecord, at now: Moment,
    next: () throws -> EnqueueLine?
  ) throws -> EnqueueReport {
    try enqueue(campaign, run: run, at: now, blockLength: EnqueueBlock.length, next: next)
  }

  /// The same in blocks of another length.
  func enqueue(
    _ campaign: Campaign, run: RunRecord, at now: Moment, blockLength: Int,
    next: () throws -> EnqueueLine?
  ) throws -> EnqueueReport {
    try withoutActuallyEscaping(next) { next in
      try enqueue(campaign, at: now, blockLength: blockLength) { _ in (run, next) }
    }
  }

  /// The same for a list that is planned by what the campaign has done before; of several lists at once, every one
  /// sees what those before it have done.
  ///
  /// - Parameter plan: gives the run and the lines. It is handed what reads the parts that customers have had in the
  ///   campaign so far, in this wave or others; see `parts(ofCampaign:wave:)`.
  /// - Throws: `usage` when the campaign exists for another purpose; whatever `plan` and its lines throw. Nothing was
  ///   changed then.
  /// - Complexity: O(lines), in blocks of `EnqueueBlock.length`.
  public func enqueue(_ campaign: Campaign, at now: Moment, plan: Plan) throws -> EnqueueReport {
    try enqueue(campaign, at: now, blockLength: EnqueueBlock.length, plan: plan)
  }

  /// Makes the lines of a list, handed what reads what the campaign has done before.
  public typealias Plan = (_ earlier: () throws(QueueError) -> [Pseudonym: CampaignPart]) throws -> (
    run: RunRecord, next: () throws -> EnqueueLine?
  )

  private func enqueue(
    _ campaign: Campaign, at now: Moment, blockLength: Int, plan: Plan
  ) throws -> EnqueueReport {
    var source = LineSource()
    do {
      return try changeOnce(at: now) { log throws(QueueError) in
        // Numbers of tasks and runs are given out without gaps, and plans know of each other.
        try Self.lockOut(log.session)
        let planned = try source.plan {
          try plan { () throws(QueueError) in
            try Self.parts(ofCampaign: campaign.name, wave: campaign.wave, log.session)
          }
        }
        return try self.enqueue(campaign, planned.run, log, &source, blockLength, planned.next)
      }
    } catch {
      throw source.failure ?? error
    }
  }

  private func enqueue(
    _ campaign: Campaign, _ record: RunRecord, _ log: ChangeLog,
    _ source: inout LineSource, _ length: Int, _ next: () throws -> EnqueueLine?
  ) throws(QueueError) -> EnqueueReport {
    let campaign = try CampaignStore(session: log.session).save(campaign, at: log.now)
    let (run, isKnown) = try saveRun(record, campaign, log)
    let vault = vault
    func prepared() throws(QueueError) -> [PreparedLine] {
      var lines: [PreparedLine] = []
      lines.reserveCapacity(length)
      for line in try source.block(of: length, next) {
        lines.append(try PreparedLine(line, campaign.campaign, vault))
      }
      return lines
    }
    var lines = try prepared()
    var block = try EnqueueBlock(
      log: log, vault: vault, erasures: try Erasures(session: log.session, vault: vault),
      run: EnqueueBlock.EnqueueRun(campaign: campaign, run: run, isKnown: isKnown),
      mayBeFirst: lines.count == length)
    while !lines.isEmpty {
      // What comes next is prepared by another core while the database takes this.
      lines = try Concurrent.run({ () throws(QueueError) in try block.write(&lines) }, beside: prepared)
    }
    try block.finish()
    let report = block.report
    log.record(
      .run,
      detail:
        "run=\(run) campaign=\(campaign.id) lines=\(report.lines) enqueued=\(report.enqueued) "
        + "already_there=\(report.alreadyThere) held_out=\(report.heldOut)")
    return report
  }

  /// Lets one list, refresh or erasure go on at a time until the transaction ends. SQLite has one writer anyway.
  static func lockOut(_ session: any SQLSession) throws(QueueError) {
    if session.dialect == .postgresql { try session.run("LOCK TABLE run IN EXCLUSIVE MODE", []) }
  }

  /// - Returns: the run's number, and whether the same list was enqueued before for the same wave.
  private func saveRun(
    _ record: RunRecord, _ campaign: CampaignRecord, _ log: ChangeLog
  ) throws(QueueError) -> (Int64, Bool) {
    let own = campaign.campaign
    if let known = try log.session.rows(
      "SELECT id FROM run WHERE campaign = $1 AND wave = $2 AND template = $3 AND list = $4",
      [.integer(campaign.id), SQLValue(own.wave), .text(own.template), .text(record.list)]
    ).first?[0].integer {
      return (known, true)
    }
    let id = 1 + (try log.session.rows("SELECT MAX(id) FROM run", []).first?[0].integer ?? 0)
    let counts = record.counts.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
    try log.session.run(
      """
      INSERT INTO run (id, campaign, wave, template, policy, list, model, model_hash, counts, started_at,
        committed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      """,
      [
        .integer(id), .integer(campaign.id), SQLValue(own.wave), .text(own.template), .text(own.policy),
        .text(record.list), SQLValue(record.model), SQLValue(record.modelHash),
        .text("{\(counts.joined(separator: ","))}"), SQLValue(record.startedAt), SQLValue(log.now),
      ])
    return (id, false)
  }

  /// Brings the ledger up to date with the histories, so that leases go by what is known now.
  ///
  /// - Returns: the number of lines.
  public func refresh(at now: Moment, next: () throws -> LedgerLine?) throws -> Int {
    var source = LineSource()
    do {
      return try changeOnce(at: now) { log throws(QueueError) in
        try Self.lockOut(log.session)
        let writer = LedgerWriter(session: log.session, vault: self.vault, now: now)
        let erasures = try Erasures(session: log.session, vault: self.vault)
        var count = 0
        while true {
          let lines = try source.block(of: EnqueueBlock.length, next)
          guard !lines.isEmpty else { return count }
          let erased = try erasures.places(in: lines.map(\.customerID))
          try writer.write(
            lines.indices.filter { !erased.contains($0) }.map { place in
              let line = lines[place]
              return LedgerWriter.Entry(
                relation: Relation(
                  customer: self.vault.pseudonym(customer: line.customerID),
                  vehicle: self.vault.pseudonym(vehicle: line.vin)), standing: line.standing, contact: nil)
            })
          count += lines.count
        }
      }
    } catch {
      throw source.failure ?? error
    }
  }
}

/// Lines that come once; what their source throws is kept and undoes the transaction.
struct LineSource {
  private(set) var failure: (any Error)?

  mutating func plan<Plan>(_ make: () throws -> Plan) throws(QueueError) -> Plan {
    do {
      return try make()
    } catch {
      failure = error
      throw QueueError(.fault, "The list could not be planned.", next: "Nothing was changed.")
    }
  }

  mutating func block<Line>(
    of length: Int, _ next: () throws -> Line?
  ) throws(QueueError) -> [Line] {
    var lines: [Line] = []
    do {
      while lines.count < length, let line = try next() { lines.append(line) }
    } catch {
      failure = error
      throw QueueError(.fault, "The list could not be read to its end.", next: "Nothing was changed.")
    }
    return lines
  }
}
