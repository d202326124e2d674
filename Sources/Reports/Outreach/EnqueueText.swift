public import ContactQueue
public import Histories
public import Outreach

/// What became of a list on its way into the queue, for the terminal.
public struct EnqueueText {
  public let report: EnqueueReport
  public let campaign: Campaign
  /// Why tasks are due later than now.
  public let delayed: [(reason: SuppressionReason, lines: Int)]

  /// Contacts whose customers have heard nothing for too long.
  public let first: Int

  public init(_ report: EnqueueReport, campaign: Campaign, plan: OutreachPlan) {
    self.report = report
    self.campaign = campaign
    delayed = plan.delayed
    first = plan.first
  }

  /// - Parameter width: cells in a line.
  public func text(_ language: Language, width: Int, colour: Bool = false) -> String {
    let title = OutreachWords.campaign(campaign.name, wave: campaign.wave, language)
    var lines = [
      colour ? TextTable.painted(DisplayWidth.harmless(title), .bold) : DisplayWidth.harmless(title)
    ]
    lines += [""] + table(rows(language), language, width).lines(colour: colour)
    if report.enqueued == 0, report.alreadyThere + report.heldOut > 0 {
      lines += ["", OutreachWords.nothingNew[language]]
    } else if first > 0, first < report.enqueued + report.alreadyThere {
      lines += ["", OutreachWords.first(first, language)]
    }
    return lines.joined(separator: "\n")
  }

  private func rows(_ language: Language) -> [(name: String, count: Int, isPart: Bool)] {
    var rows = [(OutreachWords.enqueued[language], report.enqueued, false)]
    for channel in Channel.allCases {
      guard let count = report.channels[channel] else { continue }
      rows.append((OutreachWords.channel(channel)[language], count, true))
    }
    rows.append((OutreachWords.alreadyThere[language], report.alreadyThere, false))
    rows.append((OutreachWords.heldOut[language], report.heldOut, false))
    rows.append((OutreachWords.suppressed[language], report.suppressed.values.reduce(0, +), false))
    let reasons = report.suppressed.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    for (reason, count) in reasons { rows.append((OutreachWords.reason(reason)[language], count, true)) }
    rows.append((OutreachWords.total[language], report.lines, false))
    return rows
  }

  private func table(
    _ rows: [(name: String, count: Int, isPart: Bool)], _ language: Language, _ width: Int
  ) -> TextTable {
    let names = rows.map { row in
      TextTable.Cell(row.isPart ? "  " + row.name : row.name, colour: row.isPart ? .dim : nil)
    }
    let counts = rows.map { TextTable.Cell(NumberText.grouped($0.count), colour: $0.isPart ? .dim : nil) }
    return TextTable(
      columns: [
        TextTable.Column(
          header: OutreachWords.outcome[language], alignment: .left, importance: 0, narrowest: nil,
          widest: 60,
          cells: names),
        TextTable.Column(
          header: OutreachWords.lines[language], alignment: .right, importance: 0, narrowest: nil, widest: 20,
          cells: counts),
      ], width: width)
  }
}
