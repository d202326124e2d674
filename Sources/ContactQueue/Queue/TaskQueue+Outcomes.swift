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

  /// Every relation of a campaign that was contacted, is to be, is held out, or was left out by the policy when its list
  /// came, with what became of it.
  ///
  /// A relation with tasks in several waves has a row for each. Who was left out has one for every wave that neither
  /// contacts nor holds them out, with the latest list's reason; lines of unknown customers and of customers whom
  /// another line contacts have none.
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
        + Self.latest(of: try Self.outcomes(session, Self.leftOut, id))
    }
  }

  private struct Place: Hashable {
    let relation: Relation
    let wave: Int
  }

  /// The last of the lines about each relation in each wave.
  private static func latest(of lines: [CampaignOutcome]) -> [CampaignOutcome] {
    var places: [Place: Int] = [:]
    for (number, line) in lines.enumerated() {
      places[
        Place(relation: Relation(customer: line.customer, vehicle: line.vehicle), wave: line.wave)] = number
    }
    return places.values.sorted().map { lines[$0] }
  }

  /// Lines that the policy suppressed when they came.
  private static let leftOut = """
    SELECT s.customer, s.vehicle, u.committed_at, NULL, s.tier, s.probability, s.value, NULL, NULL,
        \(TaskState.suppressed.code), SUBSTR(s.decision, \(EnqueueLine.Decision.suppressed.count + 1)), NULL,
        b.visit, b.opened_on, b.days, u.wave
      FROM run u JOIN score s ON s.run = u.id
        LEFT JOIN comeback b
          ON b.campaign = u.campaign AND b.customer = s.customer AND b.vehicle = s.vehicle
      WHERE u.campaign = $1 AND s.decision LIKE '\(EnqueueLine.Decision.suppressed)%'
        AND s.decision NOT IN (\(notRelations))
        AND NOT EXISTS (SELECT 1 FROM task t
          WHERE t.customer = s.customer AND t.vehicle = s.vehicle AND t.campaign = u.campaign AND t.wave = u.wave)
        AND NOT EXISTS (SELECT 1 FROM holdout h WHERE h.campaign = u.campaign AND h.customer = s.customer)
      ORDER BY s.run, s.line
    """

  /// Lines that are about nobody, or about somebody whom another line is about.
  private static let notRelations = [
    SuppressionReason.unknownCustomer, .duplicateCustomer, .erased,
  ].map { "'\(EnqueueLine.Decision.suppressed)\($0.rawValue)'" }.joined(separator: ", ")

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
