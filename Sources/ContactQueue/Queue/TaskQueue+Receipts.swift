extension TaskQueue {
  /// Takes receipts, in any order and any number of times; every one of them is kept.
  ///
  /// What a receipt says holds unless something newer is known: an earlier attempt's failure does not end a later
  /// attempt, and an old `sent` does not undo a `delivered`. A task that waits for another attempt when its delivery is
  /// reported is cancelled. Opt-outs and unusable addresses hold at once, for all tasks of the customer.
  ///
  /// - Returns: an answer to each, in order.
  public func apply(
    _ receipts: [Receipt], source: String, at now: Moment
  ) throws(QueueError) -> [ReceiptResult] {
    try change(at: now) { log throws(QueueError) in
      var tasks = try TaskRow.locked(receipts.map(\.task), log.session)
      var known = try self.known(receipts, log.session)
      var outcomes = OutcomeWriter(log: log, rules: self.rules)
      var results: [ReceiptResult] = []
      for receipt in receipts {
        guard var task = tasks[receipt.task] else {
          results.append(.unknownTask)
          continue
        }
        guard known.insert(receipt.key).inserted else {
          results.append(.already)
          continue
        }
        let result = try self.apply(receipt, to: &task, &outcomes, log)
        tasks[receipt.task] = task
        try self.keep(receipt, task, result, source, log)
        results.append(result)
      }
      try outcomes.write()
      return results
    }
  }

  private func known(_ receipts: [Receipt], _ session: any SQLSession) throws(QueueError) -> Set<Pseudonym> {
    var known: Set<Pseudonym> = []
    try SQLList.pieces(of: receipts.map(\.key)) { piece throws(QueueError) in
      for row in try session.rows(
        "SELECT id FROM receipt WHERE id IN (\(SQLList.places(piece.count, from: 1)))",
        piece.map { SQLValue($0) })
      {
        if let id = row[0].pseudonym { known.insert(id) }
      }
    }
    return known
  }

  private func keep(
    _ receipt: Receipt, _ task: TaskRow, _ result: ReceiptResult, _ source: String, _ log: ChangeLog
  ) throws(QueueError) {
    let word = if case .applied = result { "applied" } else { "kept" }
    try log.session.run(
      """
      INSERT INTO receipt (id, task, outcome, reason, at, source, result, recorded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """,
      [
        SQLValue(receipt.key), .integer(task.identity.id), .text(receipt.outcome.rawValue),
        SQLValue(receipt.reason?.rawValue), SQLValue(receipt.at), .text(source), .text(word),
        SQLValue(log.now),
      ])
  }

  /// Clocks of providers may be wrong by so much.
  private static let clockError = Moment.Span.minutes(5)

  private func apply(
    _ receipt: Receipt, to task: inout TaskRow, _ outcomes: inout OutcomeWriter, _ log: ChangeLog
  ) throws(QueueError) -> ReceiptResult {
    let isEarlierAttempt =
      task.attempts > 1 && task.sentAt.map { receipt.at < $0 - Self.clockError } ?? false
    switch (task.state, receipt.outcome) {
    case (.leased, .sent), (.leased, .failed):
      guard !isEarlierAttempt else { break }
      return try carryOut(receipt, &task, &outcomes)
    case (.sent, .failed), (.unknown, .failed):
      guard !isEarlierAttempt else { break }
      return try carryOut(receipt, &task, &outcomes)
    case (.leased, let outcome) where outcome.isDelivery:
      return try carryOut(receipt, &task, &outcomes)
    case (.sent, let outcome) where outcome.isDelivery, (.unknown, let outcome) where outcome.isDelivery:
      return try carryOut(receipt, &task, &outcomes)
    case (.delivered, let outcome) where outcome.isDelivery && task.reason != outcome.rawValue:
      // Delivered, reached, promised, booked: a later word never says less.
      guard outcome.rank > Outcome(rawValue: task.reason ?? "")?.rank ?? 0 else { break }
      return try carryOut(receipt, &task, &outcomes)
    case (.delivered, .failed):
      return try carryOut(receipt, &task, &outcomes)
    case (.approved, let outcome) where outcome.isDelivery && task.attempts > 0:
      try outcomes.write()
      try TaskMover(log: log).move([task], to: .cancelled, .cancelled, reason: outcome.rawValue)
      task.state = .cancelled
      return .applied(.cancelled)
    default: break
    }
    // It moves nothing, but what the customer said holds nevertheless.
    if let reason = receipt.reason {
      try CustomerSaying.write(
        CustomerSaying.following(from: reason, task, at: receipt.at), source: "receipt", log)
    }
    return .kept(task.state)
  }

  private func carryOut(
    _ receipt: Receipt, _ task: inout TaskRow, _ outcomes: inout OutcomeWriter
  ) throws(QueueError) -> ReceiptResult {
    try outcomes.add(receipt.outcome, receipt.reason, to: &task)
    return .applied(task.state)
  }

  /// Takes what customers said; it holds at once for all tasks of all campaigns.
  public func state(
    _ statements: [CustomerStatement], source: String, at now: Moment
  ) throws(QueueError) {
    try change(at: now) { log throws(QueueError) in
      try CustomerSaying.write(
        statements.map { statement in
          let customer = self.vault.pseudonym(customer: statement.customerID)
          switch statement.kind {
          case .consent(let scope, let isGranted):
            return CustomerSaying(
              customer: customer, kind: isGranted ? .granted : .refused, scope: scope.rawValue,
              at: statement.at)
          case .doNotContact:
            return CustomerSaying(customer: customer, kind: .doNotContact, at: statement.at)
          }
        }, source: source, log)
    }
  }
}

extension Receipt {
  /// The same receipt has the same key, however often it comes.
  fileprivate var key: Pseudonym {
    Digest.pseudonym(
      of: task.bytes + Array("\(outcome.rawValue)|\(reason?.rawValue ?? "")|\(at.milliseconds)".utf8))
  }
}

extension Outcome {
  fileprivate var rank: Int {
    switch self {
    case .delivered: 1
    case .reached: 2
    case .promised: 3
    case .booked: 4
    case .sent, .failed, .released: 0
    }
  }
}
