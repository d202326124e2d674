/// What silence did to tasks.
public struct SweepReport: Sendable, Equatable {
  /// Leases that ran out; their tasks may be worked again.
  public internal(set) var expired = 0
  /// Of them, those that had no attempt left.
  public internal(set) var dead = 0
  /// Sent, and nothing was heard for too long.
  public internal(set) var unknown = 0
}

extension TaskQueue {
  /// Ends leases that ran out, and gives up on words about what was sent. Leases do it on their way, too.
  public func sweep(at now: Moment) throws(QueueError) -> SweepReport {
    var all = SweepReport()
    while true {
      let report = try change(at: now) { log throws(QueueError) in
        try self.forgetOldUsage(log)
        return try self.expire(log, atMost: LeaseSearch.mostExamined)
      }
      all.expired += report.expired
      all.dead += report.dead
      all.unknown += report.unknown
      if report == SweepReport() { return all }
    }
  }

  /// How long counts by minute are kept: longer than any cap looks back.
  private static let usageKept = Moment.Span.days(62)

  private func forgetOldUsage(_ log: ChangeLog) throws(QueueError) {
    let oldest = ChangeLog.minute(of: log.now - Self.usageKept)
    guard oldest > 0 else { return }
    try log.session.run(
      "DELETE FROM usage WHERE minute >= 0 AND minute < $1", [.integer(oldest)])
  }

  @discardableResult
  func expire(_ log: ChangeLog, atMost limit: Int) throws(QueueError) -> SweepReport {
    let skip = log.session.dialect == .postgresql ? " FOR UPDATE SKIP LOCKED" : ""
    let tasks = try TaskRow.all(
      log.session,
      """
      SELECT \(TaskRow.columns) FROM task WHERE deadline <= $1
        ORDER BY deadline LIMIT \(limit)\(skip)
      """, [SQLValue(log.now)])
    guard !tasks.isEmpty else { return SweepReport() }
    let mover = TaskMover(log: log)
    let leased = tasks.filter { $0.state == .leased }
    let dead = leased.filter { $0.attempts >= self.rules.attempts }
    let open = leased.filter { $0.attempts < self.rules.attempts }
    let silent = tasks.filter { $0.state == .sent }
    try mover.move(open, to: .approved, .leaseExpired, reason: Self.leaseExpired, due: log.now)
    try mover.move(dead, to: .dead, .dead, reason: Self.leaseExpired)
    try mover.move(silent, to: .unknown, .unknown, reason: Self.noWord, keepsToken: true)
    return SweepReport(expired: leased.count, dead: dead.count, unknown: silent.count)
  }

  private static let leaseExpired = EventKind.leaseExpired.rawValue
  private static let noWord = "no_word"
}
