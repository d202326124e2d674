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
  private let source: Mapping.Source
  /// The source in the user's words.
  let sourceName: String
  private let folder: DataFolder
  private let connection: Connection
  /// Where the rows go; is relieved while they are read.
  private let store: ColumnStore?
  private let wanted: [Wanted]
  private let sql: String
  /// The source as it stands in a FROM clause.
  private let fromClause: String
  private let fileNamePosition: Int?
  private let problemsPosition: Int?
  private let rejectsTable: String?
  /// The files read, and the number over all files of the first row of each.
  private var fileStarts: [(file: String, globalRow: Int)] = []
  /// Rows that were not served, in the order of files and rows; known after reading.
  private var unserved: [LoadReport.Place] = []
  /// Finds the rows with more cells than the header has names: file, and row in it.
  private let overflowSQL: String?

  /// Prepares reading; `nil` when the folder has no such table.
  ///
  /// - Parameters:
  ///   - columns: the wanted columns, in the order in which `Rows` serves them.
  ///   - part: the table itself, or what Revisit's own files add to it.
  /// - Throws: `HistoriesError` for missing files or columns, unknown columns, and SQL that fails.
  init?(
    _ name: String, columns: [String], folder: DataFolder, connection: Connection, store: ColumnStore? = nil,
    part: DataFolder.Part = .own
  ) throws(HistoriesError) {
    guard let table = CanonicalTable.named(name) else { preconditionFailure("no canonical table \(name)") }
    guard let source = folder.source(of: name, part) else { return nil }
    self.source = source
    self.table = table
    self.folder = folder
    self.connection = connection
    self.store = store
    let described = try Self.relation(of: source, table: table, part: part, folder: folder)
    sourceName = described.name
    rejectsTable = described.rejects
    var present = try Self.describe(
      described.sql, name: described.name, folder: folder, connection: connection)
    var overflow: [String] = []
    if described.rejects != nil {
      overflow = present.map(\.name).filter(Self.isUnnamed)
      present.removeAll { Self.isUnnamed($0.name) }
    }
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
          "CASE WHEN \(ColumnCast.quoted(name)) IS NOT NULL AND (\(expression.sql)) IS NULL "
            + "AND \(ColumnCast.hasContent(name, type)) THEN \(1 << problems.count) ELSE 0 END"
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
    fromClause = described.sql
    let select = "SELECT \(expressions.joined(separator: ",\n  ")) FROM \(described.sql)"
    let isNarrow = overflow.map { "\(ColumnCast.quoted($0)) IS NULL" }.joined(separator: " AND ")
    sql = overflow.isEmpty ? select : "\(select) WHERE \(isNarrow)"
    let file = described.hasFileNames ? "filename" : "''"
    overflowSQL =
      overflow.isEmpty
      ? nil
      : """
      SELECT file, number::INTEGER FROM (
        SELECT \(file) AS file, row_number() OVER (PARTITION BY file ORDER BY place) AS number, is_narrow
        FROM (SELECT *, row_number() OVER () AS place, (\(isNarrow)) AS is_narrow FROM \(described.sql)))
      WHERE NOT is_narrow ORDER BY file, number
      """
  }

  /// Whether DuckDB made up this name, for cells beyond the header's last name.
  private static func isUnnamed(_ column: String) -> Bool {
    column.hasPrefix("column") && !column.dropFirst(6).isEmpty && column.dropFirst(6).allSatisfy(\.isNumber)
  }

  /// Whether the source has this column.
  func has(_ column: String) -> Bool {
    wanted.contains { $0.column.name == column && $0.position != nil }
  }

  /// SQL that selects the wanted columns which the source has, by name and in the canonical types, row by row as they
  /// are read.
  var canonicalSQL: String {
    let present = wanted.filter { $0.position != nil }.map { ColumnCast.quoted($0.column.name) }
    let names = present.joined(separator: ", ")
    return "SELECT \(names) FROM (\(sql)) AS taken(\(names))"
  }

  /// Where a row stands whose number over all files is known.
  func place(globalRow: Int, column: String) -> LoadReport.Place {
    let start = fileStarts.last { $0.globalRow <= globalRow } ?? (sourceName, 0)
    let place = LoadReport.Place(file: start.file, row: globalRow - start.globalRow + 1, column: column)
    return place.moved(past: unserved)
  }

  /// The number of rows where the source knows it without being read (Parquet), else 0.
  func knownRowCount() -> Int {
    guard case .files(let pattern) = source, pattern.hasSuffix(".parquet"),
      let result = try? connection.query("SELECT CAST(count(*) AS BIGINT) FROM \(fromClause)"),
      let chunk = try? result.nextChunk(), chunk.rowCount == 1
    else { return 0 }
    return Int(chunk.column(0).values(as: Int64.self)[0])
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
    let requiredBits = wanted.filter(\.column.isRequired).compactMap(\.problemBit).reduce(0) { $0 | 1 << $1 }
    let problems = problemsPosition.map { (position: $0, requiredBits: Int32(requiredBits)) }
    do {
      let stream = ChunkStream(try connection.query(sql))
      while let chunk = try stream.next() {
        let rows = Rows(
          chunk: chunk, positions: positions, fileNamePosition: fileNamePosition, problems: problems,
          position: position, displayName: folder.displayName)
        countProblems(rows, report: &report)
        used += try body(rows, &report)
        store?.relieve()
        total += rows.count
        position = rows.endPosition
        if fileStarts.last?.file != position.file {
          fileStarts.append((position.file, position.globalRow - position.row))
        }
      }
    } catch let error as HistoriesError {
      throw error
    } catch let error as DuckDBError {
      throw Self.failure(error, source: sourceName, folder: folder)
    } catch {
      preconditionFailure("unexpected error type: \(type(of: error))")
    }
    total += try countUnparsed(report: &report)
    report.add(.init(table: table.name, source: sourceName, rows: total, used: used))
  }

  /// Counts cells that could not be read; a row is dropped for the first required one only.
  private func countProblems(_ rows: borrowing Rows, report: inout LoadReport) {
    guard let problems = rows.problemBits else { return }
    for row in 0..<rows.count where problems[row] != 0 {
      var isDropped = false
      for entry in wanted {
        guard let bit = entry.problemBit, problems[row] & Int32(1 << bit) != 0 else { continue }
        if entry.column.isRequired, isDropped { continue }
        isDropped = isDropped || entry.column.isRequired
        report.count(
          table.name, "\(entry.column.name): unreadable \(entry.column.type.rawValue)",
          entry.column.isRequired ? .dropped : .missing, at: rows.place(row, entry.column.name))
      }
    }
  }

  /// Counts the rows that were not served: those with more cells than names, and those that DuckDB's CSV reader set
  /// aside itself. They had no number so far: the examples behind them move on.
  private func countUnparsed(report: inout LoadReport) throws(HistoriesError) -> Int {
    var reasons: [LoadReport.Place: String] = [:]
    do {
      if let overflowSQL {
        let result = try connection.query(overflowSQL)
        while let chunk = try result.nextChunk() {
          for row in 0..<chunk.rowCount {
            let file = chunk.column(0).string(row).flatMap { $0.isEmpty ? nil : folder.displayName($0) }
            let number = Int(chunk.column(1).values(as: Int32.self)[row])
            reasons[.init(file: file ?? sourceName, row: number, column: "")] =
              "row has more cells than the header"
          }
        }
      }
      if let rejectsTable {
        let result = try connection.query(
          """
          SELECT s.file_path, e.line::INTEGER, lower(e.error_type::VARCHAR)
          FROM \(rejectsTable) AS e JOIN \(rejectsTable)_scans AS s USING (scan_id, file_id)
          """)
        while let chunk = try result.nextChunk() {
          for row in 0..<chunk.rowCount {
            let file = chunk.column(0).string(row).map(folder.displayName) ?? sourceName
            let number = Int(chunk.column(1).values(as: Int32.self)[row]) - 1
            reasons[.init(file: file, row: number, column: "")] =
              "row cannot be parsed (\(chunk.column(2).string(row) ?? "unknown"))"
          }
        }
      }
    } catch {
      throw Self.failure(error, source: sourceName, folder: folder)
    }
    let places = reasons.keys.sorted { ($0.file, $0.row) < ($1.file, $1.row) }
    report.moveExamples(of: table.name, past: places)
    unserved = places
    for place in places { report.count(table.name, reasons[place] ?? "", .dropped, at: place) }
    return places.count
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
    of source: Mapping.Source, table: CanonicalTable, part: DataFolder.Part, folder: DataFolder
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
          next: "Check the name in \(Mapping.fileName); links that lead out of the folder are not followed.")
      }
      if let empty = files.first(where: isEmpty) {
        throw HistoriesError(
          .badData, "Table `\(table.name)`: \(folder.displayName(empty.path)) is empty.",
          next: "Export it again with its header line, or take it away.")
      }
      let list = files.map { SQLPaths.quoted($0.path) }.joined(separator: ", ")
      let several = files.count > 1
      let suffix = first.pathExtension.lowercased()
      let name = several ? pattern : folder.displayName(first.path)
      if suffix == "parquet" {
        return Relation(
          sql: "read_parquet([\(list)], union_by_name = \(several), filename = \(several))", name: name,
          hasFileNames: several)
      }
      if suffix == "json" {
        return Relation(
          sql: "read_json([\(list)], union_by_name = \(several), filename = \(several))", name: name,
          hasFileNames: several)
      }
      // DuckDB keeps no table of rejected rows when it unites files by name itself. Without the list of candidates it
      // tries every format of dates on every file, though all is read as text.
      let rejects = part == .own ? "rejected_\(table.name)" : "rejected_\(part)_\(table.name)"
      let parts = files.map { file in
        """
        SELECT * FROM read_csv(\(SQLPaths.quoted(file.path)), all_varchar = true,
          auto_type_candidates = ['VARCHAR'], header = true, null_padding = true, filename = \(several),
          store_rejects = true, rejects_table = '\(rejects)',
          rejects_scan = '\(rejects)_scans', rejects_limit = 0)
        """
      }
      return Relation(
        sql: "(\(parts.joined(separator: "\nUNION ALL BY NAME "))) AS files", name: name,
        hasFileNames: several,
        rejects: rejects)
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
    let lines = folder.message(of: error).split(
      separator: "\n", omittingEmptySubsequences: true)
    // DuckDB's excerpt of the statement is left out where it shows the inside of a path, and the mark below it.
    let isPath = { (line: Substring) in line.hasPrefix("LINE ") && line.contains("'/") }
    let told = lines.prefix { !isPath($0) }
    let message = told.prefix(4).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    return HistoriesError(
      error.code == .libraryNotFound || error.code == .libraryUnusable ? .engineMissing : .badData,
      "\(source): \(message)", next: "Mend the file or its mapping; `revisit check` shows what loads.")
  }
}
