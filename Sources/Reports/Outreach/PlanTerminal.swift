import ContactQueue
public import Histories
public import Outreach

/// What the policy makes of a list, for the terminal: the first lines, and counts by channel and reason.
public struct PlanTerminal {
  private let plan: OutreachPlan
  private let time: LocalTime
  private let language: Language
  /// Lines of the list that are shown.
  private static let shownLines = 12

  public init(_ plan: OutreachPlan, time: LocalTime, language: Language) {
    self.plan = plan
    self.time = time
    self.language = language
  }

  /// - Parameters:
  ///   - width: cells in a line.
  ///   - colour: whether what is not contacted shows in colour.
  public func text(width: Int, colour: Bool = false) -> String {
    let title = OutreachWords.title[language]
    var blocks = [
      [colour ? TextTable.painted(title, .bold) : title], lineTable.table(width).lines(colour: colour),
      channelTable.table(width).lines(colour: colour),
    ]
    for (title, counts) in [
      (OutreachWords.notContacted, plan.suppressed), (OutreachWords.laterTitle, plan.delayed),
    ] where !counts.isEmpty {
      blocks.append(reasonTable(title[language], counts).table(width).lines(colour: colour))
    }
    if plan.first > 0, plan.first < plan.contacts {
      blocks.append([OutreachWords.first(plan.first, language)])
    }
    return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  // MARK: Tables

  private struct Columns {
    var all: [TextTable.Column] = []

    mutating func add(
      _ header: String, _ alignment: TextTable.Alignment, importance: Int = 0, narrowest: Int? = nil,
      widest: Int = 40, _ cells: [TextTable.Cell]
    ) {
      all.append(
        TextTable.Column(
          header: header, alignment: alignment, importance: importance, narrowest: narrowest, widest: widest,
          cells: cells))
    }

    func table(_ width: Int) -> TextTable { TextTable(columns: all, width: width) }
  }

  private var lineTable: Columns {
    let shown = (0..<min(Self.shownLines, plan.lines.count)).map { plan.shown($0, time: time) }
    func cells(_ text: (OutreachPlan.Shown) -> String?) -> [TextTable.Cell] {
      shown.map { TextTable.Cell(text($0) ?? "–") }
    }
    var columns = Columns()
    columns.add(OutreachWords.customer[language], .left, narrowest: 8, cells(\.customer))
    columns.add(OutreachWords.vehicle[language], .left, importance: 2, cells(\.vehicle))
    columns.add(OutreachWords.tier[language], .left, importance: 3, cells(\.tier))
    columns.add(
      OutreachWords.priority[language], .right, importance: 4, cells { NumberText.grouped(Int($0.priority)) })
    columns.add(
      OutreachWords.channel[language], .left, cells { $0.channel.map { OutreachWords.channel($0)[language] } }
    )
    columns.add(
      OutreachWords.due[language], .left, importance: 1,
      cells { $0.due.map { String($0.prefix(Self.dayAndMinute)).replacing("T", with: " ") } })
    columns.add(
      OutreachWords.why[language], .left, narrowest: 12,
      shown.map { line in
        TextTable.Cell(
          line.reason.map { OutreachWords.reason($0)[language] } ?? "",
          colour: line.channel == nil ? .yellow : .dim)
      })
    return columns
  }

  /// `2026-11-23T09:00`.
  private static let dayAndMinute = 16

  private var channelTable: Columns {
    let counts = plan.channels
    let contacts = plan.contacts
    let last = [OutreachWords.contacted, OutreachWords.total].map { $0[language] }
    var columns = Columns()
    columns.add(
      OutreachWords.channel[language], .left,
      (counts.map { OutreachWords.channel($0.channel)[language] } + last).map { TextTable.Cell($0) })
    columns.add(
      OutreachWords.lines[language], .right,
      numbers(counts.map(\.lines) + [contacts, plan.lines.count]))
    columns.add(
      OutreachWords.share[language], .right,
      shares(counts.map(\.lines) + [contacts, plan.lines.count]))
    let later = counts.reduce(0) { $0 + $1.later }
    columns.add(
      OutreachWords.later[language], .right, numbers(counts.map(\.later) + [later]) + [TextTable.Cell("")])
    return columns
  }

  private func reasonTable(
    _ title: String, _ counts: [(reason: SuppressionReason, lines: Int)]
  ) -> Columns {
    var columns = Columns()
    columns.add(title, .left, counts.map { TextTable.Cell(OutreachWords.reason($0.reason)[language]) })
    columns.add(OutreachWords.lines[language], .right, numbers(counts.map(\.lines)))
    columns.add(OutreachWords.share[language], .right, shares(counts.map(\.lines)))
    return columns
  }

  private func numbers(_ counts: [Int]) -> [TextTable.Cell] {
    counts.map { TextTable.Cell(NumberText.grouped($0)) }
  }

  private func shares(_ counts: [Int]) -> [TextTable.Cell] {
    counts.map { count in
      let share = plan.lines.isEmpty ? 0 : 1000 * Double(count) / Double(plan.lines.count)
      return TextTable.Cell("\(Int(share.rounded()) / 10).\(Int(share.rounded()) % 10) %")
    }
  }
}
