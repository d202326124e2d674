import Foundation

/// Turns the file names in a mapping's SQL into absolute paths below the data folder.
///
/// DuckDB is told to open nothing outside that folder; it judges paths before it resolves them, so they must be
/// absolute. Everything else stays as it is: other texts, names in double quotes, comments.
enum SQLPaths {
  private static let suffixes = [".csv", ".csv.gz", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet"]

  /// - Parameter folder: the folder's absolute path, without a slash at the end.
  static func absolute(_ sql: String, folder: String) -> String {
    var result = ""
    var rest = Substring(sql)
    while !rest.isEmpty {
      if rest.first == "'" {
        let (literal, end) = stringLiteral(rest)
        let isFile = suffixes.contains { literal.lowercased().hasSuffix($0) }
        result += isFile && !literal.hasPrefix("/") ? quoted("\(folder)/\(literal)") : String(rest[..<end])
        rest = rest[end...]
        continue
      }
      let end = opaqueEnd(rest) ?? rest.index(after: rest.startIndex)
      result += rest[..<end]
      rest = rest[end...]
    }
    return result
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

  /// Where the comment, quoted name or dollar-quoted text ends that begins `text`; `nil` when none does. An apostrophe
  /// in there begins no literal.
  private static func opaqueEnd(_ text: Substring) -> Substring.Index? {
    for (open, close) in [("--", "\n"), ("/*", "*/"), ("\"", "\""), ("$$", "$$")] where text.hasPrefix(open) {
      let inside = text.dropFirst(open.count)
      return inside.range(of: close)?.upperBound ?? text.endIndex
    }
    return nil
  }

  static func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "''") + "'"
  }
}
