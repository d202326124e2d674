extension TaskQueue {
  /// The queue's own id, given when it was made.
  public func id() throws(QueueError) -> String {
    let id = try store.read { session throws(QueueError) in try Settings.value(.id, session) }
    guard let id else { throw .damaged("setting") }
    return id
  }

  /// Whom tasks are about, by their ids; unknown tasks and those of erased customers are left out.
  ///
  /// - Parameter who: who reads them, for the log of accesses.
  public func parties(
    of tasks: [Pseudonym], reader who: String, purpose: String, at now: Moment
  ) throws(QueueError) -> [Pseudonym: TaskParty] {
    try store.write { session throws(QueueError) in
      let campaigns = Dictionary(
        uniqueKeysWithValues: try CampaignStore(session: session).all().map { ($0.id, $0.campaign) })
      var parties: [Pseudonym: TaskParty] = [:]
      try SQLList.pieces(of: Array(Set(tasks))) { piece throws(QueueError) in
        for row in try session.rows(
          """
          SELECT t.key, t.customer, t.campaign, t.channel, c.payload, d.payload
            FROM task t JOIN person p ON p.customer = t.customer
              JOIN contact c ON c.customer = p.customer AND c.version = p.contact_version
              JOIN task_detail d ON d.task = t.id
            WHERE t.key IN (\(SQLList.places(piece.count, from: 1)))
          """, piece.map { SQLValue($0) })
        {
          guard let key = row[0].pseudonym, let customer = row[1].pseudonym,
            let campaign = row[2].integer.flatMap({ campaigns[$0] }),
            let channel = row[3].integer.flatMap(Channel.init), let contact = row[4].blob,
            let details = row[5].blob
          else { throw .damaged("task") }
          let person = try DetailsCoding.read(
            try self.vault.open(contact, for: customer), as: ContactDetails.self)
          let vehicle = try DetailsCoding.read(try self.vault.open(details, for: key), as: TaskDetails.self)
          parties[key] = TaskParty(
            customerID: person.customerID, vin: vehicle.vin, channel: channel, purpose: campaign.purpose,
            campaign: campaign.name)
        }
      }
      try ContactReader(session: session, vault: self.vault).log(
        at: now, who: who, purpose: purpose, what: "customer ids of tasks", rows: parties.count)
      return parties
    }
  }
}
