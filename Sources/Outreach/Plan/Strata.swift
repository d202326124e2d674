import CustomerValue

/// The strata of a hold-out: risk × value tier, as the list says them.
///
/// Without a column of risk tiers they follow from the probability by the borders of `RiskTier`.
struct Strata {
  private let list: ContactList
  private let tiers: [String?]
  private let risks: [String?]
  private static let unknown = "-"

  init(_ list: ContactList) {
    self.list = list
    tiers = [nil] + Self.words(list.tiers)
    risks = list.risks == nil ? [nil] + RiskTier.allCases.map(\.rawValue) : [nil] + Self.words(list.risks)
  }

  private static func words(_ texts: ContactList.Texts?) -> [String] {
    guard let dictionary = texts?.dictionary else { return [] }
    return (0..<dictionary.count).map { dictionary.texts[$0] }
  }

  var count: Int { tiers.count * risks.count }

  func place(_ row: Int) -> Int {
    (1 + Int(list.tiers?.codes[row] ?? -1)) * risks.count + risk(row)
  }

  private func risk(_ row: Int) -> Int {
    if let risks = list.risks { return 1 + Int(risks.codes[row]) }
    return list.probability(row).map(RiskTier.init(probability:)).flatMap(RiskTier.allCases.firstIndex)
      .map { 1 + $0 } ?? 0
  }

  /// `high/vip`.
  func name(_ place: Int) -> String {
    "\(risks[place % risks.count] ?? Self.unknown)/\(tiers[place / risks.count] ?? Self.unknown)"
  }
}
