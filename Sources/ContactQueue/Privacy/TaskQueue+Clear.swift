extension TaskQueue {
  /// Empties the personal details of customers who have had no open task since a moment: what is kept no longer than it
  /// is needed (GDPR art. 5, PIPL art. 19). Opt-outs, scores and tasks stay under keyed names; a new list brings
  /// details anew.
  ///
  /// - Returns: how many customers.
  /// - Complexity: O(customers), a page of them at a time.
  public func clearDetails(before cutoff: Moment, at now: Moment, by who: String) throws(QueueError) -> Int {
    try change(at: now) { log throws(QueueError) in
      var count = 0
      while true {
        let customers = try self.unneeded(before: cutoff, log.session)
        guard !customers.isEmpty else { break }
        for customer in customers { try self.clear(customer, log) }
        count += customers.count
      }
      if count > 0 { log.record(.cleared, owner: who, detail: "customers=\(count)") }
      return count
    }
  }

  private static let page = 1024

  private func unneeded(before cutoff: Moment, _ session: any SQLSession) throws(QueueError) -> [Pseudonym] {
    let open = [TaskState.planned, .approved, .leased, .sent, .unknown].map { "\($0.code)" }
    return try session.rows(
      """
      SELECT DISTINCT c.customer FROM contact c JOIN person p ON p.customer = c.customer
        WHERE c.cleared_at IS NULL AND p.updated_at < $1 AND NOT EXISTS
          (SELECT 1 FROM task t WHERE t.customer = c.customer
            AND (t.updated_at >= $2 OR t.state IN (\(open.joined(separator: ", ")))))
        LIMIT \(Self.page)
      """, [SQLValue(cutoff), SQLValue(cutoff)]
    ).compactMap(\.first?.pseudonym)
  }

  private func clear(_ customer: Pseudonym, _ log: ChangeLog) throws(QueueError) {
    try log.session.run(
      "UPDATE contact SET payload = $1, cleared_at = $2 WHERE customer = $3",
      [
        .blob(try vault.seal(DetailsCoding.bytes(.erased), for: customer)), SQLValue(log.now),
        SQLValue(customer),
      ])
    for row in try log.session.rows("SELECT id, key FROM task WHERE customer = $1", [SQLValue(customer)]) {
      guard let id = row[0].integer, let key = row[1].pseudonym else { throw .damaged("task") }
      try log.session.run(
        "UPDATE task_detail SET payload = $1 WHERE task = $2",
        [.blob(try vault.seal(DetailsCoding.bytes(TaskDetails()), for: key)), .integer(id)])
    }
  }
}
