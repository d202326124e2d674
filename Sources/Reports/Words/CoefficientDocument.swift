public import ChurnModel
import Features
import Foundation
public import Histories

/// The coefficients of a fit with their errors, for people: the intercept, then the strongest first.
///
/// Interval and p value are those that trust least: of the profile likelihood where there is one, else by errors
/// clustered by customer, else by model-based errors.
public struct CoefficientDocument {
  private let fit: LogisticFit
  private let lines: [Line]

  /// One coefficient.
  private struct Line {
    let row: CoefficientTable.Row
    let feature: Bilingual
    /// What a change of 1 is.
    let unit: Bilingual
    let interval: (lower: Double?, upper: Double?)
    let pValue: Double
  }

  public init(_ fit: LogisticFit) {
    self.fit = fit
    let terms = Dictionary(
      ModelDocument(fit.model).terms.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let columns = Dictionary(
      fit.model.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = fit.coefficients.rows
    let ordered =
      rows.prefix(1)
      + rows.dropFirst().sorted {
        ($1.standardisedEstimate.magnitude, $0.name) < ($0.standardisedEstimate.magnitude, $1.name)
      }
    lines = ordered.map { row in
      let unit = terms[row.name].flatMap { term in
        columns[row.name].map { Self.unit($0, term, fit.model) }
      }
      return Self.line(
        row, terms[row.name]?.label ?? Bilingual("(intercept)", "（截距）"), unit ?? Bilingual("", ""), fit)
    }
  }

  private static func line(
    _ row: CoefficientTable.Row, _ feature: Bilingual, _ unit: Bilingual, _ fit: LogisticFit
  ) -> Line {
    if let profile = fit.firth?[row.name] {
      return Line(
        row: row, feature: feature, unit: unit, interval: (profile.lower, profile.upper),
        pValue: profile.pValue)
    }
    let kind = row.clusteredError == nil ? CoefficientTable.ErrorKind.modelBased : .clustered
    let interval = row.confidenceInterval(kind)
    return Line(
      row: row, feature: feature, unit: unit, interval: (interval?.lowerBound, interval?.upperBound),
      pValue: row.waldTest(kind)?.pValue ?? row.pValue)
  }

  private static func unit(_ column: DesignColumn, _ term: ModelDocument.Term, _ model: LogisticModel)
    -> Bilingual
  {
    guard case .value = column.term else { return term.part }
    let feature = model.features[column.feature]
    let unit = Catalogue.definition(named: feature.name)?.unit.single ?? Bilingual("1", "1")
    switch feature.kind {
    case .flag: return term.part
    case .logarithm: return Bilingual("e-fold (\(unit.english))", "e倍（\(unit.chinese)）")
    case .numeric, .category, .unused: return unit
    }
  }

  // MARK: Terminal

  /// The coefficients and what their figures mean.
  ///
  /// Names are never cut: where name and figures do not fit in a line of `width` cells, each name has a line of its own
  /// with its figures below.
  public func lines(language: Language, width: Int) -> [String] {
    let names = names(language)
    let wide = TextTable(columns: names + figures(language), width: .max)
    let table = wide.lineWidth <= width ? wide.lines(colour: false) : stacked(language)
    return table + tests(language) + [""] + notes(language)
  }

  private static let indent = "  "

  private func stacked(_ language: Language) -> [String] {
    let figures = TextTable(columns: figures(language), width: .max)
    func title(_ parts: Bilingual...) -> String {
      DisplayWidth.harmless(parts.map { $0[language] }.filter { !$0.isEmpty }.joined(separator: " – "))
    }
    return [title(Self.featureTitle, Self.unitTitle), Self.indent + figures.headerLine(colour: false)]
      + lines.indices.flatMap { row in
        [title(lines[row].feature, lines[row].unit), Self.indent + figures.line(row: row, colour: false)]
      }
  }

  private static let featureTitle = Bilingual("feature", "特征")
  private static let unitTitle = Bilingual("per", "每")

  /// The columns that say what a coefficient is of.
  private func names(_ language: Language) -> [TextTable.Column] {
    [
      column(Self.featureTitle[language], .left) { $0.feature[language] },
      column(Self.unitTitle[language], .left) { $0.unit[language] },
    ]
  }

  private func figures(_ language: Language) -> [TextTable.Column] {
    let isTested = fit.coefficients.areTested
    let held = Bilingual("at its bound", "在界上")[language]
    var columns = [
      column(Bilingual("effect", "效应")[language]) { Self.number($0.row.estimate) },
      column(Bilingual("error", "标准误")[language]) {
        $0.row.isHeld ? "–" : Self.number($0.row.standardError)
      },
    ]
    if fit.coefficients.clusters != nil {
      columns.append(
        column(Bilingual("clustered", "聚类误")[language]) { line in
          line.row.clusteredError.map { line.row.isHeld ? "–" : Self.number($0) } ?? "–"
        })
    }
    return columns + [
      column(Bilingual("95 % interval", "95 % 区间")[language]) {
        $0.row.isHeld ? held : isTested ? Self.interval($0.interval) : "–"
      },
      column("p") { $0.row.isHeld || !isTested ? "–" : NumberText.pValue($0.pValue) },
      column(Bilingual("per SD", "每标准差")[language]) {
        NumberText.decimals($0.row.standardisedEstimate, 3)
      },
      column("VIF") { $0.row.varianceInflation.map { NumberText.decimals($0, 1) } ?? "–" },
    ]
  }

  private func column(
    _ header: String, _ alignment: TextTable.Alignment = .right, _ text: (Line) -> String
  ) -> TextTable.Column { Self.column(lines, header, alignment, text) }

  private static func column<Row>(
    _ rows: [Row], _ header: String, _ alignment: TextTable.Alignment = .right, _ text: (Row) -> String
  ) -> TextTable.Column {
    TextTable.Column(
      header: header, alignment: alignment, importance: 0, narrowest: nil, widest: .max,
      cells: rows.map { TextTable.Cell(text($0)) })
  }

  /// The likelihood-ratio test of each feature; the names stand last, where none is too long.
  private func tests(_ language: Language) -> [String] {
    let tests = fit.featureTests
    guard !tests.isEmpty else { return [] }
    let title = Bilingual(
      "Likelihood-ratio tests, each by a fit without the feature:", "似然比检验（逐一去掉特征重新拟合）：")
    let table = TextTable(
      columns: [
        Self.column(tests, "χ²") { NumberText.decimals($0.statistic, 3) },
        Self.column(tests, Bilingual("df", "自由度")[language]) { "\($0.degreesOfFreedom)" },
        Self.column(tests, "p") { NumberText.pValue($0.pValue) },
        Self.column(tests, Self.featureTitle[language], .left) { test in
          test.terms.map { Catalogue.definition(named: $0)?.label[language] ?? $0 }.joined(separator: ", ")
        },
      ], width: .max)
    return ["", title[language]] + table.lines(colour: false)
  }

  private static func interval(_ interval: (lower: Double?, upper: Double?)) -> String {
    "\(interval.lower.map(number) ?? "–") … \(interval.upper.map(number) ?? "–")"
  }

  /// Three significant digits: `-0.00123`, `12.3`, `4.5e-07`.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let (digits, leastPlain, mostPlain) = (3, 1e-4, 1e5)
    if value == 0 { return "0" }
    guard value.magnitude >= leastPlain, value.magnitude < mostPlain else {
      return String(format: "%.\(digits - 2)e", value)
    }
    let decimals = max(digits - 1 - Int(log10(value.magnitude).rounded(.down)), 0)
    return String(format: "%.\(decimals)f", value)
  }

  private func notes(_ language: Language) -> [String] {
    let table = fit.coefficients
    var notes = [
      Bilingual(
        "Effects: change of the log-odds, per unit and per standard deviation (SD).",
        "效应：每单位、每标准差的对数几率变化。")
    ]
    switch table.method {
    case .firth:
      notes.append(
        Bilingual(
          "Firth's penalised likelihood: errors are those of its information.",
          "Firth 惩罚似然：标准误取自其信息矩阵。"))
    case .elasticNet:
      notes.append(
        Bilingual(
          "Elastic-net penalty \(String(format: "%.4g", table.penalty)): coefficients are shrunk, columns without one are left out.",
          "弹性网惩罚 \(String(format: "%.4g", table.penalty))：系数被收缩，系数为零的列已略去。"))
    case .likelihood, .bounded:
      guard table.penalty > 0 else { break }
      notes.append(
        Bilingual(
          "Ridge penalty \(table.penalty): errors and p are those of shrunk coefficients.",
          "岭惩罚 \(table.penalty)：标准误与 p 值针对被收缩的系数。"))
    }
    if !table.areTested {
      notes.append(
        Bilingual(
          "Errors are given the columns and signs that the penalty chose; p values and intervals would promise too much, "
            + "for the same labels chose them.",
          "标准误以所选列及其符号为条件；列由同一标签选出，故不给 p 值与区间。"))
    }
    if table.method == .bounded {
      notes.append(
        Bilingual(
          "Coefficients at their bound are held; errors of the others are given that.",
          "处于界上的系数被固定，其余标准误以此为条件。"))
    }
    if fit.firth?.profiles.isEmpty == false {
      notes.append(
        Bilingual(
          "Interval and p are those of the profile of the penalised likelihood.",
          "区间与 p 值取自惩罚似然的剖面。"))
    } else if let clusters = table.clusters, table.areTested {
      notes.append(
        Bilingual(
          "Interval and p take the rows of a customer together: \(clusters) customers.",
          "区间与 p 值已把同一客户的各行合并考虑：\(clusters) 位客户。"))
    }
    notes += testNotes
    return notes.map { $0[language] }
  }

  /// What the likelihood-ratio tests stand on, or why there are none.
  private var testNotes: [Bilingual] {
    let table = fit.coefficients
    guard !fit.featureTests.isEmpty else {
      switch table.method {
      case .firth where fit.firth?.profiles.isEmpty != false:
        return [
          Bilingual(
            "Features have no likelihood-ratio tests with Firth's penalty; --profile tests by its own likelihood.",
            "Firth 惩罚下不作特征的似然比检验；--profile 按其惩罚似然检验。")
        ]
      case .bounded:
        return [
          Bilingual(
            "Features have no likelihood-ratio tests within bounds; fit without them for tests.",
            "有方向约束时不作特征的似然比检验；去掉约束再拟合即可检验。")
        ]
      case .likelihood, .firth, .elasticNet: return []
      }
    }
    var notes: [Bilingual] = []
    if table.penalty > 0 {
      notes.append(
        Bilingual(
          "Likelihood-ratio tests are those of penalised fits, which makes their p conservative.",
          "似然比检验基于带惩罚的拟合，p 值偏保守。"))
    }
    if table.clusters != nil {
      notes.append(
        Bilingual(
          "Likelihood-ratio tests take every row as independent of the others.", "似然比检验视各行相互独立。"))
    }
    return notes
  }
}
