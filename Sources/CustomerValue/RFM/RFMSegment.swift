public import Histories

/// The ten segments of the R package rfm, in the order in which their rules are tried, and what no rule covers.
///
/// The raw value is the published English name, which files carry in every language.
public enum RFMSegment: String, Sendable, CaseIterable, Codable {
  case champions = "Champions"
  case potentialLoyalist = "Potential Loyalist"
  case loyalCustomers = "Loyal Customers"
  case promising = "Promising"
  case newCustomers = "New Customers"
  case cannotLoseThem = "Can't Lose Them"
  case atRisk = "At Risk"
  case needAttention = "Need Attention"
  case aboutToSleep = "About To Sleep"
  case lost = "Lost"
  /// The ten of the 125 combinations that no published rule covers: R F M of 2 1 5, 2 4 1, 2 5 1, 2 5 2 and every
  /// 3–5 4–5 1. They are customers who come often and spend little, or who came once, some time ago, for much.
  case others = "Others"

  /// The segment of three scores from 1 to 5: the first rule that matches.
  public init(recency: UInt8, frequency: UInt8, monetary: UInt8) {
    let scores = 1...UInt8(RFMScheme.binCount)
    precondition(
      scores.contains(recency) && scores.contains(frequency) && scores.contains(monetary),
      "scores go from 1 to 5")
    self = Self.table[Self.index(recency, frequency, monetary)]
  }

  public var label: Bilingual {
    switch self {
    case .champions: Bilingual("Champions", "冠军客户")
    case .potentialLoyalist: Bilingual("Potential loyalists", "潜在忠诚客户")
    case .loyalCustomers: Bilingual("Loyal customers", "忠诚客户")
    case .promising: Bilingual("Promising", "有潜力客户")
    case .newCustomers: Bilingual("New customers", "新客户")
    case .cannotLoseThem: Bilingual("Can't lose them", "不能流失客户")
    case .atRisk: Bilingual("At risk", "有流失风险客户")
    case .needAttention: Bilingual("Need attention", "需要关注客户")
    case .aboutToSleep: Bilingual("About to sleep", "即将沉睡客户")
    case .lost: Bilingual("Lost", "已流失客户")
    case .others: Bilingual("Others", "其他客户")
    }
  }

  private struct Rule {
    let segment: RFMSegment
    let recency: ClosedRange<UInt8>
    let frequency: ClosedRange<UInt8>
    let monetary: ClosedRange<UInt8>
  }

  private static let rules = [
    Rule(segment: .champions, recency: 5...5, frequency: 5...5, monetary: 5...5),
    Rule(segment: .potentialLoyalist, recency: 3...5, frequency: 3...5, monetary: 2...5),
    Rule(segment: .loyalCustomers, recency: 2...4, frequency: 2...4, monetary: 2...4),
    Rule(segment: .promising, recency: 3...4, frequency: 1...3, monetary: 3...5),
    Rule(segment: .newCustomers, recency: 4...5, frequency: 1...3, monetary: 1...5),
    Rule(segment: .cannotLoseThem, recency: 1...2, frequency: 3...4, monetary: 4...5),
    Rule(segment: .atRisk, recency: 1...2, frequency: 2...5, monetary: 4...5),
    Rule(segment: .needAttention, recency: 1...3, frequency: 3...5, monetary: 3...5),
    Rule(segment: .aboutToSleep, recency: 2...3, frequency: 1...3, monetary: 1...4),
    Rule(segment: .lost, recency: 1...1, frequency: 1...5, monetary: 1...5),
  ]

  private static func index(_ recency: UInt8, _ frequency: UInt8, _ monetary: UInt8) -> Int {
    let base = RFMScheme.binCount
    return ((Int(recency) - 1) * base + Int(frequency) - 1) * base + Int(monetary) - 1
  }

  /// The segment of each of the 125 combinations, so that scoring a customer is one look-up.
  private static let table: [RFMSegment] = {
    let scores = 1...UInt8(RFMScheme.binCount)
    return scores.flatMap { recency in
      scores.flatMap { frequency in
        scores.map { monetary in
          let rule = rules.first {
            $0.recency.contains(recency) && $0.frequency.contains(frequency) && $0.monetary.contains(monetary)
          }
          return rule?.segment ?? .others
        }
      }
    }
  }()
}
