public import Histories

/// What one list is enqueued for.
public struct Campaign: Sendable, Hashable {
  public var name: String
  /// What the contact is for; consents are given by purpose.
  public var purpose: ConsentPurpose
  /// Name and version of the text that is sent, such as `service-due@1`.
  public var template: String
  /// 1 for the first wave.
  public var wave: Int
  /// Share of customers held out, 0 to 1.
  public var holdoutShare: Double
  /// The policy's YAML, kept with the campaign so that leases go by what enqueueing went by.
  public var policy: String

  public init(
    name: String, purpose: ConsentPurpose, template: String, wave: Int, holdoutShare: Double, policy: String
  ) {
    self.name = name
    self.purpose = purpose
    self.template = template
    self.wave = wave
    self.holdoutShare = holdoutShare
    self.policy = policy
  }
}
