import Histories
import Retention

/// The columns of the terminal table, in the order in which they stand.
struct AtRiskTerminalColumns {
  let list: AtRiskList
  private var language: Language { list.language }

  private static let unlimited = Int.max
  private static let missing = "–"

  var all: [TextTable.Column] {
    [
      right(AtRiskWords.rank, 0) { "\($0.rank)" },
      left(AtRiskWords.customer, 0, narrowest: 8, widest: 24) { $0.name ?? $0.customerID },
      left(AtRiskWords.phone, 3) { $0.phone ?? "" },
      left(AtRiskWords.vehicle, 0, narrowest: 10, widest: 26) { $0.model ?? $0.plate ?? $0.vin },
      left(AtRiskWords.plate, 2) { $0.plate ?? "" },
      right(AtRiskWords.age, 7) { $0.ageYears.map(NumberText.years) ?? Self.missing },
      left(AtRiskWords.lastVisit, 4) { $0.lastVisitOn?.description ?? Self.missing },
      left(AtRiskWords.nextDue, 6) { $0.nextDueOn?.description ?? Self.missing },
      right(AtRiskWords.overdueDays, 0) { $0.daysOverdue.map(NumberText.grouped) ?? Self.missing },
      right(AtRiskWords.overdueKm, 8) { $0.kmOverdue.map(NumberText.grouped) ?? Self.missing },
      right(AtRiskWords.probability, 0, colour: Self.colour) { NumberText.percent($0.probability) },
      left(AtRiskWords.risk, 1, colour: Self.colour) { $0.riskTier.label[language] },
      right(
        Bilingual(
          "\(AtRiskWords.atStake.english), \(list.currency)",
          "\(AtRiskWords.atStake.chinese) \(list.currency)"),
        0
      ) { NumberText.amount($0.valueAtStake) },
      right(AtRiskWords.valueAtRisk, list.ranking == .value ? 0 : 5) { Self.amount($0.valueAtRisk) },
      right(AtRiskWords.service36, 9) { Self.amount($0.worth.service) },
      right(AtRiskWords.insurance, 10) { Self.amount($0.worth.insurance) },
      right(AtRiskWords.tradeIn, 11) { Self.amount($0.worth.tradeIn) },
      right(AtRiskWords.referral, 12) { Self.amount($0.worth.referral) },
      left(AtRiskWords.value, 5) { $0.valueTier.label[language] },
      left(AtRiskWords.segment, 13) { $0.segment.map { AtRiskWords.segmentLabel($0)[language] } ?? "" },
      left(AtRiskWords.dealer, 14, narrowest: 6, widest: 16) { $0.dealerID ?? "" },
      left(AtRiskWords.adviser, 15, narrowest: 6, widest: 16) { $0.lastAdviser ?? "" },
    ]
  }

  private static func amount(_ value: Double?) -> String { value.map(NumberText.amount) ?? missing }

  private static func colour(_ row: AtRiskRow) -> TextTable.Colour {
    switch row.riskTier {
    case .high: .red
    case .medium: .yellow
    case .low: .green
    }
  }

  private func left(
    _ header: Bilingual, _ importance: Int, narrowest: Int? = nil, widest: Int = unlimited,
    colour: (AtRiskRow) -> TextTable.Colour? = { _ in nil }, text: (AtRiskRow) -> String
  ) -> TextTable.Column {
    TextTable.Column(
      header: header[language], alignment: .left, importance: importance, narrowest: narrowest,
      widest: widest,
      cells: list.rows.map { TextTable.Cell(text($0), colour: colour($0)) })
  }

  private func right(
    _ header: Bilingual, _ importance: Int,
    colour: (AtRiskRow) -> TextTable.Colour? = { _ in nil }, text: (AtRiskRow) -> String
  ) -> TextTable.Column {
    TextTable.Column(
      header: header[language], alignment: .right, importance: importance, narrowest: nil,
      widest: Self.unlimited, cells: list.rows.map { TextTable.Cell(text($0), colour: colour($0)) })
  }
}
