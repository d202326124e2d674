import DuckDB
import Foundation
import Histories

/// A CSV or Parquet file with one table.
///
/// Text files have a row of names first; the types of their columns are found from all rows. They may be compressed with
/// gzip, and be UTF-8 or GB18030. Numbers between blanks without names are read, too: see `BlankSeparated`.
public final class TableFile {
  /// The file as the user named it.
  public let path: String
  /// The file's columns in its order.
  public let columns: [SourceColumn]
  /// Whether the text was taken for GB18030, which nothing says.
  public var isGuessedGB18030: Bool { readable?.isGuessedGB18030 ?? false }
  /// Bytes of the text that no encoding explains.
  public var unreadableBytes: Int { readable?.unreadableBytes ?? 0 }

  private let readable: ReadableFile?
  private let connection: Connection
  private let format: Format
  /// The file that DuckDB reads, quoted for SQL.
  private let source: String

  private enum Format {
    case text(CSVDialect)
    case blanks(BlankSeparated)
    case parquet
  }

  /// Finds out what the file holds.
  ///
  /// - Throws: `TableError`.
  /// - Complexity: Parquet: O(columns); text: two passes over the file.
  public init(_ path: String) throws(TableError) {
    self.path = path
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    guard !isFolder.boolValue else {
      throw TableError(
        .inputMissing, "\(path) is a folder. Name one file with --table, or a data folder with --data.")
    }
    let isText = try Self.isText(path)
    guard isThere else {
      throw TableError(.inputMissing, "There is no file \(path). Name a CSV or Parquet file with --table.")
    }
    do {
      // What DuckDB unpacks by itself cannot be looked into before.
      readable = isText && !Self.isCompressed(path) ? try ReadableFile(path) : nil
    } catch {
      throw TableError(error)
    }
    let file = readable?.url ?? URL(fileURLWithPath: path)
    guard (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) != 0 else {
      throw TableError(.badData, "\(path) is empty. Write a row of column names and rows below it.")
    }
    source = SQL.file(file.path)
    do {
      // Nothing is spilled: DuckDB would make a folder of its own for that.
      connection = try Database(settings: ["temp_directory": ""]).connect()
      if isText, let blanks = BlankSeparated(file) {
        format = .blanks(blanks)
        columns = blanks.sourceColumns
      } else if isText {
        let dialect = try Self.dialect(source, connection)
        format = .text(dialect)
        columns = dialect.sourceColumns
      } else {
        format = .parquet
        columns = try Self.parquetColumns(source, connection)
      }
    } catch {
      throw TableError(error, file: path, readAs: readable?.url.path)
    }
    guard !columns.isEmpty else {
      throw TableError(.badData, "\(path) holds no column. Write a row of column names and rows below it.")
    }
  }

  private static let textEndings = [".csv", ".tsv", ".txt"]
  private static let gzip = ".gz"

  private static func isCompressed(_ path: String) -> Bool { path.lowercased().hasSuffix(gzip) }

  fileprivate static func isText(_ path: String) throws(TableError) -> Bool {
    let name = path.lowercased()
    if name.hasSuffix(".parquet") { return false }
    guard textEndings.contains(where: { name.hasSuffix($0) || name.hasSuffix($0 + gzip) }) else {
      throw TableError(
        .unknownFormat,
        "\(path): a table is read from .csv, .tsv, .txt (also with .gz) or .parquet. Save it as one of these."
      )
    }
    return true
  }

  /// What DuckDB may keep while it looks into all rows of a text: else it keeps the whole text.
  private static let sniffingMemory = "384MB"

  private static func dialect(_ source: String, _ connection: Connection) throws(DuckDBError) -> CSVDialect {
    try connection.execute("SET memory_limit = '\(sniffingMemory)'")
    let found = try? CSVDialect(sniffing: source, connection)
    try connection.execute("RESET memory_limit")
    // Rows too wide for so little may be read with more; what is wrong with the text is said then, too.
    if let found { return found }
    return try CSVDialect(sniffing: source, connection)
  }

  private static func parquetColumns(
    _ source: String, _ connection: Connection
  ) throws(DuckDBError) -> [SourceColumn] {
    let result = try connection.query("DESCRIBE SELECT * FROM read_parquet(\(source))")
    var columns: [SourceColumn] = []
    while let chunk = try result.nextChunk() {
      for row in 0..<chunk.rowCount {
        columns.append(
          SourceColumn(
            name: chunk.column(0).string(row) ?? "",
            type: .init(duckDBName: chunk.column(1).string(row) ?? "")))
      }
    }
    return columns
  }

  // MARK: Columns by name

  /// Columns of a text file whose name stands further to the left already, and what they are called instead.
  public var renamedColumns: [(written: String, name: String)] {
    guard case .text(let dialect) = format, let written = dialect.writtenNames(source, connection) else {
      return []
    }
    var seen: Set<String> = []
    return zip(written, columns).compactMap { written, column in
      let text = written.trimmingCharacters(in: .whitespacesAndNewlines)
      let isNew = seen.insert(text.lowercased()).inserted
      return isNew || text.isEmpty || text == column.name ? nil : (text, column.name)
    }
  }

  /// The column of this name.
  ///
  /// - Parameter role: what names it, such as `--label`.
  /// - Throws: `TableError` (`unknownColumn`) with the names that come near.
  public func column(_ name: String, role: String) throws(TableError) -> SourceColumn {
    try column(name, need: "which \(role) names")
  }

  /// The column of this name.
  ///
  /// - Parameter need: why it is asked for, such as `which the model predicts`.
  /// - Throws: `TableError` (`unknownColumn`) with the names that come near.
  public func column(_ name: String, need: String) throws(TableError) -> SourceColumn {
    if let column = columns.first(where: { $0.name == name }) { return column }
    throw TableError(.unknownColumn, "\(path) has no column \"\(name)\", \(need). \(suggestion(for: name))")
  }

  /// `Did you mean "churn"?`, or the names that there are.
  public func suggestion(for name: String) -> String {
    let names = columns.map(\.name)
    if let same = names.first(where: { $0.lowercased() == name.lowercased() }) {
      return "Did you mean \"\(same)\"?"
    }
    let far = names.filter { $0.count > 2 || $0.count == name.count }
    if let near = CanonicalTable.nearest(to: name, among: far) { return "Did you mean \"\(near)\"?" }
    let shown = names.prefix(Self.namesShown).map { "\"\($0)\"" }.joined(separator: ", ")
    if columns.count == 1, names[0].contains(where: \.isWhitespace) {
      return
        "Its only column is \(shown): cells must be separated by commas, semicolons, tabs or bars, not by blanks."
    }
    return "Its columns are \(shown)\(names.count > Self.namesShown ? ", …" : "")."
  }

  private static let namesShown = 12

  // MARK: Rows

  /// Reads some columns of all rows.
  ///
  /// - Parameters:
  ///   - names: columns of the file, each once.
  ///   - texts: those of them that are wanted as they are written, whatever they look like.
  ///   - progress: is told now and then how many rows were read so far.
  /// - Throws: `TableError`.
  /// - Complexity: O(rows × columns) on one thread, while others decode the file.
  public func load(
    _ names: [String], asTexts texts: Set<String> = [], progress: (Int) -> Void = { _ in }
  ) throws(TableError) -> Table {
    var parts: [Table] = []
    try forEachPart(names, asTexts: texts, rowsPerPart: .max, progress: progress) { parts.append($0) }
    guard let table = parts.first else { throw emptiness }
    return table
  }

  /// What is wrong with a file without rows.
  public var emptiness: TableError {
    TableError(.badData, "\(path) holds no row below the names of its columns.")
  }

  /// Reads some columns of all rows, part by part, each with dictionaries of its own.
  ///
  /// - Parameters:
  ///   - names: columns of the file, each once.
  ///   - texts: those of them that are wanted as they are written, whatever they look like.
  ///   - rowsPerPart: of every part but the last.
  ///   - skipped: rows that are left out at the beginning.
  ///   - progress: is told now and then how many rows were read so far, those that were skipped included.
  ///   - body: takes the parts in their order; none without rows.
  /// - Throws: `TableError`, or what `body` throws.
  /// - Complexity: O(rows × columns) on one thread, while others decode the file; memory for one part.
  public func forEachPart(
    _ names: [String], asTexts texts: Set<String> = [], rowsPerPart: Int, skipping skipped: Int = 0,
    progress: (Int) -> Void = { _ in }, _ body: (Table) throws(TableError) -> Void
  ) throws(TableError) {
    let chosen = try names.map { name throws(TableError) in try column(name, role: "the program") }
    let layouts = chosen.map { column in
      TableBuilder.Layout(source: column, type: texts.contains(column.name) ? .text : column.type)
    }
    let list = layouts.map { $0.type.sql(SQL.name($0.source.name)) }.joined(separator: ", ")
    let offset = skipped > 0 ? " OFFSET \(skipped)" : ""
    // A query needs a column even where none is wanted.
    let query = "SELECT \(list.isEmpty ? "NULL" : list) FROM \(relation(texts))\(offset)"
    let stream = try reading { () throws(DuckDBError) in ChunkStream(try connection.query(query)) }
    var builder = TableBuilder(columns: layouts, rowsBefore: skipped)
    var told = skipped
    while let chunk = try reading({ () throws(DuckDBError) in try stream.next() }) {
      var first = 0
      while first < chunk.rowCount {
        let count = min(chunk.rowCount - first, rowsPerPart - builder.rows)
        builder.add(chunk, rows: first..<first + count)
        first += count
        guard builder.rows == rowsPerPart else { continue }
        let before = builder.rowsBefore + builder.rows
        try body(builder.finish())
        builder = TableBuilder(columns: layouts, rowsBefore: before)
      }
      let read = builder.rowsBefore + builder.rows
      guard read - told >= Table.rowsPerBlock else { continue }
      told = read
      progress(told)
    }
    if builder.rows > 0 { try body(builder.finish()) }
  }

  /// The number of rows, where the file says it without being read.
  public var knownRows: Int? {
    guard case .parquet = format else { return nil }
    guard
      let result = try? connection.query(
        "SELECT CAST(sum(num_rows) AS DOUBLE) FROM parquet_file_metadata(\(source))"),
      let chunk = try? result.nextChunk(), chunk.rowCount == 1
    else { return nil }
    return Int(chunk.column(0).values(as: Double.self)[0])
  }

  /// About how many rows a text has, by the lines in some of its blocks; `nil` for a compressed one.
  ///
  /// - Complexity: O(1) for large files.
  public var estimatedRows: Int? {
    guard case .text = format, let readable else { return nil }
    return try? LineEstimate(readable.url).lines.map { max($0 - 1, 0) }
  }

  /// In which format the numbers of a column of texts are written, by all rows; plain for other columns.
  ///
  /// - Throws: `TableError`.
  public func numberFormat(of name: String) throws(TableError) -> NumberFormat {
    guard try column(name, role: "the program").type == .text else { return .plain }
    let distinct = "SELECT DISTINCT CAST(\(SQL.name(name)) AS VARCHAR) FROM \(relation([name]))"
    let dictionary = TextDictionary()
    let stream = try reading { () throws(DuckDBError) in ChunkStream(try connection.query(distinct)) }
    while let chunk = try reading({ () throws(DuckDBError) in try stream.next() }) {
      let column = chunk.column(0)
      for row in 0..<chunk.rowCount where column.isValid(row) { _ = dictionary.add(column.bytes(row)) }
    }
    return TextReading(dictionary).commonFormat
  }

  private func reading<Result: ~Copyable>(
    _ body: () throws(DuckDBError) -> Result
  ) throws(TableError) -> Result {
    do {
      return try body()
    } catch {
      throw TableError(error, file: path, readAs: readable?.url.path)
    }
  }

  private func relation(_ texts: Set<String>) -> String {
    switch format {
    case .text(let dialect): dialect.source(source, texts: texts)
    case .blanks(let blanks): blanks.source(source)
    case .parquet: "read_parquet(\(source))"
    }
  }
}

extension TableError {
  fileprivate init(_ error: HistoriesError) {
    let code: Code =
      switch error.code {
      case .inputMissing: .inputMissing
      case .engineMissing: .engineMissing
      case .cannotWrite: .cannotWrite
      case .badData, .unknownTarget: .badData
      }
    self.init(code, error.description)
  }

  /// - Parameter copy: the temporary file that DuckDB read in place of the user's.
  fileprivate init(_ error: DuckDBError, file: String, readAs copy: String?) {
    switch error.code {
    case .libraryNotFound, .libraryUnusable: self.init(.engineMissing, error.description)
    case .openFailed, .queryFailed, .appendFailed:
      let path = URL(fileURLWithPath: file).path
      let own = [file, path, copy].compactMap { $0 }
      var text = error.description(sparing: own)
      if let copy { text = text.replacing(copy, with: file) }
      if text.last != "." { text += "." }
      let next =
        (try? TableFile.isText(file)) == true
        ? "Check that each row has as many cells as the first row has names."
        : "Check that it is a whole Parquet file."
      self.init(.badData, "\(file) cannot be read as a table: \(text) \(next)")
    }
  }
}
