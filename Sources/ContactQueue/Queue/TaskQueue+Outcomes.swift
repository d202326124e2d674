internal import Histories

extension TaskQueue {
  /// Keeps which relations of a campaign came back, in place of what was kept before.
  public func record(
    _ returns: [Return], of campaign: String, at now: Moment
  ) throws(QueueError) {
    try change(at: now) { log throws(QueueError) in
      let id = try CampaignStore(session: log.session).named(campaign).id
      try log.session.run("DELETE FROM comeback WHERE campaign = $1", [.integer(id)])
      var rows = RowBlock("comeback", ["campaign", "customer", "vehicle", "visit", "opened_on", "days"])
      for comeback in returns {
        rows.append(id)
        rows.append(comeback.customer)
        rows.append(comeback.vehicle)
        rows.append(comeback.visit)
        rows.append(Int64(comeback.openedOn.number))
        rows.append(comeback.days)
        rows.endRow()
      }
      try log.session.append(rows, skippingKnown: true)
      log.record(.matched, detail: "campaign=\(id) returns=\(returns.count)")
    }
  }

  /// Every relation of a campaign that was contacted, is to be, or is held out, with what became of it.
  ///
  /// A relation with tasks in several waves has a row for each.
  public func outcomes(of campaign: String) throws(QueueError) -> [CampaignOutcome] {
    try store.read { session throws(QueueError) in
      let id = try CampaignStore(session: session).named(campaign).id
      return try Self.outcomes(
        session,
        """
        SELECT t.customer, t.vehicle, u.committed_at, NULL, t.tier, s.probability, s.value, t.key, t.channel,
            t.state, t.reason, t.sent_at, b.visit, b.opened_on, b.days, t.wave
          FROM task t JOIN run u ON u.id = t.run
            LEFT JOIN score s ON s.run = t.run AND s.line = t.line
            LEFT JOIN comeback b
              ON b.campaign = t.campaign AND b.customer = t.customer AND b.vehicle = t.vehicle
          WHERE t.campaign = $1 ORDER BY t.id
        """, id)
        + Self.outcomes(
          session,
          """
          SELECT h.customer, h.vehicle, h.at, h.stratum, s.tier, s.probability, s.value, NULL, NULL, NULL, NULL,
              NULL, b.visit, b.opened_on, b.days, h.wave
            FROM holdout h LEFT JOIN score s ON s.run = h.run AND s.line = h.line
              LEFT JOIN comeback b
                ON b.campaign = h.campaign AND b.customer = h.customer AND b.vehicle = h.vehicle
            WHERE h.campaign = $1 ORDER BY h.run, h.line
          """, id)
    }
  }

  private static func outcomes(
    _ session: any SQLSession, _ sql: String, _ campaign: Int64
  ) throws(QueueError) -> [CampaignOutcome] {
    var outcomes: [CampaignOutcome] = []
    for row in try session.rows(sql, [.integer(campaign)]) {
      guard let customer = row[0].pseudonym, let vehicle = row[1].pseudonym, let at = row[2].integer,
        let wave = row[15].integer
      else {
        throw .damaged("task")
      }
      var comeback: Return?
      if let visit = row[12].text, let day = row[13].integer, let days = row[14].integer {
        comeback = Return(
          customer: customer, vehicle: vehicle, visit: visit,
          openedOn: Day(Int32(truncatingIfNeeded: day)), days: Int(days))
      }
      outcomes.append(
        CampaignOutcome(
          customer: customer, vehicle: vehicle, wave: Int(wave), enqueuedAt: Moment(milliseconds: at),
          stratum: row[3].text,
          tier: row[4].text, probability: row[5].real, value: row[6].real, task: row[7].pseudonym,
          channel: row[8].integer.flatMap(Channel.init), state: row[9].integer.flatMap(TaskState.init),
          reason: row[10].text, contactedAt: row[11].integer.map(Moment.init), comeback: comeback))
    }
    return outcomes
  }
}
