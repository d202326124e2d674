import BuyTillYouDie
import DuckDB
import Features
import Foundation
import Histories

/// The catalogue computed once more by DuckDB: one query a feature over tables that plain SQL makes of the files.
///
/// The statements stand in `sql/`: `tables.sql` cleans the files once, `views.sql` and `value.sql` say what was known at
/// a date, and `A.sql` to `M.sql` hold the features by group.
final class SQLOracle {
  private let connection: Connection
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "sql")

  /// Queries by the features' names; each gives `relation` and `value`, missing where null or not there.
  static let queries: [String: String] = {
    var queries: [String: String] = [:]
    for group in FeatureGroup.allCases {
      let file = folder.appendingPathComponent("\(group.rawValue).sql")
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      for part in ("\n" + text).components(separatedBy: "\n-- ").dropFirst() {
        let lines = part.split(separator: "\n", maxSplits: 1).map(String.init)
        let sql = lines[1].trimmingCharacters(in: .whitespacesAndNewlines)
        queries[lines[0].trimmingCharacters(in: .whitespaces)] = String(
          sql.dropLast(sql.hasSuffix(";") ? 1 : 0))
      }
    }
    return queries
  }()

  /// Cleans the tables of a folder.
  init(folder: String, dataEnd: Day) throws {
    connection = try Database(settings: ["threads": "2"]).connect()
    for table in CanonicalTable.all { try loadRaw(table, folder: folder) }
    try loadOrderRanks()
    try connection.execute("CREATE TABLE data_end AS SELECT DATE '\(dataEnd)' AS day")
    try run("tables")
  }

  /// Every column of the schema as text, null where the file lacks it.
  private func loadRaw(_ table: CanonicalTable, folder: String) throws {
    let parquet = "\(folder)/\(table.name).parquet"
    let csv = "\(folder)/\(table.name).csv"
    let columns = table.columns.map { "NULL::VARCHAR AS \"\($0.name)\"" }.joined(separator: ", ")
    var source = ""
    if FileManager.default.fileExists(atPath: parquet) {
      source = "UNION ALL BY NAME SELECT COLUMNS(*)::VARCHAR FROM read_parquet('\(parquet)')"
    } else if let bytes = FileManager.default.contents(atPath: csv) {
      // Bytes that are no UTF-8 become U+FFFD before DuckDB sees them.
      let readable = try TemporaryFolder()
      try readable.write("readable.csv", String(decoding: bytes, as: UTF8.self))
      source = """
        UNION ALL BY NAME SELECT * FROM read_csv('\(readable.path)/readable.csv', all_varchar = true, header = true)
        """
      try create(table.name, columns, source)
      return
    }
    try create(table.name, columns, source)
  }

  private func create(_ name: String, _ columns: String, _ source: String) throws {
    try connection.execute(
      """
      CREATE TABLE raw_\(name) AS SELECT *, row_number() OVER () AS file_row
      FROM (SELECT * FROM (SELECT \(columns)) WHERE false \(source))
      """)
  }

  /// Orders of one day stand in the order of their ids' hashes: an arbitrary rule that no SQL can know.
  private func loadOrderRanks() throws {
    var ids: [(hash: UInt64, id: String)] = []
    let result = try connection.query("SELECT DISTINCT visit_id FROM raw_visits WHERE visit_id IS NOT NULL")
    while let chunk = try result.nextChunk() {
      for row in 0..<chunk.rowCount {
        var id = chunk.column(0).string(row)!
        ids.append((id.withUTF8 { KeyHash.hash(UnsafeRawBufferPointer($0)) }, id))
      }
    }
    ids.sort { $0.hash < $1.hash }
    let lines = ids.enumerated().map { "\($1.id)\t\($0)" }.joined(separator: "\n")
    let file = try TemporaryFolder()
    try file.write("ranks.tsv", "visit_id\trank\n" + lines + "\n")
    try connection.execute(
      """
      CREATE TABLE order_rank AS SELECT * FROM read_csv('\(file.path)/ranks.tsv', delim = '\t', header = true,
        columns = {'visit_id': 'VARCHAR', 'rank': 'BIGINT'})
      """)
  }

  private func run(_ script: String) throws {
    let file = Self.folder.appendingPathComponent("\(script).sql")
    try connection.execute(try String(contentsOf: file, encoding: .utf8))
  }

  // MARK: At a date

  /// Makes the views of a date.
  ///
  /// - Parameter models: the fitted models by powertrain's code, 4 for unknown ones: their being the maximum is judged
  ///   elsewhere.
  func look(at asOf: Day, models: [BetaGeometric?]) throws {
    try connection.execute("CREATE OR REPLACE TABLE t0 AS SELECT DATE '\(asOf)' AS day")
    try connection.execute(
      """
      CREATE OR REPLACE TABLE models (powertrain INTEGER, r DOUBLE, alpha DOUBLE, a DOUBLE, b DOUBLE)
      """)
    for (powertrain, model) in models.enumerated() {
      guard let model else { continue }
      try connection.execute(
        "INSERT INTO models VALUES (\(powertrain), \(model.r), \(model.alpha), \(model.a), \(model.b))")
    }
    try run("views")
    try run("value")
  }

  struct Key: Hashable {
    var customer: String
    var vin: String
  }

  /// The relations that had begun, by number.
  func relations() throws -> [Int: Key] {
    var found: [Int: Key] = [:]
    let result = try connection.query("SELECT relation, customer, vin FROM begun")
    while let chunk = try result.nextChunk() {
      let numbers = chunk.column(0).values(as: Int64.self)
      for row in 0..<chunk.rowCount {
        found[Int(numbers[row])] = Key(
          customer: chunk.column(1).string(row)!, vin: chunk.column(2).string(row)!)
      }
    }
    return found
  }

  /// The numbers that a query gives by relation; those that are null are left out.
  func values(_ sql: String) throws -> [Int: Double] {
    var found: [Int: Double] = [:]
    let result = try connection.query(
      "SELECT relation::BIGINT, value::DOUBLE FROM (\(sql)) WHERE value IS NOT NULL AND NOT isnan(value::DOUBLE)"
    )
    while let chunk = try result.nextChunk() {
      let numbers = chunk.column(0).values(as: Int64.self)
      let values = chunk.column(1).values(as: Double.self)
      for row in 0..<chunk.rowCount { found[Int(numbers[row])] = values[row] }
    }
    return found
  }

  /// One number.
  func number(_ sql: String) throws -> Double? {
    try values("SELECT 0 AS relation, (\(sql)) AS value")[0]
  }
}
