import DuckDB
import Foundation
import Tables
import Temporaries

/// A list's file as a table; JSON goes through a private Parquet file, which is gone with this object.
struct ListSource {
  let table: TableFile
  private let folder: TemporaryFolder?

  /// JSON is one object, which has to be in memory as a whole.
  private static let largestJSON = 256 << 20

  private init(table: TableFile, folder: TemporaryFolder?) {
    self.table = table
    self.folder = folder
  }

  /// - Throws: `TableError`, `OutreachError`.
  static func open(_ path: String) throws -> ListSource {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
      throw missing(path)
    }
    guard path.lowercased().hasSuffix(".json") else {
      return ListSource(table: try TableFile(path), folder: nil)
    }
    let size = (try? URL(fileURLWithPath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
    guard size <= largestJSON else {
      throw OutreachError(
        .badData, "\(path) is larger than \(largestJSON >> 20) MB of JSON.",
        next: "Write long lists as CSV or Parquet.")
    }
    let folder = try TemporaryFolder()
    let copy = folder.url.appendingPathComponent("list.parquet").path
    do throws(DuckDBError) {
      try convert(path, to: copy, size: size)
    } catch {
      guard error.code == .queryFailed else { throw error }
      // DuckDB quotes what it cannot read.
      throw OutreachError(
        .badData, "\(path) is no list in JSON.",
        next:
          "Give an object with `rows`, as `revisit at-risk --out list.json` writes it, or an array of objects."
      )
    }
    return ListSource(table: try TableFile(copy), folder: folder)
  }

  static func missing(_ path: String) -> OutreachError {
    OutreachError(
      .inputMissing, "There is no list \(path).",
      next: "Name a CSV, Parquet or JSON file; `revisit at-risk --out list.csv` makes one.")
  }

  private static func convert(_ path: String, to copy: String, size: Int) throws(DuckDBError) {
    func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
    let connection = try Database(settings: ["temp_directory": ""]).connect()
    let largest = max(size + 1, 1 << 24)
    let source = "read_json(\(quoted(path)), maximum_object_size = \(largest), sample_size = -1)"
    var hasRows = false
    let described = try connection.query("DESCRIBE SELECT * FROM \(source)")
    while let chunk = try described.nextChunk() {
      for row in 0..<chunk.rowCount where chunk.column(0).string(row) == "rows" { hasRows = true }
    }
    let rows = hasRows ? "(SELECT unnest(line) FROM (SELECT unnest(rows) AS line FROM \(source)))" : source
    try connection.execute("COPY (SELECT * FROM \(rows)) TO \(quoted(copy)) (FORMAT parquet)")
  }
}
