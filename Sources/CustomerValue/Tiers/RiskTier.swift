public import Histories

/// How near a relation is to lapse, by the model's probability.
public enum RiskTier: String, Sendable, CaseIterable {
  /// 0.6 and more
  case high
  /// 0.3 to 0.6
  case medium
  /// below 0.3
  case low

  public init(probability: Double) {
    self = probability >= 0.6 ? .high : probability >= 0.3 ? .medium : .low
  }

  public var label: Bilingual {
    switch self {
    case .high: Bilingual("high", "高")
    case .medium: Bilingual("medium", "中")
    case .low: Bilingual("low", "低")
    }
  }
}
