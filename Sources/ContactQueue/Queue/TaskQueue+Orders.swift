extension TaskQueue {
  /// Approves planned tasks.
  ///
  /// - Returns: how many.
  public func approve(_ filter: TaskFilter, at now: Moment, by owner: String) throws(QueueError) -> Int {
    try carryOut(filter, from: [.planned], at: now) { tasks, log throws(QueueError) in
      // Each keeps the moment from which it may be worked.
      try TaskMover(log: log).postpone(
        tasks.map { ($0, $0.due, EventKind.approved.rawValue) }, .approved, owner: owner)
    }
  }

  /// Cancels tasks that nobody works, for good.
  public func cancel(_ filter: TaskFilter, at now: Moment, by owner: String) throws(QueueError) -> Int {
    try carryOut(
      filter, from: [.planned, .approved], alsoFrom: [.leased, .unknown, .failed, .dead, .suppressed], at: now
    ) {
      tasks, log throws(QueueError) in
      try TaskMover(log: log).move(tasks, to: .cancelled, .cancelled, owner: owner)
    }
  }

  /// Gives tasks that came to an end all their attempts again, from now on.
  ///
  /// Without states in the filter it takes dead ones. `unknown` ones may have reached the customer: they are taken only
  /// when the filter names them.
  public func redrive(_ filter: TaskFilter, at now: Moment, by owner: String) throws(QueueError) -> Int {
    try carryOut(filter, from: [.dead], alsoFrom: [.failed, .suppressed, .unknown], at: now) {
      tasks, log throws(QueueError) in
      try TaskMover(log: log).move(
        tasks, to: .approved, .redriven, owner: owner, due: log.now, attempts: 0)
    }
  }

  /// Holds back a channel, or everything: nothing more is leased or exported. What is out goes on.
  public func pause(_ channel: Channel?, at now: Moment, by owner: String) throws(QueueError) {
    try setPause(channel, true, at: now, by: owner)
  }

  /// Takes a pause back; without a channel all of them.
  public func resume(_ channel: Channel?, at now: Moment, by owner: String) throws(QueueError) {
    try setPause(channel, false, at: now, by: owner)
  }

  private func setPause(
    _ channel: Channel?, _ isPaused: Bool, at now: Moment, by owner: String
  ) throws(QueueError) {
    try change(at: now) { log throws(QueueError) in
      var pauses = try Pauses(log.session)
      pauses.set(channel, isPaused: isPaused)
      try pauses.save(log.session)
      log.record(isPaused ? .paused : .resumed, owner: owner, detail: "channel=\(channel?.rawValue ?? "all")")
    }
  }

  /// How many tasks are read at a time.
  private static let page = 8192

  /// - Parameters:
  ///   - states: taken when the filter names none.
  ///   - named: taken only when the filter names them.
  private func carryOut(
    _ filter: TaskFilter, from states: [TaskState], alsoFrom named: [TaskState] = [], at now: Moment,
    _ body: ([TaskRow], ChangeLog) throws(QueueError) -> Void
  ) throws(QueueError) -> Int {
    let chosen = filter.states ?? states
    if let state = chosen.first(where: { !(states + named).contains($0) }) {
      throw QueueError(
        .usage, "Tasks in the state \(state.rawValue) cannot be moved so.",
        next: "States to choose from: \((states + named).map(\.rawValue).joined(separator: ", ")).")
    }
    return try change(at: now) { log throws(QueueError) in
      var count = 0
      if let keys = filter.tasks {
        let found = try TaskRow.locked(keys, log.session)
        let campaign = try self.campaignID(filter, log.session)
        let tasks = found.values.filter {
          chosen.contains($0.state) && (campaign == nil || $0.identity.campaign == campaign)
            && (filter.channel == nil || $0.identity.channel == filter.channel)
            && (filter.reason == nil || $0.reason == filter.reason)
        }.sorted { $0.identity.id < $1.identity.id }
        if !tasks.isEmpty { try body(tasks, log) }
        return tasks.count
      }
      var (condition, values) = try self.condition(filter, chosen, log.session)
      condition += " AND id > $\(values.count + 1)"
      let lock = log.session.dialect == .postgresql ? " FOR UPDATE" : ""
      var last: Int64 = 0
      while true {
        let tasks = try TaskRow.all(
          log.session,
          "SELECT \(TaskRow.columns) FROM task WHERE \(condition) ORDER BY id LIMIT \(Self.page)\(lock)",
          values + [.integer(last)])
        guard let end = tasks.last else { return count }
        try body(tasks, log)
        try log.relieve()
        count += tasks.count
        last = end.identity.id
      }
    }
  }

  private func campaignID(_ filter: TaskFilter, _ session: any SQLSession) throws(QueueError) -> Int64? {
    guard let name = filter.campaign else { return nil }
    return try CampaignStore(session: session).named(name).id
  }

  private func condition(
    _ filter: TaskFilter, _ states: [TaskState], _ session: any SQLSession
  ) throws(QueueError) -> (String, [SQLValue]) {
    var parts = ["state IN (\(states.map { "\($0.code)" }.joined(separator: ", ")))"]
    var values: [SQLValue] = []
    if let campaign = try campaignID(filter, session) {
      values.append(.integer(campaign))
      parts.append("campaign = $\(values.count)")
    }
    if let channel = filter.channel {
      values.append(.integer(channel.code))
      parts.append("channel = $\(values.count)")
    }
    if let reason = filter.reason {
      values.append(.text(reason))
      parts.append("reason = $\(values.count)")
    }
    return (parts.joined(separator: " AND "), values)
  }
}
