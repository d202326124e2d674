public import ChurnModel
public import Histories

/// The terms of a model for people: every one as a table of what it adds to the log-odds, the most important first.
///
/// Of a curve the knots are shown that it can be drawn again from, of a pair the areas where it raises and lowers the
/// log-odds most.
public struct TermDocument {
  private let model: TermModel
  private let terms: [TermModel.Term]

  /// Between the knots shown a curve is straight to within so much log-odds.
  static let straightness = 0.05
  /// Areas of a pair that raise the log-odds, and as many that lower them.
  static let areas = 3

  public init(_ model: TermModel) {
    self.model = model
    terms = model.byImportance
  }

  private struct Row {
    let label: String
    let value: Double
    let error: Double
  }

  // MARK: Terminal

  private static let indent = "    "
  private static let narrowLabel = 24
  /// Levels that are all shown, whatever they add.
  private static let fewLevels = 8
  /// Room that a pair's area leaves for its addition.
  private static let additionRoom = 10
  private static let narrowBar = 11
  private static let widestBar = 41

  /// The terms as aligned tables, fitted to a width, and what the figures mean.
  ///
  /// - Parameters:
  ///   - width: cells of a line.
  ///   - limit: most terms shown; nil for all.
  public func lines(language: Language, width: Int, limit: Int? = nil) -> [String] {
    let shown = Array(terms.prefix(limit ?? terms.count))
    var lines = [start(language)]
    let greatest = shown.flatMap { rows($0, language).map(\.value.magnitude) }.max() ?? 0
    for (rank, term) in shown.enumerated() {
      lines.append("")
      lines += heading(rank + 1, term, language, width: width)
      lines += table(term, language, width: width - Self.indent.count, greatest: greatest)
        .map { Self.indent + $0 }
    }
    let hidden = terms.count - shown.count
    if hidden > 0 {
      lines += ["", Bilingual("\(hidden) weaker terms are not shown.", "另有 \(hidden) 个较弱的项未显示。")[language]]
    }
    return (lines + [""] + notes(language)).flatMap { WrappedText.lines($0, width: width) }
  }

  private func start(_ language: Language) -> String {
    let figure = TermWords.signed(model.intercept)
    return Bilingual(
      "Log-odds where every term adds 0: \(figure)", "各项均为 0 时的对数几率：\(figure)")[language]
  }

  private func heading(
    _ rank: Int, _ term: TermModel.Term, _ language: Language, width: Int
  ) -> [String] {
    let figures = [
      TermWords.importance(term.importance, language),
      TermWords.parameters(term.effectiveParameters, language),
    ].joined(separator: language == .chinese ? "，" : ", ")
    let name = "\(rank). \(DisplayWidth.harmless(term.name))"
    let line = "\(name)  \(figures)"
    if DisplayWidth.of(line) <= width { return [line] }
    return [DisplayWidth.cut(name, to: width), Self.indent + figures]
  }

  private func rows(_ term: TermModel.Term, _ language: Language) -> [Row] {
    let axes = model.axes(of: term)
    guard axes.count == 2 else {
      return shown(term, axes[0]).map {
        Row(label: axes[0].labels[$0][language], value: term.values[$0], error: term.errors[$0])
      }
    }
    return TermAreas.strongest(term, axes, most: Self.areas).map {
      Row(label: $0.phrase(axes, language), value: $0.value, error: $0.error)
    }
  }

  /// The nodes that a table of one feature shows: of many levels those that do something.
  private func shown(_ term: TermModel.Term, _ axis: TermAxis) -> [Int] {
    let nodes = axis.telling(term.values, tolerance: Self.straightness)
    let isLong = !axis.isNumber && nodes.count > Self.fewLevels
    let telling = nodes.filter { term.values[$0].magnitude >= Self.straightness }
    return (isLong ? axis.strongest(telling, term.values) : nodes)
      + [axis.missingNode].compactMap { $0 }
  }

  /// How many levels a table leaves out, in words; none when it shows them all.
  private func hiddenLevels(_ term: TermModel.Term, _ language: Language) -> [String] {
    let axes = model.axes(of: term)
    guard axes.count == 1, !axes[0].isNumber else { return [] }
    let hidden = Set(axes[0].nodes).subtracting(shown(term, axes[0]))
    guard !hidden.isEmpty else { return [] }
    guard hidden.contains(where: { term.values[$0].magnitude >= Self.straightness }) else {
      return [
        Bilingual(
          "\(hidden.count) more values add or take off less than \(Self.straightness).",
          "另有 \(hidden.count) 个取值的加数不到 ±\(Self.straightness)。")[language]
      ]
    }
    return [
      Bilingual(
        "\(hidden.count) more values add or take off no more than these; --json lists them.",
        "另有 \(hidden.count) 个取值的加数不大于所列各项，见 --json。")[language]
    ]
  }

  private func table(
    _ term: TermModel.Term, _ language: Language, width: Int, greatest: Double
  ) -> [String] {
    let rows = rows(term, language)
    let rest = hiddenLevels(term, language)
    guard !rows.isEmpty else { return rest.isEmpty ? [TermWords.noArea[language]] : rest }
    func column(
      _ header: String, importance: Int = 0, _ text: (Row) -> String
    ) -> TextTable.Column {
      TextTable.Column(
        header: header, alignment: .right, importance: importance, narrowest: nil, widest: .max,
        cells: rows.map { TextTable.Cell(text($0)) })
    }
    let isNumber = term.scales.count == 1 && model.axes(of: term)[0].isNumber
    let label = term.scales.count == 2 ? Bilingual("area", "区域") : Bilingual("value", "取值")
    let barWidth = min(max(width - Self.narrowLabel * 2 - Self.narrowBar, Self.narrowBar), Self.widestBar)
    // An area cut short says nothing: bar and odds go first.
    let narrowest =
      term.scales.count == 2 ? max(Self.narrowLabel, width - Self.additionRoom) : Self.narrowLabel
    let table = TextTable(
      columns: [
        TextTable.Column(
          header: label[language], alignment: isNumber ? .right : .left, importance: 0,
          narrowest: narrowest, widest: .max, cells: rows.map { TextTable.Cell($0.label) }),
        column(TermWords.logOdds[language]) { TermWords.signed($0.value) },
        column("±", importance: 1) { TermWords.halfWidth($0.error) },
        column(TermWords.odds[language], importance: 1) { TermWords.factor($0.value) },
        TextTable.Column(
          header: "", alignment: .left, importance: 2, narrowest: barWidth, widest: barWidth,
          cells: rows.map {
            TextTable.Cell(TermBar.text($0.value, greatest: greatest, width: barWidth))
          }),
      ], width: width)
    return [table.headerLine(colour: false)] + rows.indices.map { table.line(row: $0, colour: false) } + rest
  }

  private func notes(_ language: Language) -> [String] {
    var notes = [
      Bilingual(
        "Log-odds: what the term adds at this value; odds: what it multiplies them by; ±: 1.96 standard errors.",
        "对数几率：该取值处此项的加数；几率：所乘的倍数；±：1.96 个标准误。"),
      Bilingual(
        "Between two values the addition runs straight, to within \(Self.straightness); beyond the outermost ones it stays. What training never showed adds 0.",
        "两个取值之间按直线变化，误差不超过 \(Self.straightness)；超出两端则保持不变。训练中从未出现的取值加 0。"),
    ]
    if terms.contains(where: { $0.scales.contains(where: \.isLogarithmic) }) {
      let names = Set(
        terms.flatMap { term in
          zip(term.features, term.scales).filter(\.1.isLogarithmic).map { model.features[$0.0].name }
        }
      ).sorted()
      notes.append(
        Bilingual(
          "Straight in sign(x)·log(1 + |x|), not in x: \(names.joined(separator: ", ")).",
          "以下特征按 sign(x)·log(1 + |x|)（而非 x）呈直线：\(names.joined(separator: "、"))。"))
    }
    if terms.contains(where: { $0.scales.count == 2 }) {
      notes.append(
        Bilingual(
          "A pair adds to what its two features add alone. Its areas: the strongest addition, and where at least half of it holds.",
          "配对项是在两个特征各自的加数之上再加。所列区域：最强的加数，以及至少达到其一半的范围。"))
    }
    return notes.map { $0[language] }
  }
}

extension TermModel {
  /// The most important first, whatever order a file had.
  var byImportance: [Term] {
    terms.sorted { ($1.importance, $0.name) < ($0.importance, $1.name) }
  }

  /// The nodes of a term's features for people.
  func axes(of term: Term) -> [TermAxis] {
    zip(term.features, term.scales).map { TermAxis(features[$0], $1) }
  }
}

extension TermAreas.Area {
  /// The area in words: `day_minutes 250–350, voice_mail_plan = no`.
  func phrase(_ axes: [TermAxis], _ language: Language) -> String {
    let parts = [axes[0].phrase(rows, language), axes[1].phrase(columns, language)].compactMap { $0 }
    if parts.isEmpty { return TermWords.oneArea[language] }
    return parts.joined(separator: language == .chinese ? "，" : ", ")
  }
}
