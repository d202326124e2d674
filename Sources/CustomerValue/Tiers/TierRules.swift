/// Value tiers from the best to the last, and how large each is, or from which amount on.
public struct TierRules: Sendable {
  /// Where tiers end.
  public enum Limits: Sendable, Hashable {
    /// Shares of the customers with an amount above zero, of each tier but the last.
    case shares([Double])
    /// Amounts from which each tier but the last begins, falling.
    case amounts([Double])
  }

  public let tiers: [NamedClass]
  public let limits: Limits

  /// - Parameter limits: one fewer than tiers.
  init(tiers: [NamedClass], limits: Limits) {
    self.tiers = tiers
    self.limits = limits
  }

  /// What sums and products of decimal shares may be off by in binary.
  static let slack = 1e-9
}
