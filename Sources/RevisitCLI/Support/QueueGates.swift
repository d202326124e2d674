import ContactQueue
import Foundation
import Outreach

/// The policies that are kept with the campaigns.
enum QueueGates {
  /// Makes the policy that a campaign was enqueued by.
  static func gate(of record: CampaignRecord) throws(QueueError) -> any ContactGate {
    do {
      return try ContactPolicy(
        yaml: record.campaign.policy, file: "policy of \(record.campaign.name)", timeZone: .gmt)
    } catch {
      throw QueueError(
        .badData,
        "The policy that is kept with the campaign \(record.campaign.name) cannot be read: \(error)",
        next: "Enqueue a list for the campaign again with a policy that can.")
    }
  }
}
