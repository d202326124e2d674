internal import Histories

/// Campaigns as rows.
struct CampaignStore {
  let session: any SQLSession

  /// Adds a campaign, or takes over what may change: text, wave, share and policy.
  ///
  /// - Throws: `usage` when it is there for another purpose.
  func save(_ campaign: Campaign, at now: Moment) throws(QueueError) -> CampaignRecord {
    let values: [SQLValue] = [
      .text(campaign.template), SQLValue(campaign.wave), .real(campaign.holdoutShare), .text(campaign.policy),
    ]
    if let known = try all().first(where: { $0.campaign.name == campaign.name }) {
      guard known.campaign.purpose == campaign.purpose else {
        throw QueueError(
          .usage, "The campaign \(campaign.name) is there for another purpose.",
          next: "Name the same purpose, or give this campaign another name.")
      }
      if known.campaign != campaign {
        try session.run(
          "UPDATE campaign SET template = $1, wave = $2, holdout_share = $3, policy = $4 WHERE id = $5",
          values + [.integer(known.id)])
      }
      return CampaignRecord(id: known.id, campaign: campaign)
    }
    let id = 1 + (try session.rows("SELECT MAX(id) FROM campaign", []).first?[0].integer ?? 0)
    try session.run(
      """
      INSERT INTO campaign (template, wave, holdout_share, policy, id, name, purpose, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """,
      values + [
        .integer(id), .text(campaign.name), .integer(Int64(campaign.purpose.rawValue)), SQLValue(now),
      ])
    return CampaignRecord(id: id, campaign: campaign)
  }

  func all() throws(QueueError) -> [CampaignRecord] {
    var campaigns: [CampaignRecord] = []
    for row in try session.rows(
      "SELECT id, name, purpose, template, wave, holdout_share, policy FROM campaign ORDER BY id", [])
    {
      guard let id = row[0].integer, let name = row[1].text,
        let purpose = row[2].integer.flatMap({ ConsentPurpose(rawValue: UInt8(truncatingIfNeeded: $0)) }),
        let template = row[3].text, let wave = row[4].integer, let share = row[5].real,
        let policy = row[6].text
      else { throw .damaged("campaign") }
      campaigns.append(
        CampaignRecord(
          id: id,
          campaign: Campaign(
            name: name, purpose: purpose, template: template, wave: Int(wave), holdoutShare: share,
            policy: policy)))
    }
    return campaigns
  }

  /// All campaigns by their numbers.
  func byNumber() throws(QueueError) -> [Int64: Campaign] {
    Dictionary(uniqueKeysWithValues: try all().map { ($0.id, $0.campaign) })
  }

  /// - Throws: `notFound`.
  func named(_ name: String) throws(QueueError) -> CampaignRecord {
    let campaigns = try all()
    if let campaign = campaigns.first(where: { $0.campaign.name == name }) { return campaign }
    let names = campaigns.map(\.campaign.name).joined(separator: ", ")
    throw QueueError(
      .notFound, "The queue has no campaign \(name).",
      next: names.isEmpty ? "`revisit outreach enqueue` makes one." : "It has: \(names).")
  }
}

extension TaskQueue {
  /// All campaigns, in the order in which they came.
  public func campaigns() throws(QueueError) -> [CampaignRecord] {
    try store.read { session throws(QueueError) in try CampaignStore(session: session).all() }
  }
}
