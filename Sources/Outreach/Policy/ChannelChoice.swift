import ContactQueue

/// Which channels are used, and in which order they are tried.
struct ChannelChoice: Sendable {
  enum Kind: String, Sendable, CaseIterable {
    case person, machine
  }

  struct Use: Sendable {
    var kind: Kind
    /// Of one contact.
    var cost: Double
  }

  /// An entry of a tier's order.
  enum Step: Sendable {
    case channel(Channel)
    /// All of a kind, the cheapest first.
    case kind(Kind)
  }

  /// The word for all tiers that are not named.
  static let others = "other"

  var uses: [Channel: Use]
  var followsPreference: Bool
  /// By tier; `others` is always there.
  var tiers: [String: [Step]]

  /// The channels to try for a customer, the best first: what the customer prefers, then by tier, then by cost.
  ///
  /// - Parameter preference: a word of `Vocabularies.channel`; several channels may stand for it, such as a call by the
  ///   call centre or by an adviser: then the tier decides between them.
  func order(tier: String?, preference: String?) -> [Channel] {
    let byTier = steps(tier).flatMap(channels)
    guard followsPreference, let preference else { return Self.once(byTier) }
    let wanted = uses.keys.filter { $0.preference == preference }
    let ofTier = byTier.filter(wanted.contains)
    return Self.once((ofTier.isEmpty ? cheapest(wanted) : ofTier) + byTier)
  }

  private func steps(_ tier: String?) -> [Step] {
    tier.flatMap { tiers[$0] } ?? tiers[Self.others] ?? []
  }

  private func channels(_ step: Step) -> [Channel] {
    switch step {
    case .channel(let channel): uses[channel] == nil ? [] : [channel]
    case .kind(let kind): cheapest(uses.filter { $0.value.kind == kind }.map(\.key))
    }
  }

  private func cheapest(_ channels: [Channel]) -> [Channel] {
    channels.sorted { (uses[$0]?.cost ?? 0, $0.code) < (uses[$1]?.cost ?? 0, $1.code) }
  }

  private static func once(_ channels: [Channel]) -> [Channel] {
    var seen: Set<Channel> = []
    return channels.filter { seen.insert($0).inserted }
  }
}

extension Channel {
  /// The word by which customers prefer it.
  fileprivate var preference: String {
    switch self {
    case .phone, .adviser: "phone"
    case .sms: "sms"
    case .wechat: "wechat"
    case .email: "email"
    }
  }
}
