public import ChurnModel
import Features
public import Histories

/// A model's coefficients for people: the strongest first.
public struct ModelDocument {
  /// One column of the model.
  public struct Term: Sendable {
    /// Name of the design column, such as `age_na`.
    public let name: String
    /// What people call the feature.
    public let label: Bilingual
    /// What of the feature it is: its value, one of its levels, or that it is missing.
    public let part: Bilingual
    /// Log-odds of lapse per standard deviation.
    public let coefficient: Double
  }

  public let model: LogisticModel
  /// By falling magnitude of the coefficient, then by name.
  public let terms: [Term]

  public init(_ model: LogisticModel) {
    self.model = model
    terms = model.columns.map { Self.term($0, of: model) }
      .sorted { ($1.coefficient.magnitude, $0.name) < ($0.coefficient.magnitude, $1.name) }
  }

  private static func term(_ column: DesignColumn, of model: LogisticModel) -> Term {
    let feature = model.features[column.feature]
    let definition = Catalogue.definition(named: feature.name)
    return Term(
      name: column.name, label: definition?.label ?? Bilingual(feature.name, feature.name),
      part: part(column.term, feature, definition), coefficient: column.coefficient)
  }

  private static func part(
    _ term: DesignColumn.Term, _ feature: FeatureColumn, _ definition: FeatureDefinition?
  ) -> Bilingual {
    func level(_ index: Int) -> Bilingual {
      if let levels = definition?.levels, levels.indices.contains(index) { return levels[index].label }
      guard case .category(let names) = feature.kind else { return Bilingual("\(index)", "\(index)") }
      return Bilingual(names[index], names[index])
    }
    switch term {
    case .value:
      switch feature.kind {
      case .logarithm: return Bilingual("log of the value", "取对数")
      case .flag: return Bilingual("yes", "是")
      case .numeric, .category, .unused: return Bilingual("value", "数值")
      }
    case .missing: return Bilingual("is missing", "缺失")
    case .level(let index): return Bilingual("is \(level(index).english)", "为“\(level(index).chinese)”")
    case .otherLevels: return Bilingual("is one of the rare levels", "为少见取值")
    }
  }

  /// The coefficients as an aligned table for a terminal.
  public func lines(language: Language, width: Int, limit: Int? = nil) -> [String] {
    let shown = terms.prefix(limit ?? terms.count)
    func column(
      _ header: Bilingual, _ alignment: TextTable.Alignment, narrowest: Int?, _ text: (Term) -> String
    ) -> TextTable.Column {
      TextTable.Column(
        header: header[language], alignment: alignment, importance: 0, narrowest: narrowest, widest: .max,
        cells: shown.map { TextTable.Cell(text($0)) })
    }
    let narrow = 24
    let table = TextTable(
      columns: [
        column(Bilingual("per SD", "每标准差"), .right, narrowest: nil) { Self.signed($0.coefficient) },
        column(Bilingual("feature", "特征"), .left, narrowest: narrow) { $0.label[language] },
        column(Bilingual("term", "项"), .left, narrowest: narrow / 2) { $0.part[language] },
      ], width: width)
    return [table.headerLine(colour: false)] + shown.indices.map { table.line(row: $0, colour: false) }
  }

  private static func signed(_ value: Double) -> String {
    let thousandths = Int((value.magnitude * 1000).rounded())
    let decimals = String(thousandths % 1000 + 1000).dropFirst()
    return "\(value < 0 ? "-" : "+")\(thousandths / 1000).\(decimals)"
  }
}
