public import ContactQueue

/// What a campaign has done with customers before, in this wave or earlier ones.
public struct EarlierWaves: Sendable {
  /// One customer's part in the campaign.
  public enum Part: Sendable, Hashable {
    case heldOut(stratum: String)
    /// Has a task; `channel` is that of this wave, if it is of this wave.
    case contacted(channel: Channel?)
  }

  /// By customer, as the queue names them.
  private let parts: [Pseudonym: Part]
  private let name: @Sendable (String) -> Pseudonym

  /// - Parameter name: the queue's pseudonym of a customer id.
  public init(_ parts: [Pseudonym: Part], name: @escaping @Sendable (String) -> Pseudonym) {
    self.parts = parts
    self.name = name
  }

  /// A campaign that begins.
  public static let none = EarlierWaves([:], name: { _ in Pseudonym(high: 0, low: 0) })

  /// - Parameter customer: is asked for the customer's id only where there were waves before.
  func part(of customer: () -> String) -> Part? {
    parts.isEmpty ? nil : parts[name(customer())]
  }
}
