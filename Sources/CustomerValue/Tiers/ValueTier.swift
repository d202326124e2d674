public import Histories

/// The four value tiers of the trade.
public enum ValueTier: String, Sendable, CaseIterable, Codable {
  case vip, main, ordinary, small

  public var label: Bilingual {
    switch self {
    case .vip: Bilingual("VIP", "VIP客户")
    case .main: Bilingual("main", "主要客户")
    case .ordinary: Bilingual("ordinary", "普通客户")
    case .small: Bilingual("small", "小客户")
    }
  }
}
