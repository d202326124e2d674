/// The type of a canonical column, and with it how DuckDB is asked to read it.
public enum CanonicalType: String, Sendable {
  case text, number, whole, day, time, truth

  /// The DuckDB type that the reader receives.
  var sqlType: String {
    switch self {
    case .text: "VARCHAR"
    case .number: "DOUBLE"
    case .whole: "INTEGER"
    case .day: "DATE"
    case .time: "TIMESTAMP"
    case .truth: "BOOLEAN"
    }
  }
}

/// One column of a canonical table.
public struct CanonicalColumn: Sendable {
  public let name: String
  public let type: CanonicalType
  /// Must be present, and a row without a value cannot be used.
  public let isRequired: Bool
  /// Allowed values, or units, in words; empty when the name says it all.
  public let note: String
}

/// One of the tables that Revisit works with, whatever a dealer system calls it.
public struct CanonicalTable: Sendable {
  public let name: String
  public let purpose: String
  public let columns: [CanonicalColumn]
  /// Without it nothing can be done.
  public let isRequired: Bool

  public func column(_ name: String) -> CanonicalColumn? {
    columns.first { $0.name == name }
  }

  public static func named(_ name: String) -> CanonicalTable? {
    all.first { $0.name == name }
  }

  /// The known name nearest to a mistyped one, by edit distance; `nil` when none is near.
  public static func nearest(to name: String, among known: [String]) -> String? {
    let scored = known.map { (name: $0, distance: editDistance(name.lowercased(), $0)) }
    guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(2, best.name.count / 2) ? best.name : nil
  }

  /// Levenshtein's distance.
  static func editDistance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var previous = Array(0...b.count)
    for (row, character) in a.enumerated() {
      var current = [row + 1]
      for column in b.indices {
        let substitution = previous[column] + (character == b[column] ? 0 : 1)
        current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
      }
      previous = current
    }
    return previous[b.count]
  }
}
