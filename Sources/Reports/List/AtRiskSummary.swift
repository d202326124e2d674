import Retention

/// What stands above the list in figures.
struct AtRiskSummary {
  let rows: Int
  /// Rows of the highest risk tier.
  let highRisk: Int
  /// The sum of probability × worth, as far as it is known.
  let valueAtRisk: Double
  /// The mean probability of lapse; `nil` for an empty list.
  let meanProbability: Double?

  init(_ list: AtRiskList) {
    rows = list.rows.count
    highRisk = list.rows.count { $0.riskTier == .high }
    valueAtRisk = list.rows.reduce(0) { $0 + ($1.valueAtRisk ?? 0) }
    let sum = list.rows.reduce(0) { $0 + $1.probability }
    meanProbability = list.rows.isEmpty ? nil : sum / Double(list.rows.count)
  }
}
