import DuckDB
import Foundation

/// Reads one canonical table as chunks of typed columns, whatever its source.
final class TableReader {
  /// A wanted column and where it stands in the chunks, `nil` when the source lacks it.
  private struct Wanted {
    let column: CanonicalColumn
    let position: Int?
    /// Bit in the `problems` column, set where a text is there but cannot be read as the wanted type.
    let problemBit: Int?
  }

  let table: CanonicalTable
  /// The source in the user's words.
  let sourceName: String
  private let folder: DataFolder
  private let connection: Connection
  private let wanted: [Wanted]
  private let sql: String
  private let fileNamePosition: Int?
  private let problemsPosition: Int?
  private let rejectsTable: String?

  /// Prepares reading; `nil` when the folder has no such table.
  ///
  /// - Parameter columns: the wanted columns, in the order in which `Rows` serves them.
  /// - Throws: `HistoriesError` for missing files or columns, unknown columns, and SQL that fails.
  init?(
    _ name: String, columns: [String], folder: DataFolder, connection: Connection
  ) throws(HistoriesError) {
    guard let table = CanonicalTable.named(name) else { preconditionFailure("no canonical table \(name)") }
    guard let source = folder.mapping.sources[name] else { return nil }
    self.table = table
    self.folder = folder
    self.connection = connection
    let described = try Self.relation(of: source, table: table, folder: folder)
    sourceName = described.name
    rejectsTable = described.rejects
    let present = try Self.describe(
      described.sql, name: described.name, folder: folder, connection: connection)
    try Self.check(present.map(\.name), of: table, source: described.name, isMapped: described.isMapped)

    var list: [Wanted] = []
    var expressions: [String] = []
    var problems: [String] = []
    for name in columns {
      guard let column = table.column(name) else {
        preconditionFailure("\(table.name) has no column \(name)")
      }
      guard let type = present.first(where: { $0.name == name })?.type else {
        list.append(Wanted(column: column, position: nil, problemBit: nil))
        continue
      }
      let expression = ColumnCast.expression(
        name, from: type, to: column.type, timeZone: folder.mapping.timeZone)
      var bit: Int?
      if expression.canFail {
        bit = problems.count
        problems.append(
          "CASE WHEN \(ColumnCast.quoted(name)) IS NOT NULL AND (\(expression.sql)) IS NULL THEN \(1 << problems.count) ELSE 0 END"
        )
      }
      list.append(Wanted(column: column, position: expressions.count, problemBit: bit))
      expressions.append(expression.sql)
    }
    if problems.isEmpty {
      problemsPosition = nil
    } else {
      problemsPosition = expressions.count
      expressions.append("CAST(\(problems.joined(separator: " + ")) AS INTEGER)")
    }
    if described.hasFileNames {
      fileNamePosition = expressions.count
      expressions.append("filename")
    } else {
      fileNamePosition = nil
    }
    wanted = list
    sql = "SELECT \(expressions.joined(separator: ",\n  ")) FROM \(described.sql)"
  }

  /// Whether the source has this column.
  func has(_ column: String) -> Bool {
    wanted.contains { $0.column.name == column && $0.position != nil }
  }

  /// Reads all rows in order.
  ///
  /// - Parameters:
  ///   - report: receives unreadable values and rejected rows.
  ///   - body: is called with every chunk; returns how many of its rows it used.
  func read(
    report: inout LoadReport, _ body: (borrowing Rows, inout LoadReport) throws(HistoriesError) -> Int
  ) throws(HistoriesError) {
    var position = RowPosition(file: sourceName)
    var total = 0
    var used = 0
    let positions = wanted.map(\.position)
    let bits = wanted.map(\.problemBit)
    let problems = problemsPosition.map { (position: $0, bits: bits) }
    do {
      let stream = ChunkStream(try connection.query(sql))
      while let chunk = try stream.next() {
        let rows = Rows(
          chunk: chunk, positions: positions, fileNamePosition: fileNamePosition, problems: problems,
          position: position, displayName: folder.displayName)
        if let problemsPosition { countProblems(rows, at: problemsPosition, report: &report) }
        used += try body(rows, &report)
        total += rows.count
        position = rows.endPosition
      }
    } catch let error as HistoriesError {
      throw error
    } catch let error as DuckDBError {
      throw Self.failure(error, source: sourceName, folder: folder)
    } catch {
      preconditionFailure("unexpected error type: \(type(of: error))")
    }
    if let rejectsTable { total += try countRejects(rejectsTable, report: &report) }
    report.add(.init(table: table.name, source: sourceName, rows: total, used: used))
  }

  private func countProblems(_ rows: borrowing Rows, at position: Int, report: inout LoadReport) {
    let problems = rows.rawColumn(position).values(as: Int32.self)
    for row in 0..<rows.count where problems[row] != 0 {
      for entry in wanted {
        guard let bit = entry.problemBit, problems[row] & Int32(1 << bit) != 0 else { continue }
        report.count(
          table.name, "\(entry.column.name): unreadable \(entry.column.type.rawValue)",
          entry.column.isRequired ? .dropped : .missing, at: rows.place(row, entry.column.name))
      }
    }
  }

  /// Rows that DuckDB's CSV reader itself set aside, such as rows with too many cells.
  private func countRejects(_ name: String, report: inout LoadReport) throws(HistoriesError) -> Int {
    do {
      let result = try connection.query(
        """
        SELECT s.file_path, e.line::INTEGER, coalesce(e.column_name, ''), lower(e.error_type::VARCHAR)
        FROM \(name) AS e JOIN \(name)_scans AS s USING (scan_id, file_id) ORDER BY s.file_path, e.line
        """)
      var rejected: Set<LoadReport.Place> = []
      while let chunk = try result.nextChunk() {
        for row in 0..<chunk.rowCount {
          let place = LoadReport.Place(
            file: folder.displayName(chunk.column(0).string(row) ?? sourceName),
            row: Int(chunk.column(1).values(as: Int32.self)[row]) - 1,
            column: chunk.column(2).string(row) ?? "")
          let reason = "row cannot be parsed (\(chunk.column(3).string(row) ?? "unknown"))"
          report.count(table.name, reason, .dropped, at: place)
          rejected.insert(.init(file: place.file, row: place.row, column: ""))
        }
      }
      return rejected.count
    } catch {
      throw Self.failure(error, source: sourceName, folder: folder)
    }
  }
}

// MARK: - Sources

extension TableReader {
  /// A source as a relation that stands in a FROM clause.
  private struct Relation {
    var sql: String
    var name: String
    var isMapped = false
    var hasFileNames = false
    var rejects: String?
  }

  private static func relation(
    of source: Mapping.Source, table: CanonicalTable, folder: DataFolder
  ) throws(HistoriesError) -> Relation {
    switch source {
    case .sql(let sql):
      let absolute = SQLPaths.absolute(sql, folder: folder.readable.path)
      return Relation(
        sql: "(\n\(absolute)\n) AS mapped", name: "\(Mapping.fileName): \(table.name)", isMapped: true)
    case .rows(let rows):
      return Relation(sql: inPlace(rows), name: "\(Mapping.fileName): \(table.name)", isMapped: true)
    case .files(let pattern):
      let files = folder.files(matching: pattern)
      guard let first = files.first else {
        throw HistoriesError(
          .inputMissing, "Table `\(table.name)`: no file matches \(pattern) in \(folder.folder.path).",
          next: "Check the name in \(Mapping.fileName).")
      }
      if let empty = files.first(where: isEmpty) {
        throw HistoriesError(
          .badData, "Table `\(table.name)`: \(folder.displayName(empty.path)) is empty.",
          next: "Export it again with its header line, or take it away.")
      }
      let list = files.map { SQLPaths.quoted($0.path) }.joined(separator: ", ")
      let several = files.count > 1
      let name = several ? pattern : folder.displayName(first.path)
      if first.path.hasSuffix(".parquet") {
        return Relation(
          sql: "read_parquet([\(list)], union_by_name = \(several), filename = \(several))", name: name,
          hasFileNames: several)
      }
      if first.path.hasSuffix(".json") {
        return Relation(
          sql: "read_json([\(list)], union_by_name = \(several), filename = \(several))", name: name,
          hasFileNames: several)
      }
      let rejects = "rejected_\(table.name)"
      return Relation(
        sql: """
          read_csv([\(list)], all_varchar = true, header = true, null_padding = true, union_by_name = \(several),
            filename = \(several), store_rejects = true, rejects_table = '\(rejects)',
            rejects_scan = '\(rejects)_scans', rejects_limit = 0)
          """, name: name, hasFileNames: several, rejects: rejects)
    }
  }

  private static func isEmpty(_ file: URL) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)
    return attributes?[.size] as? Int == 0
  }

  private static func inPlace(_ rows: [[String: String]]) -> String {
    let names = Set(rows.flatMap(\.keys)).sorted()
    let lines = rows.map { row in
      "(" + names.map { name in row[name].map(SQLPaths.quoted) ?? "NULL" }.joined(separator: ", ") + ")"
    }
    let columns = names.map(ColumnCast.quoted).joined(separator: ", ")
    return "(VALUES \(lines.joined(separator: ", "))) AS written(\(columns))"
  }

  private static func describe(
    _ relation: String, name: String, folder: DataFolder, connection: Connection
  ) throws(HistoriesError) -> [(name: String, type: String)] {
    do {
      let result = try connection.query("DESCRIBE SELECT * FROM \(relation)")
      var columns: [(name: String, type: String)] = []
      while let chunk = try result.nextChunk() {
        for row in 0..<chunk.rowCount {
          columns.append((chunk.column(0).string(row) ?? "", chunk.column(1).string(row) ?? ""))
        }
      }
      return columns.filter { $0.name != "filename" }
    } catch {
      throw failure(error, source: name, folder: folder)
    }
  }

  private static func check(
    _ present: [String], of table: CanonicalTable, source: String, isMapped: Bool
  ) throws(HistoriesError) {
    for name in present where table.column(name) == nil {
      let near = CanonicalTable.nearest(to: name, among: table.columns.map(\.name))
      throw HistoriesError(
        .badData, "\(source): table `\(table.name)` has no column `\(name)`.",
        next: near.map { "Did you mean `\($0)`?" } ?? "Leave it out, or see `revisit schema \(table.name)`.")
    }
    for column in table.columns where column.isRequired && !present.contains(column.name) {
      throw HistoriesError(
        .badData, "\(source): column `\(column.name)` of table `\(table.name)` is missing.",
        next: isMapped
          ? "Add it to the mapping."
          : "Add it to the file, or map another column to it in \(Mapping.fileName).")
    }
  }

  private static func failure(_ error: DuckDBError, source: String, folder: DataFolder) -> HistoriesError {
    let lines = folder.withDisplayNames(error.description).split(
      separator: "\n", omittingEmptySubsequences: true)
    let message = lines.prefix(4).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    return HistoriesError(
      error.code == .libraryNotFound || error.code == .libraryUnusable ? .engineMissing : .badData,
      "\(source): \(message)", next: "Mend the file or its mapping; `revisit check` shows what loads.")
  }
}
