extension TaskQueue {
  /// Hands out tasks that are due, the highest priority first, and asks the policy about each once more.
  ///
  /// What the policy forbids is suppressed, what must wait is moved to its moment; consent, suppression, caps and
  /// quiet hours are those of now. The worker must say `sent` before the customer can notice anything, and within the
  /// lease's duration; else the task is handed out again.
  ///
  /// - Throws: `notFound` for an unknown campaign; what `gates` throws.
  public func lease(
    _ request: LeaseRequest, gates: GateMaker, at now: Moment
  ) throws(QueueError) -> LeaseReport {
    try change(at: now) { log throws(QueueError) in
      try self.expire(log, atMost: LeaseSearch.mostExamined)
      let search = LeaseSearch(log: log, rules: self.rules, request: request)
      let token = Pseudonym.random()
      let until = now + request.duration
      let found = try search.run(gates) { tasks throws(QueueError) in
        try TaskMover(log: log).markLeased(tasks, owner: request.owner, token: token, until: until)
      }
      var report = found.report
      guard !found.tasks.isEmpty else { return report }
      report.tasks = try self.handedOut(found.tasks, token: token, until: until, log)
      try ContactReader(session: log.session, vault: self.vault).log(
        at: now, who: request.owner, purpose: "lease", what: "contact and task details",
        rows: report.tasks.count)
      return report
    }
  }

  private func handedOut(
    _ tasks: [(task: TaskRow, campaign: Campaign)], token: Pseudonym, until: Moment, _ log: ChangeLog
  ) throws(QueueError) -> [LeasedTask] {
    let reader = ContactReader(session: log.session, vault: vault)
    let contacts = try reader.payloads(of: tasks.map { ($0.task.customer, $0.task.contactVersion) })
    let details = try reader.details(of: tasks.map(\.task.identity))
    var leased: [LeasedTask] = []
    for (task, campaign) in tasks {
      guard let contact = contacts[task.customer], let own = details[task.identity.id] else {
        throw .damaged("contact")
      }
      leased.append(
        LeasedTask(
          id: task.identity.key, token: token, until: until, attempt: task.attempts + 1,
          campaign: campaign.name, template: campaign.template, purpose: campaign.purpose,
          channel: task.identity.channel, tier: task.tier, priority: task.priority, due: task.due,
          contact: try DetailsCoding.read(contact, as: ContactDetails.self), details: own))
    }
    return leased
  }

  /// Lengthens the leases of tasks that a worker still holds.
  ///
  /// - Returns: an answer to each, in order.
  public func heartbeat(
    _ tokens: [TaskToken], duration: Moment.Span = .minutes(10), at now: Moment
  ) throws(QueueError) -> [AckResult] {
    try change(at: now) { log throws(QueueError) in
      let tasks = try TaskRow.locked(tokens.map(\.task), log.session)
      var held: [TaskRow] = []
      let answers = tokens.map { token -> AckResult in
        guard let task = tasks[token.task] else { return .refused(.unknownTask) }
        guard task.token == token.token else { return .refused(.wrongToken) }
        guard task.state == .leased else { return .refused(.noSuchMove) }
        held.append(task)
        return .done(.leased)
      }
      try TaskMover(log: log).update(
        held, set: "deadline = $1, updated_at = $2", [SQLValue(now + duration), SQLValue(now)])
      return answers
    }
  }
}
