import DuckDB
import Histories

/// How a text file is to be read: what DuckDB found when it looked at all of its rows.
struct CSVDialect {
  private var settings: [(name: String, value: String)] = []
  private var columns: [(name: String, type: String)] = []

  var sourceColumns: [SourceColumn] {
    columns.map { SourceColumn(name: $0.name, type: .init(duckDBName: $0.type)) }
  }

  /// - Parameter path: the readable file, quoted for SQL.
  /// - Throws: `DuckDBError` when the file is no table of rows that are equally long.
  /// - Complexity: one pass over the file on one thread.
  init(sniffing path: String, _ connection: Connection) throws(DuckDBError) {
    let fields = ["Delimiter", "NewLineDelimiter", "Comment", "SkipRows", "DateFormat", "TimestampFormat"]
    let result = try connection.query(
      """
      SELECT \(fields.map { "CAST(\($0) AS VARCHAR)" }.joined(separator: ", ")), described.name, described.type
      FROM (SELECT *, unnest(Columns) AS described
        FROM sniff_csv(\(path), sample_size = -1, \(Self.given)))
      """)
    let names = ["delim", "new_line", "comment", "skip", "dateformat", "timestampformat"]
    while let chunk = try result.nextChunk() {
      for row in 0..<chunk.rowCount {
        if settings.isEmpty {
          settings = names.indices.compactMap { index in
            chunk.column(index).string(row).map { (names[index], $0 == Self.empty ? "" : $0) }
          }
        }
        columns.append(
          (chunk.column(fields.count).string(row) ?? "", chunk.column(fields.count + 1).string(row) ?? ""))
      }
    }
    try checkIsDivided(path, connection)
  }

  /// The names as they stand in the first row, where DuckDB can read them again; it gives later ones of the same name others.
  func writtenNames(_ path: String, _ connection: Connection) -> [String]? {
    let texts = columns.indices.map { "'c\($0)': 'VARCHAR'" }.joined(separator: ", ")
    let query = """
      SELECT * FROM read_csv(\(path), auto_detect = false, header = false, quote = '"', escape = '"',
        \(settingList), columns = {\(texts)}) LIMIT 1
      """
    guard let result = try? connection.query(query), let chunk = try? result.nextChunk(), chunk.rowCount == 1
    else { return nil }
    return columns.indices.map { chunk.column($0).string(0) ?? "" }
  }

  private var settingList: String {
    settings.filter { !$0.name.hasSuffix("format") }
      .map { "\($0.name) = \($0.name == "skip" ? $0.value : SQL.literal($0.value))" }.joined(separator: ", ")
  }

  private static let separators: Set<Character> = [",", ";", "\t", "|"]

  /// Where rows are not equally long, no separator is found and all of a row is one column: reading it by the separator
  /// that stands in the row of names says which line is of another length.
  private func checkIsDivided(_ path: String, _ connection: Connection) throws(DuckDBError) {
    guard columns.count == 1, let separator = columns[0].name.first(where: Self.separators.contains) else {
      return
    }
    let count = columns[0].name.split(separator: separator, omittingEmptySubsequences: false).count
    let texts = (0..<count).map { "'c\($0)': 'VARCHAR'" }.joined(separator: ", ")
    let result = try connection.query(
      """
      SELECT count(*) FROM read_csv(\(path), auto_detect = false, header = true, quote = '"', escape = '"',
        delim = \(SQL.literal(String(separator))), columns = {\(texts)})
      """)
    while try result.nextChunk() != nil {}
  }

  /// What DuckDB prints for a setting without a value.
  private static let empty = "(empty)"

  /// What is not left to be found: a first row of names, double quotes, and what counts as missing.
  private static let given =
    "header = true, quote = '\"', escape = '\"', nullstr = ["
    + MissingText.spellings.map(SQL.literal).joined(separator: ", ") + "]"

  /// The table function that reads the file.
  ///
  /// - Parameter texts: columns that are read as they are written, whatever they look like.
  func source(_ path: String, texts: Set<String>) -> String {
    let described = columns.map { column in
      "\(SQL.literal(column.name)): \(SQL.literal(texts.contains(column.name) ? "VARCHAR" : column.type))"
    }
    let own = settings.map { "\($0.name) = \($0.name == "skip" ? $0.value : SQL.literal($0.value))" }
    return """
      read_csv(\(path), auto_detect = false, \(Self.given), \(own.joined(separator: ", ")),
        columns = {\(described.joined(separator: ", "))})
      """
  }
}

/// Pieces of SQL.
package enum SQL {
  static func literal(_ text: String) -> String {
    "'" + text.replacing("'", with: "''") + "'"
  }

  static func name(_ text: String) -> String {
    "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  /// A path as a literal that means this file alone: DuckDB takes some characters for patterns.
  package static func file(_ path: String) -> String {
    literal(String(path.flatMap { "*?[".contains($0) ? "[\($0)]" : String($0) }))
  }
}
