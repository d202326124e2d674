import Features
public import Histories

/// The catalogue of features in words.
public enum FeatureDocument {
  /// `docs/features.md`.
  public static var markdown: String {
    var lines = [
      "# Features", "",
      "What Revisit knows about a relation (one customer with one vehicle) as of a date: \(Feature.count) columns, in this",
      "order. Nothing that happened, or became known, after the date has any influence. A value that is not known is",
      "missing, never zero.", "",
      "This page is made from the catalogue in `Sources/Features/Catalogue` with",
      "`revisit features --document > docs/features.md`; a test fails when it is out of date.", "",
      "Risk: `+` a higher value should raise the risk of lapse, `-` lower it, `?` depends on the category, `0` unclear.",
      "Kind: `number` enters a model as it is, `log` as sign(x)·ln(1 + |x|), `flag` is 0 or 1, `category` one column per",
      "level. Use: `risk` features are candidates of a risk model; `value` and `operations` ones never enter it. The",
      "numbers are those of the project's full catalogue.",
    ]
    for group in FeatureGroup.allCases {
      let definitions = Catalogue.all.filter { $0.group == group }
      guard !definitions.isEmpty else { continue }
      lines += [
        "", "## \(group.rawValue). \(group.label.english) · \(group.label.chinese)", "",
        "| no. | name | unit | kind | risk | use | label | definition |",
        "|---:|---|---|---|:---:|---|---|---|",
      ]
      lines += definitions.map(row)
    }
    let categories = Catalogue.all.filter { $0.levels != nil }
    lines += ["", "## Levels of the categories", "", "| name | levels |", "|---|---|"]
    for definition in categories {
      let levels = (definition.levels ?? []).map { "`\($0.name)` (\($0.label.english), \($0.label.chinese))" }
      lines.append("| `\(definition.name)` | \(levels.joined(separator: ", ")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(_ definition: FeatureDefinition) -> String {
    let cells = [
      "\(definition.number)", "`\(definition.name)`", definition.unit.rawValue, definition.kindName,
      "`\(definition.direction.rawValue)`", definition.use.rawValue,
      "\(definition.label.english)<br>\(definition.label.chinese)",
      "\(definition.definition.english)<br>\(definition.definition.chinese)",
    ]
    return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
  }

  /// The catalogue in short: a line a feature, by group.
  public static func lines(language: Language, width: Int) -> [String] {
    var lines: [String] = []
    let longest = Catalogue.all.map(\.name.count).max() ?? 0
    let units = Catalogue.all.map(\.unit.rawValue.count).max() ?? 0
    for group in FeatureGroup.allCases {
      let definitions = Catalogue.all.filter { $0.group == group }
      guard !definitions.isEmpty else { continue }
      if !lines.isEmpty { lines.append("") }
      lines.append("\(group.rawValue). \(group.label[language])")
      for definition in definitions {
        let name = definition.name.padded(to: longest)
        let unit = definition.unit.rawValue.padded(to: units)
        let line = "  \(name)  \(unit)  \(definition.direction.rawValue)  \(definition.label[language])"
        lines.append(DisplayWidth.cut(line, to: width))
      }
    }
    return lines
  }

  /// The catalogue as JSON members.
  public static var json: [[String: Any]] {
    Catalogue.all.map { definition in
      var object: [String: Any] = [
        "name": definition.name, "number": definition.number, "group": definition.group.rawValue,
        "unit": definition.unit.rawValue, "kind": definition.kindName,
        "direction": definition.direction.rawValue, "use": definition.use.rawValue,
        "label": both(definition.label),
        "definition": both(definition.definition),
      ]
      if let levels = definition.levels {
        object["levels"] = levels.map { ["name": $0.name, "label": both($0.label)] as [String: Any] }
      }
      return object
    }
  }

  private static func both(_ text: Bilingual) -> [String: String] {
    [Language.english.rawValue: text.english, Language.chinese.rawValue: text.chinese]
  }
}

extension FeatureDefinition {
  fileprivate var kindName: String {
    switch kind {
    case .numeric: "number"
    case .logarithm: "log"
    case .flag: "flag"
    case .category: "category"
    }
  }
}

extension String {
  /// The text with blanks up to a width in terminal cells.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - DisplayWidth.of(self)))
  }
}
