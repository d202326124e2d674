/// A column of a table file and how its values are kept there.
public struct SourceColumn: Sendable, Equatable {
  /// The types of values, by what can be done with them.
  public enum ValueType: Sendable, Equatable {
    case whole
    case number
    case boolean
    /// A calendar day.
    case day
    /// A day with a time.
    case moment
    case text
    /// Lists, structures, binary data: DuckDB's name of the type.
    case unusable(String)
  }

  public let name: String
  public let type: ValueType

  public init(name: String, type: ValueType) {
    self.name = name
    self.type = type
  }
}

extension SourceColumn.ValueType {
  /// - Parameter name: DuckDB's name of a type, such as `DECIMAL(10,2)`.
  init(duckDBName name: String) {
    let isNested = name.hasSuffix("]") || name.contains("<")
    let base = name.prefix { $0 != "(" }
    switch base {
    case _ where isNested: self = .unusable(name)
    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
      "UBIGINT",
      "UHUGEINT":
      self = .whole
    case "FLOAT", "DOUBLE", "DECIMAL": self = .number
    case "BOOLEAN": self = .boolean
    case "DATE": self = .day
    case _ where base.hasPrefix("TIMESTAMP"): self = .moment
    // A column of nulls has no type of its own.
    case "VARCHAR", "ENUM", "UUID", "TIME", "\"NULL\"", "NULL": self = .text
    default: self = .unusable(String(base))
    }
  }

  /// SQL that gives a column's values in the type in which they are fetched: texts as they are, days and moments as such,
  /// all else as doubles.
  func sql(_ column: String) -> String {
    switch self {
    case .text, .unusable: "CAST(\(column) AS VARCHAR)"
    case .whole, .number: "CAST(\(column) AS DOUBLE)"
    case .boolean: "CAST(CAST(\(column) AS TINYINT) AS DOUBLE)"
    case .day: "CAST(\(column) AS DATE)"
    case .moment: "CAST(\(column) AS TIMESTAMP)"
    }
  }
}
