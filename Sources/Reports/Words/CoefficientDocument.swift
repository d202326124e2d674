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

  private static let narrowFeature = 12
  private static let narrowUnit = 8

  /// The coefficients as an aligned table, fitted to a width, and what its figures mean.
  public func lines(language: Language, width: Int) -> [String] {
    let table = table(language, width: width)
    return [table.headerLine(colour: false)] + lines.indices.map { table.line(row: $0, colour: false) }
      + [""] + notes(language)
  }

  private func table(_ language: Language, width: Int) -> TextTable {
    func column(
      _ header: Bilingual, _ alignment: TextTable.Alignment = .right, importance: Int,
      narrowest: Int? = nil, _ text: (Line) -> String
    ) -> TextTable.Column {
      TextTable.Column(
        header: header[language], alignment: alignment, importance: importance, narrowest: narrowest,
        widest: .max, cells: lines.map { TextTable.Cell(text($0)) })
    }
    let isTested = fit.coefficients.areTested
    let held = Bilingual("at its bound", "在界上")[language]
    return TextTable(
      columns: [
        column(Bilingual("feature", "特征"), .left, importance: 0, narrowest: Self.narrowFeature) {
          $0.feature[language]
        },
        column(Bilingual("per", "每"), .left, importance: 0, narrowest: Self.narrowUnit) { $0.unit[language] },
        column(Bilingual("effect", "效应"), importance: 0) { Self.number($0.row.estimate) },
        column(Bilingual("error", "标准误"), importance: 2) {
          $0.row.isHeld ? "–" : Self.number($0.row.standardError)
        },
        column(Bilingual("clustered", "聚类误"), importance: 3) { line in
          line.row.clusteredError.map { line.row.isHeld ? "–" : Self.number($0) } ?? "–"
        },
        column(Bilingual("95 % interval", "95 % 区间"), importance: 1) {
          $0.row.isHeld ? held : isTested ? Self.interval($0.interval) : "–"
        },
        column(Bilingual("p", "p"), importance: 0) {
          $0.row.isHeld || !isTested ? "–" : NumberText.pValue($0.pValue)
        },
        column(Bilingual("per SD", "每标准差"), importance: 0) {
          NumberText.decimals($0.row.standardisedEstimate, 3)
        },
        column(Bilingual("VIF", "VIF"), importance: 4) {
          $0.row.varianceInflation.map { NumberText.decimals($0, 1) } ?? "–"
        },
      ], width: width)
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
    return notes.map { $0[language] }
  }
}
