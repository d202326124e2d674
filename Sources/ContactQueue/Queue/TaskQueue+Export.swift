internal import Foundation

extension TaskQueue {
  /// Chooses the tasks of an export, asks the policy about each, and moves them to `sent`: a list that is handed out
  /// counts as sending. The files are made afterwards from `exportedTasks`, which always gives the same.
  ///
  /// - Returns: the export with its number; it has no rows when nothing is due, and is not kept then.
  public func beginExport(
    _ request: ExportRequest, gates: GateMaker, at now: Moment
  ) throws(QueueError) -> ExportRecord {
    try change(at: now) { log throws(QueueError) in
      if log.session.dialect == .postgresql { try log.session.run("LOCK TABLE export IN EXCLUSIVE MODE", []) }
      try self.expire(log, atMost: LeaseSearch.mostExamined)
      let number = 1 + (try log.session.rows("SELECT MAX(number) FROM export", []).first?[0].integer ?? 0)
      let tasks = try self.chosen(request, gates, log)
      if !tasks.isEmpty { try self.save(tasks, request, number, log) }
      return ExportRecord(
        number: number, kind: request.kind, channel: request.channel, campaign: request.campaign,
        owner: request.owner, createdAt: now, rows: tasks.count, files: nil)
    }
  }

  /// Tasks that may go out, in order; the search is repeated until nothing is left to look at.
  private func chosen(
    _ request: ExportRequest, _ gates: GateMaker, _ log: ChangeLog
  ) throws(QueueError) -> [TaskRow] {
    var tasks: [TaskRow] = []
    let limit = request.limit ?? .max
    let token = Pseudonym.random()
    while tasks.count < limit {
      let piece = min(limit - tasks.count, LeaseSearch.mostExamined)
      let search = LeaseSearch(
        log: log, rules: rules,
        request: LeaseRequest(
          owner: request.owner, channels: [request.channel], campaign: request.campaign, limit: piece))
      let found = try search.run(gates) { tasks throws(QueueError) in
        try markOut(tasks, request.owner, token, log)
      }
      // The next piece counts this one against the caps.
      try log.flush()
      tasks += found.tasks.map(\.task)
      guard found.report.isMore || found.tasks.count == piece else { break }
    }
    return tasks
  }

  private func markOut(
    _ tasks: [TaskRow], _ owner: String, _ token: Pseudonym, _ log: ChangeLog
  ) throws(QueueError) {
    guard !tasks.isEmpty else { return }
    let mover = TaskMover(log: log)
    let deadline = log.now + rules.silence(on: tasks[0].identity.channel)
    try mover.markLeased(tasks, owner: owner, token: token, until: deadline)
    try mover.markSent(tasks, deadline: deadline)
    for task in tasks {
      log.record(.sent, task.identity, from: .leased, to: .sent, owner: owner)
    }
  }

  private func save(
    _ tasks: [TaskRow], _ request: ExportRequest, _ number: Int64, _ log: ChangeLog
  ) throws(QueueError) {
    try log.session.run(
      """
      INSERT INTO export (number, kind, channel, campaign, owner, created_at, rows_written)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
      """,
      [
        .integer(number), .text(request.kind), .integer(request.channel.code), SQLValue(request.campaign),
        .text(request.owner), SQLValue(log.now), SQLValue(tasks.count),
      ])
    var rows = RowBlock("export_line", ["export", "line", "task", "contact_version", "due_at"])
    for (place, task) in tasks.enumerated() {
      rows.append(number)
      rows.append(place + 1)
      rows.append(task.identity.id)
      rows.append(task.contactVersion ?? 0)
      rows.append(task.due)
      rows.endRow()
    }
    try log.session.append(rows)
    try ContactReader(session: log.session, vault: vault).log(
      at: log.now, who: request.owner, purpose: "export \(number)", what: request.kind, rows: tasks.count)
    log.record(
      .exported, owner: request.owner, detail: "export=\(number) kind=\(request.kind) rows=\(tasks.count)")
  }

  /// The lines of an export in their order, with the contact details as they were when it was made.
  ///
  /// - Parameter reader: who reads them, for the log of accesses.
  /// - Throws: `notFound` for a number that no export has.
  public func exportedTasks(
    _ number: Int64, reader who: String, at now: Moment
  ) throws(QueueError) -> [ExportedTask] {
    try store.write { session throws(QueueError) in
      guard let record = try Self.exports(session, " WHERE number = $1", [.integer(number)]).first else {
        throw Self.noExport(number)
      }
      let lines = try self.lines(of: number, session)
      try ContactReader(session: session, vault: self.vault).log(
        at: now, who: who, purpose: "export \(number)", what: "\(record.kind), read again", rows: lines.count)
      return lines
    }
  }

  private static func noExport(_ number: Int64) -> QueueError {
    QueueError(
      .notFound, "The queue has no export \(number).", next: "`revisit outreach export --list` shows them.")
  }

  private func lines(of number: Int64, _ session: any SQLSession) throws(QueueError) -> [ExportedTask] {
    let campaigns = try CampaignStore(session: session).byNumber()
    var tasks: [ExportedTask] = []
    while true {
      // Page by page: the rows of a long export take more memory than what is made of them.
      let rows = try session.rows(
        """
        SELECT l.line, t.key, t.campaign, r.template, t.channel, t.tier, t.priority, l.due_at, t.customer,
            c.payload, d.payload
          FROM export_line l JOIN task t ON t.id = l.task JOIN run r ON r.id = t.run
            JOIN contact c ON c.customer = t.customer AND c.version = l.contact_version
            JOIN task_detail d ON d.task = t.id
          WHERE l.export = $1 AND l.line > $2 ORDER BY l.line LIMIT \(Self.exportPage)
        """, [.integer(number), SQLValue(tasks.last?.line ?? 0)])
      for row in rows { tasks.append(try exportedTask(row, campaigns)) }
      if rows.count < Self.exportPage { return tasks }
    }
  }

  /// Lines that are read together.
  private static let exportPage = 1 << 12

  private func exportedTask(
    _ row: [SQLValue], _ campaigns: [Int64: Campaign]
  ) throws(QueueError) -> ExportedTask {
    guard let line = row[0].integer, let key = row[1].pseudonym,
      let campaign = row[2].integer.flatMap({ campaigns[$0] }), let template = row[3].text,
      let channel = row[4].integer.flatMap(Channel.init), let priority = row[6].real,
      let due = row[7].integer, let customer = row[8].pseudonym, let contact = row[9].blob,
      let details = row[10].blob
    else { throw .damaged("export_line") }
    return ExportedTask(
      line: Int(line), id: key, campaign: campaign.name, template: template, purpose: campaign.purpose,
      channel: channel, tier: row[5].text, priority: priority, due: Moment(milliseconds: due),
      contact: try DetailsCoding.read(try vault.open(contact, for: customer), as: ContactDetails.self),
      details: try DetailsCoding.read(try vault.open(details, for: key), as: TaskDetails.self))
  }

  /// Keeps name, rows and hash of an export's files, once: the same again changes nothing, others are refused.
  ///
  /// - Parameter replacing: keep other files than before: a customer of the export was erased.
  public func recordFiles(
    _ files: [ExportedFile], of number: Int64, replacing: Bool = false, at now: Moment
  ) throws(QueueError) {
    try change(at: now) { log throws(QueueError) in
      guard let record = try Self.exports(log.session, " WHERE number = $1", [.integer(number)]).first else {
        throw Self.noExport(number)
      }
      if let known = record.files, !replacing || known == files {
        guard known == files else {
          throw QueueError(
            .refused, "Export \(number) has other files than these.",
            next: "An export never changes; was the program or an option changed meanwhile?")
        }
        return
      }
      try log.session.run(
        "UPDATE export SET files = $1 WHERE number = $2", [.text(try Self.json(files)), .integer(number)])
      let hashes = files.map { "\($0.sha256.prefix(16)):\($0.rows)" }.joined(separator: " ")
      log.record(.exported, owner: record.owner, detail: "export=\(number) files=\(files.count) \(hashes)")
    }
  }

  private static func json(_ files: [ExportedFile]) throws(QueueError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(files) else { throw .damaged("export") }
    return String(decoding: data, as: UTF8.self)
  }

  /// All exports, the first one first.
  public func exports() throws(QueueError) -> [ExportRecord] {
    try store.read { session throws(QueueError) in try Self.exports(session, "", []) }
  }

  private static func exports(
    _ session: any SQLSession, _ condition: String, _ values: [SQLValue]
  ) throws(QueueError) -> [ExportRecord] {
    var exports: [ExportRecord] = []
    for row in try session.rows(
      """
      SELECT number, kind, channel, campaign, owner, created_at, rows_written, files FROM export\(condition)
        ORDER BY number
      """, values)
    {
      guard let number = row[0].integer, let kind = row[1].text,
        let channel = row[2].integer.flatMap(Channel.init), let owner = row[4].text, let at = row[5].integer,
        let count = row[6].integer
      else { throw .damaged("export") }
      var files: [ExportedFile]?
      if let text = row[7].text {
        files = try? JSONDecoder().decode([ExportedFile].self, from: Data(text.utf8))
        if files == nil { throw .damaged("export") }
      }
      exports.append(
        ExportRecord(
          number: number, kind: kind, channel: channel, campaign: row[3].text, owner: owner,
          createdAt: Moment(milliseconds: at), rows: Int(count), files: files))
    }
    return exports
  }
}
