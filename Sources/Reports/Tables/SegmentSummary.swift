import CustomerValue
public import Histories
public import Retention

extension CustomerSegments {
  /// The segments as an aligned table for a terminal.
  public func terminalTable(language: Language, width: Int, colour: Bool = false) -> String {
    let summaries = summaries
    func column(
      _ header: String, _ importance: Int, _ texts: [String], total: String,
      alignment: TextTable.Alignment = .right
    ) -> TextTable.Column {
      TextTable.Column(
        header: header, alignment: alignment, importance: importance, narrowest: nil, widest: .max,
        cells: (texts + [total]).map { TextTable.Cell($0) })
    }
    let count = Double(rows.count)
    let table = TextTable(
      columns: [
        column(
          Words.segment[language], 0, summaries.map { $0.segment.label[language] },
          total: Words.all[language],
          alignment: .left),
        column(
          unit == .customer ? Words.customers[language] : Words.relations[language], 0,
          summaries.map { NumberText.grouped($0.count) }, total: NumberText.grouped(rows.count)),
        column(
          Words.share[language], 2, summaries.map { NumberText.percent(Double($0.count) / count) }, total: ""),
        column(
          Words.visits[language], 0, summaries.map { NumberText.amount($0.visits) },
          total: NumberText.amount(total.visits)),
        column(
          "\(Words.paid[language]) (\(histories.currency))", 1, summaries.map { NumberText.amount($0.paid) },
          total: NumberText.amount(total.paid)),
        column(
          Words.paidShare[language], 0, summaries.map { NumberText.percent($0.paidShare) }, total: ""),
      ], width: width)
    let title = [Words.title(asOf, language), histories.dealerGroup].compactMap { $0 }.joined(
      separator: " · ")
    return
      ([title, "", table.headerLine(colour: colour)]
      + (0...summaries.count).map { table.line(row: $0, colour: colour) }).joined(separator: "\n")
  }

  private enum Words {
    static let segment = Bilingual("segment", "客户分群")
    static let customers = Bilingual("customers", "客户数")
    static let relations = Bilingual("relations", "客户车辆关系数")
    static let share = Bilingual("share", "占比")
    static let visits = Bilingual("visits", "到店次数")
    static let paid = Bilingual("paid", "消费额")
    static let paidShare = Bilingual("revenue share", "消费占比")
    static let all = Bilingual("All", "合计")

    static func title(_ asOf: Day, _ language: Language) -> String {
      Bilingual("RFM segments as of \(asOf), visits and amounts of 730 days", "RFM客户分群 截至\(asOf)，近730天到店与消费")[
        language]
    }
  }
}
