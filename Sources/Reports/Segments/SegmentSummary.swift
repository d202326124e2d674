import CustomerValue
public import Histories
public import Retention

extension CustomerSegments {
  /// What scores are made of, and segments and tiers as aligned tables for a terminal.
  public func terminalText(language: Language, width: Int, colour: Bool = false) -> String {
    let title = [
      SegmentWords.title[language], "\(SegmentWords.asOf[language]) \(population.asOf)",
      population.dealerGroup,
    ].compactMap { $0 }.joined(separator: " · ")
    let bins = [scheme.recency, scheme.frequency, scheme.monetary]
    let measures = zip(SegmentWords.measures(population, language), bins).flatMap { measure, bins in
      [
        "\(measure.0): \(measure.1)",
        "  \(SegmentWords.from[language]) \(SegmentWords.boundaries(bins))",
      ]
    }
    let segments = table(summaries, heading: SegmentWords.segment, language, width)
    let tiers = table(tierSummaries, heading: SegmentWords.tier, language, width)
    let lines =
      [title, ""] + measures.map { DisplayWidth.cut(DisplayWidth.harmless($0), to: width) } + [""]
      + segments.lines(colour: colour) + [""] + tiers.lines(colour: colour)
    return lines.joined(separator: "\n")
  }

  private func table(
    _ all: [(NamedClass, Summary)], heading: Bilingual, _ language: Language, _ width: Int
  ) -> TextTable {
    let shown = all.filter { $0.1.count > 0 }
    let total = total
    func column(
      _ header: String, _ importance: Int, alignment: TextTable.Alignment = .right,
      last: String, _ text: (NamedClass, Summary) -> String
    ) -> TextTable.Column {
      TextTable.Column(
        header: header, alignment: alignment, importance: importance, narrowest: nil, widest: .max,
        cells: (shown.map(text) + [last]).map { TextTable.Cell($0) })
    }
    let share = SegmentWords.share[language]
    func part(_ value: Double, of all: Double) -> String {
      NumberText.percent(all > 0 ? value / all : .nan)
    }
    var columns = [
      column(
        heading[language], 0, alignment: .left, last: SegmentWords.all[language]
      ) { segment, _ in segment.label[language] },
      column(SegmentWords.unit(population.unit)[language], 0, last: NumberText.grouped(total.count)) {
        NumberText.grouped($1.count)
      },
      column(share, 1, last: "") { part(Double($1.count), of: Double(total.count)) },
      column(SegmentWords.events(population.events)[language], 0, last: NumberText.amount(total.events)) {
        NumberText.amount($1.events)
      },
      column(SegmentWords.paid(population, language), 0, last: NumberText.amount(total.paid)) {
        NumberText.amount($1.paid)
      },
      column(share, 1, last: "") { part($1.paid, of: total.paid) },
    ]
    if population.money == .margin {
      columns.append(
        column(SegmentWords.margin(population, language), 2, last: NumberText.amount(total.money)) {
          NumberText.amount($1.money)
        })
      columns.append(column(share, 3, last: "") { part($1.money, of: total.money) })
    }
    return TextTable(columns: columns, width: width)
  }
}
