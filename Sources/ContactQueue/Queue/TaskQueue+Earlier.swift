/// What a campaign did with a customer before: who is held out, and who has a task.
public struct CampaignPart: Sendable, Hashable {
  /// The stratum in which the customer is held out; `nil` for who has a task.
  public var stratum: String?
  /// The task of the wave asked for; `nil` where all tasks are of other waves.
  public var task: Task?

  /// What a task contacts the customer by, and for which vehicle.
  public struct Task: Sendable, Hashable {
    public var channel: Channel
    public var vehicle: Pseudonym

    public init(channel: Channel, vehicle: Pseudonym) {
      self.channel = channel
      self.vehicle = vehicle
    }
  }

  public init(stratum: String? = nil, task: Task? = nil) {
    self.stratum = stratum
    self.task = task
  }
}

extension TaskQueue {
  /// Rows that are read together: so many are in memory at a time.
  private static let pageLength = 1 << 14

  /// All customers that a campaign has held out or given tasks, in this wave or others; empty for a new campaign.
  ///
  /// - Complexity: O(hold-out and tasks of the campaign)
  public func parts(ofCampaign name: String, wave: Int) throws(QueueError) -> [Pseudonym: CampaignPart] {
    try store.read { session throws(QueueError) in
      try Self.parts(ofCampaign: name, wave: wave, session)
    }
  }

  /// The same in a transaction that goes on.
  static func parts(
    ofCampaign name: String, wave: Int, _ session: any SQLSession
  ) throws(QueueError) -> [Pseudonym: CampaignPart] {
    let campaigns = try CampaignStore(session: session).all()
    guard let campaign = campaigns.first(where: { $0.campaign.name == name }) else { return [:] }
    var parts: [Pseudonym: CampaignPart] = [:]
    try Self.readTasks(of: campaign.id, wave: wave, session, into: &parts)
    try Self.readHoldOut(of: campaign.id, session, into: &parts)
    return parts
  }

  private static func readTasks(
    of campaign: Int64, wave: Int, _ session: any SQLSession, into parts: inout [Pseudonym: CampaignPart]
  ) throws(QueueError) {
    var last: Int64 = 0
    while true {
      let rows = try session.rows(
        """
        SELECT id, customer, wave, channel, vehicle FROM task WHERE id > $1 AND campaign = $2
          ORDER BY id LIMIT \(pageLength)
        """, [.integer(last), .integer(campaign)])
      for row in rows {
        guard let id = row[0].integer, let customer = row[1].pseudonym, let own = row[2].integer,
          let code = row[3].integer, let vehicle = row[4].pseudonym
        else { throw .damaged("task") }
        last = id
        let channel = own == Int64(wave) ? Channel(code: code) : nil
        let task = channel.map { CampaignPart.Task(channel: $0, vehicle: vehicle) }
        parts[customer] = CampaignPart(task: task ?? parts[customer]?.task)
      }
      if rows.count < pageLength { return }
    }
  }

  private static func readHoldOut(
    of campaign: Int64, _ session: any SQLSession, into parts: inout [Pseudonym: CampaignPart]
  ) throws(QueueError) {
    var last = SQLValue.blob([])
    while true {
      let rows = try session.rows(
        """
        SELECT customer, stratum FROM holdout WHERE customer > $1 AND campaign = $2
          ORDER BY customer LIMIT \(pageLength)
        """, [last, .integer(campaign)])
      for row in rows {
        guard let customer = row[0].pseudonym, let stratum = row[1].text else { throw .damaged("holdout") }
        last = row[0]
        parts[customer] = CampaignPart(stratum: stratum)
      }
      if rows.count < pageLength { return }
    }
  }
}
