import DuckDB
import Features
import Foundation
import Histories
import Simulation
import Testing

@testable import Reports

@Suite("Files of features")
struct FeatureTableTests {
  @Test("Parquet and CSV say the same, cell by cell and in the same order")
  func sameCells() throws {
    let folder = try TemporaryFolder()
    let end = Day("2026-06-30")!
    let data = URL(fileURLWithPath: folder.path("data"))
    _ = try Simulator(options: SimulationOptions(customers: 3000, seed: 5, until: end)).write(to: data)
    let table = FeatureTable(
      histories: try Histories.load(data.path), dates: [end - 700, end - 10], label: .due)
    // More than one block, and one with rows of both dates.
    #expect(table.rowCount > RowBlock.capacity && table.counts[0].rows % RowBlock.capacity != 0)
    try table.write(to: folder.path("f.parquet"))
    try table.write(to: folder.path("f.csv"))
    try expectSame(folder, table.columns)
    let connection = try Database().connect()
    // Known and missing values of both kinds were compared, and all outcomes.
    #expect(
      try Self.number(
        connection, "SELECT count(DISTINCT outcome) FROM '\(folder.path("f.parquet"))'") == 4)
    #expect(
      try Self.number(
        connection,
        "SELECT count(*) FROM '\(folder.path("f.parquet"))' WHERE lapsed IS NULL AND outcome IS NOT NULL") > 0
    )
  }

  @Test("texts of every script and length, missing cells of every kind, and numbers that are none")
  func everyKind() throws {
    let folder = try TemporaryFolder()
    let table = OddTable()
    try table.write(to: folder.path("f.parquet"), protecting: [])
    try table.write(to: folder.path("f.csv"), protecting: [])
    try expectSame(folder, table.columns)
    let connection = try Database().connect()
    let source = "'\(folder.path("f.parquet"))'"
    #expect(try Self.number(connection, "SELECT count(*) FROM \(source)") == table.rowCount)
    #expect(
      try Self.number(connection, "SELECT count(*) FROM \(source) WHERE name = '王芳 🚗 from far away'") > 0)
    #expect(try Self.number(connection, "SELECT count(*) FROM \(source) WHERE isnan(x) OR isinf(x)") == 0)
  }

  private func expectSame(_ folder: TemporaryFolder, _ columns: [FileColumn]) throws {
    // One thread: rows are numbered as they stand in the files.
    let connection = try Database(settings: ["threads": "1"]).connect()
    let types = columns.map { column in
      let type =
        switch column.kind {
        case .text: "VARCHAR"
        case .whole: "BIGINT"
        case .number: "DOUBLE"
        case .day: "DATE"
        case .flag: "BOOLEAN"
        }
      return "'\(column.name)': '\(type)'"
    }
    let parquet = "'\(folder.path("f.parquet"))'"
    let csv =
      "read_csv('\(folder.path("f.csv"))', header = true, delim = ',', quote = '\"', columns = {\(types.joined(separator: ", "))})"
    try connection.execute("CREATE VIEW p AS SELECT row_number() OVER () AS place, * FROM \(parquet)")
    try connection.execute("CREATE VIEW c AS SELECT row_number() OVER () AS place, * FROM \(csv)")
    #expect(try Self.number(connection, "SELECT count(*) FROM p") > 0)
    #expect(try Self.number(connection, "SELECT count(*) FROM (FROM p EXCEPT ALL FROM c)") == 0)
    #expect(try Self.number(connection, "SELECT count(*) FROM (FROM c EXCEPT ALL FROM p)") == 0)
    let described = try connection.query("SELECT column_name, column_type FROM (DESCRIBE FROM \(parquet))")
    var found: [String] = []
    try described.forEachChunk { chunk in
      for row in 0..<chunk.rowCount {
        found.append("'\(chunk.column(0).string(row)!)': '\(chunk.column(1).string(row)!)'")
      }
    }
    #expect(found == types)
  }

  private static func number(_ connection: Connection, _ sql: String) throws -> Int {
    var value = -1
    try connection.query(sql).forEachChunk { chunk in value = Int(chunk.column(0).values(as: Int64.self)[0]) }
    return value
  }
}

/// Rows of every kind of column, with everything that may stand in one.
private struct OddTable: FileTable {
  static let jsonSchema = "test/1"
  let columns = [
    FileColumn("name", .text), FileColumn("x", .number), FileColumn("n", .whole), FileColumn("d", .day),
    FileColumn("y", .number), FileColumn("ok", .flag),
  ]
  let rowCount = 5000
  let jsonMembers: [(name: String, value: String?)] = []
  private static let names = [
    "A", "twelve bytes", "thirteen byte", "王芳", "王芳 🚗 from far away", "a, \"b\"", nil,
  ]

  func emitRows<Sink: RowSink & ~Copyable>(_ rows: Range<Int>, to sink: inout Sink) {
    for row in rows {
      sink.text(Self.names[row % Self.names.count])
      sink.exact(row % 3 == 0 ? nil : row % 5 == 0 ? .infinity : row % 11 == 0 ? .nan : 1 / Double(row))
      sink.integer(row % 4 == 0 ? nil : -row)
      sink.day(row % 6 == 0 ? nil : Day(Int32(18_000 + row)))
      sink.exact(Double(row) / 100)
      sink.flag(row % 9 == 0 ? nil : row % 2 == 0)
      sink.endRow()
    }
  }

  func write(to path: String, protecting inputs: [String]) throws(ReportError) {
    try writeTable(to: path, protecting: inputs)
  }
}
