public import Evaluation
import Features
import Foundation
public import Histories

/// The description of every feature as a table: for a terminal, a file, or as JSON members.
public struct FeatureDescriptionTable: FileTable {
  static let jsonSchema = "revisit.feature-description/1"

  private let description: FeatureDescription

  public init(_ description: FeatureDescription) {
    self.description = description
  }

  /// Writes `.csv`, `.json` or `.parquet` by the path's extension; `-` is standard output as CSV.
  ///
  /// - Throws: `ReportError`.
  public func write(to path: String, protecting inputs: [String] = []) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }

  // MARK: File

  private static let quantileNames = FeatureProfile.probabilities.map {
    "p" + (($0 < 0.1) ? "0" : "") + String(Int(($0 * 100).rounded()))
  }

  var columns: [FileColumn] {
    [
      FileColumn("feature", .text), FileColumn("group", .text), FileColumn("unit", .text),
      FileColumn("rows", .whole), FileColumn("missing", .whole), FileColumn("missing_share", .number),
      FileColumn("minimum", .number),
    ] + Self.quantileNames.map { FileColumn($0, .number) } + [
      FileColumn("maximum", .number), FileColumn("information_value", .number), FileColumn("auc", .number),
      FileColumn("auc_low", .number), FileColumn("auc_high", .number),
      FileColumn("direction_expected", .text), FileColumn("direction_found", .text),
      FileColumn("contrary", .flag), FileColumn("correlation_group", .whole),
    ]
  }

  var rowCount: Int { description.profiles.count }

  var jsonMembers: [(name: String, value: String?)] { [("label", description.label.description)] }

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for profile in description.profiles[rows] {
      let definition = Catalogue.definition(of: profile.feature)
      let hasArea = !profile.auc.isNaN
      sink.text(definition.name)
      sink.text(definition.group.rawValue)
      sink.text(definition.unit.rawValue)
      sink.integer(profile.rows)
      sink.integer(profile.missing)
      sink.exact(profile.missingShare)
      sink.exact(profile.minimum)
      for quantile in profile.quantiles { sink.exact(quantile) }
      sink.exact(profile.maximum)
      sink.exact(profile.informationValue)
      sink.exact(profile.auc)
      sink.exact(hasArea ? profile.aucInterval.lowerBound : nil)
      sink.exact(hasArea ? profile.aucInterval.upperBound : nil)
      sink.text(definition.direction.rawValue)
      sink.text(profile.found == .none ? nil : profile.found.rawValue)
      sink.flag(profile.isContrary)
      sink.integer(profile.correlationGroup)
      sink.endRow()
    }
  }

  // MARK: JSON

  /// One object a feature.
  public var json: [[String: Any]] {
    description.profiles.map { profile in
      let definition = Catalogue.definition(of: profile.feature)
      var object: [String: Any] = [
        "feature": definition.name, "group": definition.group.rawValue, "rows": profile.rows,
        "missing": profile.missing, "missing_share": profile.missingShare, "minimum": profile.minimum,
        "quantiles": Dictionary(uniqueKeysWithValues: zip(Self.quantileNames, profile.quantiles)),
        "maximum": profile.maximum, "information_value": profile.informationValue, "auc": profile.auc,
        "auc_interval": profile.auc.isNaN
          ? NSNull() : [profile.aucInterval.lowerBound, profile.aucInterval.upperBound],
        "direction_expected": definition.direction.rawValue,
        "direction_found": profile.found == .none ? NSNull() : profile.found.rawValue,
        "contrary": profile.isContrary, "correlation_group": profile.correlationGroup ?? NSNull(),
      ]
      if !profile.levels.isEmpty {
        object["levels"] = profile.levels.map {
          ["name": $0.name, "rows": $0.rows, "positive_share": $0.positiveShare] as [String: Any]
        }
      }
      return object
    }
  }

  // MARK: Terminal

  /// The table for a terminal, the most telling features first; contrary directions are marked with `!`.
  ///
  /// - Parameter width: cells in a line; the more there are, the more columns are shown.
  public func terminalLines(language: Language, width: Int, colour: Bool = false) -> [String] {
    let profiles = description.profiles.sorted { a, b in
      let (x, y) = (a.informationValue, b.informationValue)
      if x == y || x.isNaN && y.isNaN { return a.feature.rawValue < b.feature.rawValue }
      return y.isNaN || x > y
    }
    let table = TextTable(columns: terminalColumns(profiles, language), width: width)
    return titleLines(language).map { DisplayWidth.cut($0, to: width) } + [
      "", table.headerLine(colour: colour),
    ]
      + profiles.indices.map { table.line(row: $0, colour: colour) } + [""]
      + notes(language).map { DisplayWidth.cut($0, to: width) }
  }

  private func titleLines(_ language: Language) -> [String] {
    let dates = description.asOf.map(\.description).joined(separator: ", ")
    let (rows, labelled) = (NumberText.grouped(description.rows), NumberText.grouped(description.labelled))
    let share = NumberText.percent(Double(description.positives) / Double(max(description.labelled, 1)))
    let sampled = NumberText.grouped(description.sampled)
    let isSample = description.sampled < description.rows
    switch language {
    case .english:
      return [
        "As of \(dates): \(rows) rows, \(labelled) with a label (\(description.label)), \(share) positive"
      ]
        + (isSample ? ["Missing, least and greatest values of all rows, the rest of \(sampled) rows"] : [])
    case .chinese:
      return ["截止 \(dates)：\(rows) 行，有标签（\(description.label)）\(labelled) 行，正例 \(share)"]
        + (isSample ? ["缺失率与最小、最大值取自全部行，其余取自 \(sampled) 行样本"] : [])
    }
  }

  private func notes(_ language: Language) -> [String] {
    switch language {
    case .english:
      [
        "IV: information value (0.02 weak, 0.1 medium, 0.3 strong). AUC: of the value alone.",
        "Direction: expected, found (99 % sure; 0 is chance); ! where they contradict.",
        "Group: features of one group say much the same (correlation beyond 0.9).",
      ]
    case .chinese:
      [
        "IV：信息值（0.02 弱，0.1 中，0.3 强）。AUC：单特征。", "方向：预期、实际（99% 置信；0 为不显著）；! 表示两者相反。",
        "组：同组特征含义相近（相关系数绝对值大于 0.9）。",
      ]
    }
  }

  private func terminalColumns(_ profiles: [FeatureProfile], _ language: Language) -> [TextTable.Column] {
    func column(
      _ header: (String, String), _ alignment: TextTable.Alignment, _ importance: Int, narrowest: Int? = nil,
      _ cell: (FeatureProfile) -> TextTable.Cell
    ) -> TextTable.Column {
      TextTable.Column(
        header: Bilingual(header.0, header.1)[language], alignment: alignment, importance: importance,
        narrowest: narrowest, widest: .max, cells: profiles.map(cell))
    }
    func number(
      _ header: (String, String), _ importance: Int, _ value: @escaping (FeatureProfile) -> String
    ) -> TextTable.Column {
      column(header, .right, importance) { TextTable.Cell(value($0)) }
    }
    func quantile(_ index: Int, _ importance: Int) -> TextTable.Column {
      let name = Self.quantileNames[index]
      return number((name, name), importance) { NumberText.short($0.quantiles[index]) }
    }
    return [
      column(("feature", "特征"), .left, 0) { TextTable.Cell(Catalogue.definition(of: $0.feature).name) },
      number(("missing", "缺失"), 0) { NumberText.percent($0.missingShare) },
      number(("min", "最小"), 4) { NumberText.short($0.minimum) },
      quantile(0, 5), quantile(1, 2), quantile(2, 1), quantile(3, 3), quantile(4, 6),
      number(("max", "最大"), 7) { NumberText.short($0.maximum) },
      number(("IV", "IV"), 0) { NumberText.decimals($0.informationValue, 3) },
      number(("AUC", "AUC"), 0) { NumberText.decimals($0.auc, 3) },
      column(("direction", "方向"), .left, 0) { profile in
        let expected = Catalogue.definition(of: profile.feature).direction.rawValue
        let found = profile.found == .none ? "" : " \(profile.found.rawValue)"
        return TextTable.Cell(
          expected + found + (profile.isContrary ? " !" : ""), colour: profile.isContrary ? .red : nil)
      },
      number(("group", "组"), 0) { $0.correlationGroup.map(String.init) ?? "" },
      column(("meaning", "含义"), .left, 8, narrowest: 12) {
        TextTable.Cell(Catalogue.definition(of: $0.feature).label[language])
      },
    ]
  }
}
