internal import Histories

/// Looks for tasks that may be worked now, in the order of priority, due time and number.
struct LeaseSearch {
  /// How many tasks one transaction looks at, so that it stays short.
  static let mostExamined = 4096
  /// Candidates beyond what is still wanted, for some will be held back.
  private static let spare = 16
  /// How many tasks one transaction takes into the order when they have become due.
  private static let mostPromoted = 20_000

  let log: ChangeLog
  let rules: RetryRules
  let request: LeaseRequest

  struct Found {
    var tasks: [(task: TaskRow, campaign: Campaign)] = []
    var report = LeaseReport()
  }

  /// A campaign with its policy and what its caps leave.
  private struct Gated {
    let record: CampaignRecord
    let gate: any ContactGate
    /// A cap of all channels has none.
    var caps: [(channel: Channel?, left: Int)] = []

    func isOpen(_ channel: Channel) -> Bool {
      caps.allSatisfy { $0.left > 0 || ($0.channel != nil && $0.channel != channel) }
    }

    mutating func take(_ channel: Channel) {
      for place in caps.indices where caps[place].channel == nil || caps[place].channel == channel {
        caps[place].left -= 1
      }
    }
  }

  private struct Held {
    var later: [(task: TaskRow, due: Moment, reason: String)] = []
    var never: [SuppressionReason: [TaskRow]] = [:]
  }

  /// - Parameter take: marks tasks as taken; called after each look, so that the next one does not see them.
  func run(
    _ gates: GateMaker, take: ([TaskRow]) throws(QueueError) -> Void
  ) throws(QueueError) -> Found {
    var found = Found()
    let pauses = try Pauses(log.session)
    let channels = request.channels.filter { !pauses.holds($0) }
    found.report.isPaused = channels.isEmpty && !request.channels.isEmpty
    guard request.limit > 0, !channels.isEmpty else { return found }
    try promote()
    var campaigns = try gated(gates)
    var examined = 0
    while found.tasks.count < request.limit, examined < Self.mostExamined {
      let wanted = min(request.limit - found.tasks.count + Self.spare, Self.mostExamined)
      let tasks = try candidates(channels, campaigns, wanted)
      guard !tasks.isEmpty else { return found }
      examined += tasks.count
      let before = found.tasks.count
      let isWorthIt = try decide(tasks, &campaigns, &found)
      try take(found.tasks[before...].map(\.task))
      guard isWorthIt else { return found }
    }
    found.report.isMore = found.tasks.count < request.limit
    return found
  }

  /// Takes tasks that have become due into the order, the longest due first.
  private func promote() throws(QueueError) {
    let skip = log.session.dialect == .postgresql ? " FOR UPDATE SKIP LOCKED" : ""
    try log.session.run(
      """
      UPDATE task SET is_due = 1 WHERE id IN (SELECT id FROM task
        WHERE \(TaskState.isApproved) AND is_due = 0 AND due_at <= $1
        ORDER BY due_at, priority DESC LIMIT \(Self.mostPromoted)\(skip))
      """, [SQLValue(log.now)])
  }

  private func gated(_ gates: GateMaker) throws(QueueError) -> [Int64: Gated] {
    let store = CampaignStore(session: log.session)
    let records: [CampaignRecord]
    if let name = request.campaign { records = [try store.named(name)] } else { records = try store.all() }
    var campaigns: [Int64: Gated] = [:]
    var isLocked = false
    for record in records {
      let gate = try gates(record)
      var campaign = Gated(record: record, gate: gate)
      for cap in gate.caps(at: log.now) {
        // Who counts against a cap must count alone.
        if !isLocked, log.session.dialect == .postgresql {
          try log.session.run("LOCK TABLE setting IN SHARE ROW EXCLUSIVE MODE", [])
          isLocked = true
        }
        let used = try leasedCount(since: cap.since, channel: cap.channel)
        campaign.caps.append((cap.channel, max(cap.limit - used, 0)))
      }
      campaigns[record.id] = campaign
    }
    return campaigns
  }

  private func leasedCount(since: Moment, channel: Channel?) throws(QueueError) -> Int {
    let from = max(ChangeLog.minute(of: since), 0)
    let condition = channel == nil ? "" : " AND channel = $3"
    let values: [SQLValue] = [.text(EventKind.leased.rawValue), .integer(from)]
    let rows = try log.session.rows(
      "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM usage WHERE kind = $1 AND minute >= $2\(condition)",
      values + (channel.map { [.integer($0.code)] } ?? []))
    return Int(rows.first?[0].integer ?? 0)
  }

  /// Joins the orders of all channels as far as nothing unread comes before; what is read is locked, so little is.
  private func candidates(
    _ channels: [Channel], _ campaigns: [Int64: Gated], _ wanted: Int
  ) throws(QueueError) -> [TaskRow] {
    var shares = Dictionary(
      uniqueKeysWithValues: channels.map { ($0, min(wanted / channels.count + Self.spare, wanted)) })
    var read: [Channel: [TaskRow]] = [:]
    var unread = channels
    while true {
      for channel in unread { read[channel] = try candidates(channel, campaigns, shares[channel] ?? wanted) }
      // The first of those behind which a channel may have more.
      let horizon = read.filter { $0.value.count == shares[$0.key] }.compactMap(\.value.last).min(
        by: Self.isBefore)
      let tasks = read.values.joined().sorted(by: Self.isBefore)
      guard let horizon else { return Array(tasks.prefix(wanted)) }
      let known = tasks.prefix { !Self.isBefore(horizon, $0) }
      if known.count >= wanted { return Array(known.prefix(wanted)) }
      unread = [horizon.identity.channel]
      shares[horizon.identity.channel, default: wanted] *= 2
    }
  }

  private static func isBefore(_ left: TaskRow, _ right: TaskRow) -> Bool {
    (right.priority, left.due, left.identity.id) < (left.priority, right.due, right.identity.id)
  }

  /// The sum keeps databases from reading all that is due and sorting it: the index `task_ready` is in the order asked for.
  private func candidates(
    _ channel: Channel, _ campaigns: [Int64: Gated], _ wanted: Int
  ) throws(QueueError) -> [TaskRow] {
    let open = campaigns.values.filter { $0.isOpen(channel) }.map(\.record.id).sorted()
    guard !open.isEmpty else { return [] }
    let isAll = open.count == campaigns.count && request.campaign == nil
    let condition = isAll ? "" : " AND campaign IN (\(SQLList.places(open.count, from: 3)))"
    let values = [.integer(channel.code), SQLValue(log.now)] + (isAll ? [] : open.map(SQLValue.integer))
    let skip = log.session.dialect == .postgresql ? " FOR UPDATE SKIP LOCKED" : ""
    return try TaskRow.all(
      log.session,
      """
      SELECT \(TaskRow.columns) FROM task
        WHERE \(TaskState.ready) AND channel = $1 AND due_at + 0 <= $2\(condition)
        ORDER BY priority DESC, due_at, id LIMIT $\(values.count + 1)\(skip)
      """, values + [SQLValue(wanted)])
  }

  /// - Returns: whether it is worth looking on.
  private func decide(
    _ tasks: [TaskRow], _ campaigns: inout [Int64: Gated], _ found: inout Found
  ) throws(QueueError) -> Bool {
    let memory = campaigns.values.map(\.gate.memory).max() ?? .days(0)
    var standings = try LedgerReader(session: log.session).standings(
      of: tasks.map(\.customer), touchesSince: log.now - memory)
    var held = Held()
    var isChanged = false
    for task in tasks {
      guard found.tasks.count < request.limit else { break }
      let channel = task.identity.channel
      guard let campaign = campaigns[task.identity.campaign] else { throw .damaged("task") }
      // Somebody else decides on this customer now, or the cap is used up: the task stays as it is.
      if standings.taken.contains(task.customer) || !campaign.isOpen(channel) { continue }
      isChanged = true
      let verdict = campaign.gate.verdict(
        on: GatedTask(channel: channel, purpose: campaign.record.campaign.purpose, tier: task.tier),
        standing: standings.standing(of: task), at: log.now)
      switch verdict {
      case .go where standings.busy.contains(task.customer):
        held.later.append((task, log.now + rules.liveTaskWait, SuppressionReason.otherTaskLive.rawValue))
      case .go:
        standings.busy.insert(task.customer)
        for id in campaigns.keys { campaigns[id]?.take(channel) }
        var task = task
        task.contactVersion = standings.contactVersion(of: task.customer)
        found.tasks.append((task, campaign.record.campaign))
      case .later(let moment, let reason):
        held.later.append((task, max(moment, log.now + .minutes(1)), reason.rawValue))
      case .never(let reason):
        held.never[reason, default: []].append(task)
      }
    }
    try hold(held)
    found.report.deferred += held.later.count
    found.report.suppressed += held.never.values.reduce(0) { $0 + $1.count }
    return isChanged
  }

  private func hold(_ held: Held) throws(QueueError) {
    let mover = TaskMover(log: log)
    try mover.postpone(held.later, .deferred)
    for (reason, tasks) in held.never.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      try mover.move(tasks, to: .suppressed, .suppressed, reason: reason.rawValue)
    }
  }
}

/// Which channels are paused.
struct Pauses {
  private var isEverything = false
  private(set) var channels: Set<Channel> = []

  /// Kept as words separated by commas; `all` for everything.
  init(_ session: any SQLSession) throws(QueueError) {
    for word in try Settings.value(.paused, session)?.split(separator: ",") ?? [] {
      if word == Self.everything { isEverything = true }
      if let channel = Channel(rawValue: String(word)) { channels.insert(channel) }
    }
  }

  private static let everything = "all"

  var isAll: Bool { isEverything }

  func holds(_ channel: Channel) -> Bool { isEverything || channels.contains(channel) }

  mutating func set(_ channel: Channel?, isPaused: Bool) {
    guard let channel else {
      isEverything = isPaused
      if !isPaused { channels = [] }
      return
    }
    if isPaused { channels.insert(channel) } else { channels.remove(channel) }
  }

  func save(_ session: any SQLSession) throws(QueueError) {
    let words = (isEverything ? [Self.everything] : []) + channels.map(\.rawValue).sorted()
    try Settings.set(.paused, words.joined(separator: ","), session)
  }
}
