extension DuckDBError {
  /// Errors whose messages speak of SQL, names and files alone. All others may quote cells: in quotes, bare, or as a
  /// whole line of a file.
  private static let kindsWithoutCells = [
    "Binder", "Catalog", "HTTP", "IO", "Missing Extension", "Not implemented", "Out of Memory", "Parser",
    "Permission", "Resource In Use", "Syntax", "Transaction",
  ]
  /// Words of DuckDB's that are worth keeping of the other messages.
  private static let phrases = [
    "Could not convert string", "Could not parse string", "Could not cast value", "Failed to cast value",
    "Malformed JSON", "Error when sniffing file", "Unimplemented type for cast",
  ]
  private static let types: Set<Substring> = [
    "BIGINT", "BLOB", "BOOL", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "INT128", "INT16",
    "INT32",
    "INT64", "INT8", "INTEGER", "INTERVAL", "JSON", "SMALLINT", "TIME", "TIMESTAMP", "TINYINT", "UINT16",
    "UINT32",
    "UINT64", "UINT8", "UUID",
  ]

  /// A message without what it may quote from cells: for errors that come from values only DuckDB's own words, the
  /// line, the column and the type are kept; runs of seven or more digits go from all others, too, but for those
  /// within the paths to be spared.
  static func withoutPersonalData(_ text: String, sparing paths: [String]) -> String {
    let mark = " Error: "
    guard let kind = text.firstRange(of: mark), !text[..<kind.lowerBound].contains("\n"),
      kind.lowerBound.utf16Offset(in: text) <= 24
    else { return withoutLongNumbers(text, sparing: paths) }
    let name = text[..<kind.lowerBound]
    if kindsWithoutCells.contains(where: name.hasPrefix) {
      return withoutLongNumbers(text, sparing: paths)
    }
    return "\(name) Error: \(withoutCells(text[kind.upperBound...]))"
  }

  private static func withoutCells(_ text: Substring) -> String {
    var result = phrases.first { text.contains($0) } ?? "a value cannot be used"
    if let type = words(of: text).last(where: types.contains) { result += " to \(type)" }
    let line = text.firstRange(of: "CSV Error on Line: ").map {
      text[$0.upperBound...].prefix { $0.isNumber }
    }
    if let line, !line.isEmpty, text.hasPrefix("CSV Error on Line: ") { result += ", line \(line)" }
    for (open, close) in [("converting column \"", "\""), ("from source column ", "\n")] {
      guard let start = text.ranges(of: open).last?.upperBound else { continue }
      let rest = text[start...]
      result += ", column \(rest[..<(rest.firstRange(of: close)?.lowerBound ?? rest.endIndex)])"
      break
    }
    return withoutLongNumbers(result[...])
  }

  private static func words(of text: Substring) -> [Substring] {
    text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
  }

  /// Replaces every run of seven or more digits, so that no phone or identity number leaves through a message. Of
  /// several paths that stand in one place the longest is spared.
  private static func withoutLongNumbers(_ text: String, sparing paths: [String]) -> String {
    let spared = paths.filter { !$0.isEmpty }.sorted { $0.utf8.count > $1.utf8.count }
    var result = ""
    var masked = text[...]
    var rest = text[...]
    while !rest.isEmpty {
      guard let path = spared.first(where: { rest.hasPrefix($0) && !continues(rest.dropFirst($0.count)) })
      else {
        rest.removeFirst()
        continue
      }
      result += withoutLongNumbers(masked[..<rest.startIndex]) + path
      rest.removeFirst(path.count)
      masked = rest
    }
    return result + withoutLongNumbers(masked)
  }

  /// Whether what follows a path belongs to its last name, which then is another one.
  private static func continues(_ rest: Substring) -> Bool {
    rest.first.map { $0.isLetter || $0.isNumber } ?? false
  }

  private static func withoutLongNumbers(_ text: Substring) -> String {
    let longest = 6
    var result = ""
    var digits = ""
    func flush() {
      result += digits.count > longest ? "…" : digits
      digits = ""
    }
    for character in text {
      if character.isWholeNumber {
        digits.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }
}
