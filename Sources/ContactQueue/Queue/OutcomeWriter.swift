/// Turns outcomes into moves, for acknowledgements and receipts alike, and writes moves of one kind together.
struct OutcomeWriter {
  let log: ChangeLog
  let rules: RetryRules
  private var pending: Set<Int64> = []
  private var sent: [TaskRow] = []
  private var delivered: [Outcome: [TaskRow]] = [:]
  private var failed: [FailReason: [TaskRow]] = [:]
  private var dead: [FailReason: [TaskRow]] = [:]
  private var retried: [(task: TaskRow, due: Moment, reason: String)] = []
  private var released: [TaskRow] = []
  private var unnoticed: [TaskRow] = []
  private var sayings: [CustomerSaying] = []

  init(log: ChangeLog, rules: RetryRules) {
    self.log = log
    self.rules = rules
  }

  /// Takes an outcome; the caller has checked that the task may move so.
  ///
  /// - Parameter task: stands after it as it will when `write` is done.
  mutating func add(_ outcome: Outcome, _ reason: FailReason?, to task: inout TaskRow) throws(QueueError) {
    if !pending.insert(task.identity.id).inserted {
      try write()
      pending.insert(task.identity.id)
    }
    switch outcome {
    case .sent:
      sent.append(task)
      (task.state, task.sentAt) = (.sent, log.now)
    case .released:
      released.append(task)
      (task.state, task.reason) = (.approved, outcome.rawValue)
    case .delivered, .reached, .promised, .booked:
      if task.state == .leased {
        try add(.sent, nil, to: &task)
        try write()
        pending.insert(task.identity.id)
      }
      delivered[outcome, default: []].append(task)
      (task.state, task.reason) = (.delivered, outcome.rawValue)
    case .failed:
      fail(&task, reason ?? .other)
    }
  }

  private mutating func fail(_ task: inout TaskRow, _ reason: FailReason) {
    if reason.isUnnoticed { unnoticed.append(task) }
    sayings += CustomerSaying.following(from: reason, task, at: log.now)
    if reason.isRetryable, task.state != .delivered, task.attempts < rules.attempts {
      let due = log.now + rules.wait(after: task.attempts, key: task.identity.key)
      retried.append((task, due, reason.rawValue))
      task.state = .approved
    } else if reason.isRetryable, task.state == .leased || task.state == .sent {
      dead[reason, default: []].append(task)
      task.state = .dead
    } else {
      failed[reason, default: []].append(task)
      task.state = .failed
    }
    task.reason = reason.rawValue
  }

  /// Writes what was taken since the last time.
  mutating func write() throws(QueueError) {
    let mover = TaskMover(log: log)
    try writeSent(mover)
    for (outcome, tasks) in delivered.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try writeDelivered(tasks, outcome, mover)
    }
    for (reason, tasks) in failed.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try mover.move(tasks, to: .failed, .failed, reason: reason.rawValue, keepsToken: true)
    }
    for (reason, tasks) in dead.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try mover.move(tasks, to: .dead, .dead, reason: reason.rawValue, keepsToken: true)
    }
    try mover.postpone(retried, .retried, keepsToken: true)
    for (attempts, tasks) in Dictionary(grouping: released, by: \.attempts).sorted(by: { $0.key < $1.key }) {
      try mover.move(
        tasks, to: .approved, .released, reason: Outcome.released.rawValue, due: log.now,
        attempts: max(attempts - 1, 0), keepsToken: true)
    }
    try SQLList.pieces(of: unnoticed.map(\.identity.id)) { piece throws(QueueError) in
      try log.session.run(
        "DELETE FROM touch WHERE customer IN (SELECT customer FROM task WHERE id IN (\(SQLList.places(piece.count, from: 1)))) AND task IN (\(SQLList.places(piece.count, from: 1)))",
        piece.map(SQLValue.integer))
    }
    try CustomerSaying.write(sayings, source: "outcome", log)
    self = OutcomeWriter(log: log, rules: rules)
  }

  /// From now on the customer may notice: the moment, the address used and the touch are kept.
  private func writeSent(_ mover: TaskMover) throws(QueueError) {
    for (silence, tasks) in Dictionary(grouping: sent, by: { rules.silence(on: $0.identity.channel) })
      .sorted(by: { $0.key < $1.key })
    {
      try mover.markSent(tasks, deadline: log.now + silence)
    }
    for task in sent {
      log.record(.sent, task.identity, from: task.state, to: .sent, owner: task.owner)
    }
  }

  private func writeDelivered(_ tasks: [TaskRow], _ outcome: Outcome, _ mover: TaskMover) throws(QueueError) {
    try mover.move(
      tasks.filter { $0.state != .delivered }, to: .delivered, .delivered, reason: outcome.rawValue,
      keepsToken: true)
    let noted = tasks.filter { $0.state == .delivered }
    try mover.update(
      noted, set: "reason = $1, updated_at = $2", [.text(outcome.rawValue), SQLValue(log.now)])
    for task in noted {
      log.record(
        .noted, task.identity, from: .delivered, to: .delivered, owner: task.owner, reason: outcome.rawValue)
    }
  }
}
