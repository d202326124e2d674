extension TaskQueue {
  /// Takes a customer out of the queue, for good: what remains are tasks, scores and counts under a random name, and a
  /// suppression key that keeps the customer from coming back (GDPR art. 17, PIPL art. 47).
  ///
  /// Tasks that nobody has begun to send are cancelled. Erasing again finds the same exports and changes nothing else.
  /// In SQLite the database's file still holds what was deleted in its log until `scrub`.
  public func erase(customer id: String, at now: Moment, by who: String) throws(QueueError) -> ErasureReport {
    try change(at: now) { log throws(QueueError) in
      // A list that is coming in must not bring the customer back.
      try Self.lockOut(log.session)
      let name = self.vault.pseudonym(customer: id)
      let (tombstone, isNew) = try Erasures(session: log.session, vault: self.vault).tombstone(
        of: id, at: now)
      var report = ErasureReport()
      var eraser = Eraser(log: log, vault: self.vault, customer: name, tombstone: tombstone)
      try eraser.tasks(by: who, &report)
      try eraser.personalData()
      try eraser.lines(&report)
      report.exports = try log.session.rows(
        """
        SELECT DISTINCT l.export FROM export_line l JOIN task t ON t.id = l.task
          WHERE t.customer = $1 ORDER BY l.export
        """, [SQLValue(tombstone)]
      ).compactMap(\.first?.integer)
      if isNew || report.isFound {
        log.record(.erased, owner: who, detail: "tasks=\(report.tasks) lines=\(report.lines)")
      }
      try ContactReader(session: log.session, vault: self.vault).log(
        at: now, who: who, purpose: "erasure", what: "erased", rows: 1)
      return report
    }
  }

  /// Every text by which a customer can be found in a file: the id, and the numbers, addresses, VINs and plates that the
  /// queue holds. Never to be shown.
  public func texts(of id: String, reader who: String, at now: Moment) throws(QueueError) -> [String] {
    try store.write { session throws(QueueError) in
      try ContactReader(session: session, vault: self.vault).log(
        at: now, who: who, purpose: "erasure", what: "texts to look for in files", rows: 1)
      return try [id] + self.texts(of: self.vault.pseudonym(customer: id), session)
    }
  }

  private func texts(of customer: Pseudonym, _ session: any SQLSession) throws(QueueError) -> [String] {
    var texts: Set<String> = []
    for row in try session.rows("SELECT payload FROM contact WHERE customer = $1", [SQLValue(customer)]) {
      guard let payload = row[0].blob else { throw .damaged("contact") }
      let contact = try DetailsCoding.read(try vault.open(payload, for: customer), as: ContactDetails.self)
      texts.formUnion([contact.phone, contact.email, contact.wechat].compactMap { $0 })
    }
    let tasks = try TaskRow.all(
      session, "SELECT \(TaskRow.columns) FROM task WHERE customer = $1", [SQLValue(customer)])
    for details in try ContactReader(session: session, vault: vault).details(of: tasks.map(\.identity)).values
    {
      texts.formUnion([details.vin, details.plate].compactMap { $0 })
    }
    return texts.sorted()
  }

  /// Overwrites what was deleted, as far as the database can: see `QueueStore.scrub`.
  public func scrub() throws(QueueError) {
    try store.scrub()
  }

  // MARK: Files

  /// Remembers files outside the database that may hold personal data, for erasures to look into.
  public func know(_ files: [KnownFile], at now: Moment) throws(QueueError) {
    try store.write { session throws(QueueError) in
      for file in files {
        try session.run(
          "INSERT INTO known_file (path, kind, at) VALUES ($1, $2, $3) ON CONFLICT (path) DO NOTHING",
          [.text(file.path), .text(file.kind), SQLValue(now)])
      }
    }
  }

  /// The files remembered, by path.
  public func knownFiles() throws(QueueError) -> [KnownFile] {
    try store.read { session throws(QueueError) in
      var files: [KnownFile] = []
      for row in try session.rows("SELECT path, kind FROM known_file ORDER BY path", []) {
        guard let path = row[0].text, let kind = row[1].text else { throw .damaged("known_file") }
        files.append(KnownFile(path: path, kind: kind))
      }
      return files
    }
  }
}

/// The steps of an erasure within one transaction.
private struct Eraser {
  let log: ChangeLog
  let vault: Vault
  let customer: Pseudonym
  let tombstone: Pseudonym
  /// Random names of the customer's vehicles, the same in all tables.
  private var vehicles: [Pseudonym: Pseudonym] = [:]

  private static let cancelled: Set<TaskState> = [.planned, .approved, .leased]

  init(log: ChangeLog, vault: Vault, customer: Pseudonym, tombstone: Pseudonym) {
    (self.log, self.vault, self.customer, self.tombstone) = (log, vault, customer, tombstone)
  }

  /// Cancels what is open, and leaves nobody's name on the others.
  mutating func tasks(by who: String, _ report: inout ErasureReport) throws(QueueError) {
    let lock = log.session.dialect == .postgresql ? " FOR UPDATE" : ""
    let tasks = try TaskRow.all(
      log.session, "SELECT \(TaskRow.columns) FROM task WHERE customer = $1 ORDER BY id\(lock)",
      [SQLValue(customer)])
    let open = tasks.filter { Self.cancelled.contains($0.state) }
    if !open.isEmpty {
      try TaskMover(log: log).move(
        open, to: .cancelled, .cancelled, reason: SuppressionReason.erased.rawValue, owner: who)
    }
    for task in tasks {
      try log.session.run(
        "UPDATE task SET customer = $1, vehicle = $2, updated_at = $3 WHERE id = $4",
        [
          SQLValue(tombstone), SQLValue(vehicle(task.vehicle)), SQLValue(log.now),
          .integer(task.identity.id),
        ])
      try log.session.run(
        "UPDATE task_detail SET payload = $1 WHERE task = $2",
        [
          .blob(try vault.seal(DetailsCoding.bytes(TaskDetails()), for: task.identity.key)),
          .integer(task.identity.id),
        ])
    }
    report.tasks = tasks.count
    report.cancelled = open.count
  }

  /// Contact versions stay, empty: lines of exports point to them.
  func personalData() throws(QueueError) {
    try log.session.run(
      "UPDATE contact SET customer = $1, payload = $2 WHERE customer = $3",
      [
        SQLValue(tombstone), .blob(try vault.seal(DetailsCoding.bytes(.erased), for: tombstone)),
        SQLValue(customer),
      ])
    for table in ["person", "relation", "touch", "statement"] {
      try log.session.run("DELETE FROM \(table) WHERE customer = $1", [SQLValue(customer)])
    }
  }

  mutating func lines(_ report: inout ErasureReport) throws(QueueError) {
    for table in ["score", "holdout", "comeback"] {
      let rows = try log.session.rows(
        "SELECT DISTINCT vehicle FROM \(table) WHERE customer = $1", [SQLValue(customer)])
      for row in rows {
        guard let known = row[0].pseudonym else { throw .damaged(table) }
        // The repair order of a return names the customer, too.
        let visit = table == "comeback" ? ", visit = ''" : ""
        report.lines += try log.session.run(
          "UPDATE \(table) SET customer = $1, vehicle = $2\(visit) WHERE customer = $3 AND vehicle = $4",
          [SQLValue(tombstone), SQLValue(vehicle(known)), SQLValue(customer), SQLValue(known)])
      }
    }
  }

  private mutating func vehicle(_ known: Pseudonym) -> Pseudonym {
    if let name = vehicles[known] { return name }
    let name = Pseudonym.random()
    vehicles[known] = name
    return name
  }
}
