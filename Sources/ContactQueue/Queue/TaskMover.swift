/// Moves many tasks with few statements, and records every move.
struct TaskMover {
  let log: ChangeLog

  /// Moves tasks to a state in which nobody holds them.
  ///
  /// - Parameters:
  ///   - due: when they may be worked again, for those that go back to `approved`.
  ///   - attempts: what to set the number of attempts to; `nil` keeps it.
  ///   - keepsToken: remember the last lease, so that its worker's word is known when it comes again.
  func move(
    _ tasks: [TaskRow], to state: TaskState, _ kind: EventKind, reason: String? = nil, owner: String? = nil,
    detail: String? = nil, due: Moment? = nil, attempts: Int? = nil, keepsToken: Bool = false
  ) throws(QueueError) {
    var set = "state = $1, reason = $2, updated_at = $3, deadline = NULL"
    if !keepsToken { set += ", owner = NULL, token = NULL" }
    var values: [SQLValue] = [.integer(state.code), SQLValue(reason), SQLValue(log.now)]
    if let due {
      set += ", due_at = $4, is_due = $5"
      values += [SQLValue(due), .integer(due <= log.now ? 1 : 0)]
    }
    if let attempts {
      set += ", attempts = $\(values.count + 1)"
      values.append(SQLValue(attempts))
    }
    try update(tasks, set: set, values)
    for task in tasks {
      log.record(
        kind, task.identity, from: task.state, to: state, owner: owner ?? task.owner, reason: reason,
        detail: detail)
    }
  }

  /// Hands tasks to a worker together with the contact details that `contactVersion` says.
  func markLeased(
    _ tasks: [TaskRow], owner: String, token: Pseudonym, until deadline: Moment
  ) throws(QueueError) {
    // Most customers' details are of one version.
    for (version, members) in Dictionary(grouping: tasks, by: \.contactVersion)
      .sorted(by: { $0.value[0].identity.id < $1.value[0].identity.id })
    {
      try update(
        members,
        set: """
          state = \(TaskState.leased.code), attempts = attempts + 1, owner = $1, token = $2, deadline = $3,
          updated_at = $4, contact_version = $5
          """,
        [
          .text(owner), SQLValue(token), SQLValue(deadline), SQLValue(log.now),
          version.map(SQLValue.integer) ?? .null,
        ])
    }
    for task in tasks { log.record(.leased, task.identity, from: .approved, to: .leased, owner: owner) }
  }

  /// Writes down that sending begins; the caller records the event.
  func markSent(_ tasks: [TaskRow], deadline: Moment) throws(QueueError) {
    try update(
      tasks,
      set: """
        state = \(TaskState.sent.code), sent_at = $1, deadline = $2, updated_at = $1, reason = NULL
        """, [SQLValue(log.now), SQLValue(deadline)])
    var touches = RowBlock("touch", ["customer", "at", "channel", "task"])
    for task in tasks {
      touches.append(task.customer)
      touches.append(log.now)
      touches.append(task.identity.channel.code)
      touches.append(task.identity.id)
      touches.endRow()
    }
    try log.session.append(touches)
  }

  /// Changes columns of tasks; the caller records what that means.
  func update(_ tasks: [TaskRow], set: String, _ values: [SQLValue]) throws(QueueError) {
    try SQLList.pieces(of: tasks.map(\.identity.id)) { piece throws(QueueError) in
      try log.session.send(
        "UPDATE task SET \(set) WHERE id IN (\(SQLList.places(piece.count, from: values.count + 1)))",
        values + piece.map(SQLValue.integer))
    }
  }

  /// Sends tasks back to `approved`, each due at its own moment.
  func postpone(
    _ tasks: [(task: TaskRow, due: Moment, reason: String)], _ kind: EventKind, owner: String? = nil,
    keepsToken: Bool = false
  ) throws(QueueError) {
    // Tasks of one moment and reason go together; where moments are spread, each goes for itself.
    var groups: [Group: [TaskRow]] = [:]
    for entry in tasks { groups[Group(due: entry.due, reason: entry.reason), default: []].append(entry.task) }
    for (group, members) in groups.sorted(by: { $0.value[0].identity.id < $1.value[0].identity.id }) {
      try move(
        members, to: .approved, kind, reason: group.reason, owner: owner, due: group.due,
        keepsToken: keepsToken)
    }
  }

  private struct Group: Hashable {
    var due: Moment
    var reason: String
  }
}
