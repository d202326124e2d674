import DuckDB
import Foundation
import Tables

/// A temporary folder with tables, removed with this object.
final class TableFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("tables-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a file of lines.
  func file(_ lines: [String], name: String = "table.csv") throws -> TableFile {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path(name)))
    return try TableFile(path(name))
  }

  /// Writes what a query gives as Parquet.
  func parquet(_ query: String, name: String = "table.parquet") throws -> TableFile {
    try Database().connect().execute("COPY (\(query)) TO '\(path(name))' (FORMAT parquet)")
    return try TableFile(path(name))
  }
}

extension TableFile {
  /// What a column is taken for.
  func kind(of column: String) throws -> ColumnKind {
    try load([column]).decide(0).kind
  }

  /// A column's values as a model would learn from them.
  func values(of column: String) throws -> [Double] {
    let table = try load([column])
    return table.matrix([try table.decide(0).reading]).withUnsafeElements { Array($0) }
  }

  /// A column's values as a model that expects something reads them.
  func values(of column: String, as wanted: WantedKind) throws -> (
    values: [Double], counts: ColumnReading.Counts
  ) {
    var texts: Set<String> = []
    if case .category = wanted { texts = [column] }
    let table = try load([column], asTexts: texts)
    let reading = try table.reading(0, as: wanted)
    return (table.matrix([reading]).withUnsafeElements { Array($0) }, reading.counts(in: table))
  }
}

/// Whether two columns agree, a missing value with a missing value.
func same(_ left: [Double], _ right: [Double]) -> Bool {
  left.count == right.count && zip(left, right).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
}
