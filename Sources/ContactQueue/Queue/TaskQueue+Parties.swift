internal import Histories

extension TaskQueue {
  /// Whom tasks are about, for receipts to become contacts in the histories; tasks that the queue does not know, or whose
  /// customer was erased, are missing.
  ///
  /// - Parameter reader: who reads them, for the log of accesses.
  public func parties(
    of keys: [Pseudonym], reader who: String, at now: Moment
  ) throws(QueueError) -> [Pseudonym: TaskParty] {
    try store.write { session throws(QueueError) in
      let reader = ContactReader(session: session, vault: self.vault)
      let tasks = try self.tasks(keys, session)
      let contacts = try reader.newestPayloads(of: tasks.map(\.customer))
      let details = try reader.details(of: tasks.map(\.identity))
      let campaigns = try CampaignStore(session: session).byNumber()
      var parties: [Pseudonym: TaskParty] = [:]
      for task in tasks {
        guard let payload = contacts[task.customer], let campaign = campaigns[task.identity.campaign] else {
          continue
        }
        let contact = try DetailsCoding.read(payload, as: ContactDetails.self)
        parties[task.identity.key] = TaskParty(
          customerID: contact.customerID, vin: details[task.identity.id]?.vin,
          channel: task.identity.channel, purpose: campaign.purpose, campaign: campaign.name)
      }
      if !parties.isEmpty {
        try reader.log(
          at: now, who: who, purpose: "receipts", what: "customers of tasks", rows: parties.count)
      }
      return parties
    }
  }

  private func tasks(_ keys: [Pseudonym], _ session: any SQLSession) throws(QueueError) -> [TaskRow] {
    var tasks: [Int64: TaskRow] = [:]
    try SQLList.pieces(of: keys) { piece throws(QueueError) in
      for task in try TaskRow.all(
        session,
        "SELECT \(TaskRow.columns) FROM task WHERE key IN (\(SQLList.places(piece.count, from: 1)))",
        piece.map { SQLValue($0) })
      {
        tasks[task.identity.id] = task
      }
    }
    return tasks.values.sorted { $0.identity.id < $1.identity.id }
  }
}
