/// The health of a queue at a moment.
public struct QueueStatus: Sendable {
  /// Tasks of one campaign and channel in one state.
  public struct Depth: Sendable, Hashable {
    public let campaign: String
    public let channel: Channel
    public let state: TaskState
    public let tasks: Int
  }

  /// How often something happened.
  public struct Rate: Sendable, Hashable {
    /// A word of the audit chain: `leased`, `sent`, `delivered`, `failed`, `lease_expired`, `dead`, …
    public let kind: String
    /// Since the queue was made.
    public let total: Int
    public let lastHour: Int
    public let lastFiveMinutes: Int
  }

  public let queue: String
  public let version: Int
  public let isSealing: Bool
  public let isPaused: Bool
  public let pausedChannels: [Channel]
  public let depths: [Depth]
  public let rates: [Rate]
  /// How long the task has been due that waits longest; `nil` when none is due.
  public let oldestDue: Moment.Span?
  /// How long ago the sending began of which least is known.
  public let oldestSent: Moment.Span?
  public let heldOut: Int
  /// The latest lists, the last first.
  public let runs: [Run]
  public let exports: Int
  public let events: Int

  /// Tasks in a state.
  public func tasks(_ state: TaskState) -> Int {
    depths.reduce(0) { $0 + ($1.state == state ? $1.tasks : 0) }
  }
}

extension TaskQueue {
  /// Reads sums that every change keeps up to date: the number of tasks does not matter.
  public func status(at now: Moment) throws(QueueError) -> QueueStatus {
    try store.read { session throws(QueueError) in
      let names = try CampaignStore(session: session).byNumber().mapValues(\.name)
      let pauses = try Pauses(session)
      let rates = try Self.rates(session, now)
      return QueueStatus(
        queue: try Settings.value(.id, session) ?? "", version: try Migrator.version(session),
        isSealing: try Settings.value(.isSealing, session) == "1", isPaused: pauses.isAll,
        pausedChannels: pauses.channels.sorted { $0.code < $1.code },
        depths: try Self.depths(session, campaigns: names), rates: rates,
        oldestDue: try Self.dueAge(
          session, now,
          // Both halves of the index begin with the oldest.
          """
          SELECT MIN(due_at) FROM (
            SELECT (SELECT MIN(due_at) FROM task WHERE \(TaskState.isApproved) AND is_due = 0) AS due_at
            UNION ALL
            SELECT (SELECT MIN(due_at) FROM task WHERE \(TaskState.isApproved) AND is_due = 1)) AS oldest
          """),
        oldestSent: try Self.age(session, now, "SELECT MIN(sent_at) FROM task WHERE \(TaskState.isSent)"),
        heldOut: rates.first { $0.kind == ChangeLog.heldOut }?.total ?? 0,
        runs: try Self.latestRuns(session, campaigns: names),
        exports: try Self.count(session, "SELECT COUNT(*) FROM export"),
        events: try Self.count(session, "SELECT seq FROM chain"))
    }
  }

  private static func depths(
    _ session: any SQLSession, campaigns names: [Int64: String]
  ) throws(QueueError) -> [QueueStatus.Depth] {
    var depths: [QueueStatus.Depth] = []
    for row in try session.rows(
      "SELECT campaign, channel, state, n FROM tally WHERE n <> 0 ORDER BY campaign, channel, state", [])
    {
      guard let campaign = row[0].integer.flatMap({ names[$0] }),
        let channel = row[1].integer.flatMap(Channel.init),
        let state = row[2].integer.flatMap(TaskState.init),
        let count = row[3].integer
      else { throw .damaged("tally") }
      depths.append(
        QueueStatus.Depth(campaign: campaign, channel: channel, state: state, tasks: Int(count)))
    }
    return depths
  }

  private static func rates(
    _ session: any SQLSession, _ now: Moment
  ) throws(QueueError) -> [QueueStatus.Rate] {
    func counts(_ condition: String, _ values: [SQLValue]) throws(QueueError) -> [String: Int] {
      var counts: [String: Int] = [:]
      for row in try session.rows(
        "SELECT kind, CAST(SUM(n) AS BIGINT) FROM usage WHERE \(condition) GROUP BY kind", values)
      {
        if let kind = row[0].text, let count = row[1].integer { counts[kind] = Int(count) }
      }
      return counts
    }
    func since(_ span: Moment.Span) throws(QueueError) -> [String: Int] {
      try counts(
        "minute > $1 AND minute <= $2",
        [.integer(ChangeLog.minute(of: now - span)), .integer(ChangeLog.minute(of: now))])
    }
    let totals = try counts("minute = $1", [.integer(ChangeLog.total)])
    let (hour, minutes) = (try since(.hours(1)), try since(.minutes(5)))
    return totals.sorted { $0.key < $1.key }.map { kind, total in
      QueueStatus.Rate(
        kind: kind, total: total, lastHour: hour[kind] ?? 0, lastFiveMinutes: minutes[kind] ?? 0)
    }
  }

  private static func age(
    _ session: any SQLSession, _ now: Moment, _ sql: String
  ) throws(QueueError) -> Moment.Span? {
    guard let oldest = try session.rows(sql, []).first?[0].integer else { return nil }
    // What was sent before a clock stepped back has no age yet.
    return max(now - Moment(milliseconds: oldest), Moment.Span(milliseconds: 0))
  }

  /// What is due later does not wait yet.
  private static func dueAge(
    _ session: any SQLSession, _ now: Moment, _ sql: String
  ) throws(QueueError) -> Moment.Span? {
    guard let oldest = try session.rows(sql, []).first?[0].integer, oldest <= now.milliseconds else {
      return nil
    }
    return now - Moment(milliseconds: oldest)
  }

  private static func count(_ session: any SQLSession, _ sql: String) throws(QueueError) -> Int {
    Int(try session.rows(sql, []).first?[0].integer ?? 0)
  }
}
