public import Histories

/// The four value tiers of the trade, in the order of `TierRules.four`.
public enum ValueTier: String, Sendable, CaseIterable, Codable {
  case vip, main, ordinary, small

  public var label: Bilingual { TierRules.four.tiers[Self.allCases.firstIndex(of: self) ?? 0].label }
}
