import Foundation

/// Turns the file names in a mapping's SQL into absolute paths below the data folder.
///
/// DuckDB is told to open nothing outside that folder; it judges paths before it resolves them, so they must be
/// absolute. Text that is no file name stays as it is.
enum SQLPaths {
  private static let suffixes = [".csv", ".csv.gz", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet"]

  /// - Parameter folder: the folder's absolute path, without a slash at the end.
  static func absolute(_ sql: String, folder: String) -> String {
    var result = ""
    var rest = Substring(sql)
    while let open = rest.firstIndex(of: "'") {
      result += rest[..<open]
      let (literal, after) = stringLiteral(rest[open...])
      let isFile = suffixes.contains { literal.lowercased().hasSuffix($0) }
      result += isFile && !literal.hasPrefix("/") ? quoted("\(folder)/\(literal)") : quoted(literal)
      rest = rest[after...]
    }
    return result + rest
  }

  /// The text of the literal that begins `text`, and where it ends; a doubled quote stands for one.
  private static func stringLiteral(_ text: Substring) -> (text: String, end: Substring.Index) {
    var literal = ""
    var index = text.index(after: text.startIndex)
    while index < text.endIndex {
      let next = text.index(after: index)
      if text[index] == "'" {
        guard next < text.endIndex, text[next] == "'" else { return (literal, next) }
        literal.append("'")
        index = text.index(after: next)
      } else {
        literal.append(text[index])
        index = next
      }
    }
    return (literal, index)
  }

  static func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "''") + "'"
  }
}
