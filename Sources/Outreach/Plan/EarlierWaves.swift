public import ContactQueue

/// What a campaign has done with customers before, in this wave or earlier ones.
public struct EarlierWaves: Sendable {
  private let parts: [Pseudonym: CampaignPart]
  /// Gives customers and vehicles the names by which the queue knows them.
  private let vault: Vault?

  /// - Parameter parts: by customer; see `TaskQueue.parts(ofCampaign:wave:)`.
  public init(_ parts: [Pseudonym: CampaignPart], vault: Vault) {
    self.parts = parts
    self.vault = vault
  }

  private init() {
    parts = [:]
    vault = nil
  }

  /// A campaign that begins.
  public static let none = EarlierWaves()

  /// A customer's part in the campaign.
  ///
  /// - Parameter customer: is asked for the id only where there were waves before.
  func part(of customer: () -> String) -> CampaignPart? {
    guard let vault, !parts.isEmpty else { return nil }
    return parts[vault.pseudonym(customer: customer())]
  }

  /// Whether a task is about a vehicle.
  func isSame(_ task: CampaignPart.Task, vehicle: String) -> Bool {
    vault?.pseudonym(vehicle: vehicle) == task.vehicle
  }
}
