import DuckDB
import Foundation

/// A text file of numbers between blanks, without a row of names: its columns are named 1, 2, 3 … from the left.
struct BlankSeparated {
  let columnCount: Int

  var sourceColumns: [SourceColumn] {
    (1...columnCount).map { SourceColumn(name: String($0), type: .text) }
  }

  /// Recognises a file by its first row: two or more numbers, and nothing between them but blanks or tabs.
  ///
  /// - Returns: `nil` for every other file.
  init?(_ file: URL) {
    let enough = 1 << 12
    guard let handle = try? FileHandle(forReadingFrom: file) else { return nil }
    defer { try? handle.close() }
    let start = String(decoding: (try? handle.read(upToCount: enough)) ?? Data(), as: UTF8.self)
    let lines = start.split(whereSeparator: \.isNewline)
    guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }) else { return nil }
    let cells = first.split(whereSeparator: { $0 == " " || $0 == "\t" })
    guard cells.count > 1, cells.allSatisfy({ NumberFormat.plain.number(String($0)) != nil }) else {
      return nil
    }
    columnCount = cells.count
  }

  /// The rows as a relation of texts.
  ///
  /// - Parameter path: the readable file, quoted for SQL.
  func source(_ path: String) -> String {
    let cells = (1...columnCount).map { "cells[\($0)] AS \(SQL.name(String($0)))" }.joined(separator: ", ")
    let message = SQL.literal("a row has another number of cells than the first, which has \(columnCount)")
    // A separator that occurs in no such file makes one column of each line.
    return """
      (SELECT \(cells) FROM (
        SELECT CASE WHEN len(split) = \(columnCount) THEN split ELSE error(\(message)) END AS cells
        FROM (SELECT regexp_split_to_array(trim(line, E' \\t'), '[ \\t]+') AS split FROM read_csv(\(path),
          auto_detect = false, header = false, delim = E'\\x01', quote = '', escape = '',
          columns = {'line': 'VARCHAR'}) WHERE trim(line, E' \\t') <> '')))
      """
  }
}
