import DuckDB
import Foundation
import Histories
import Testing

@testable import Simulation

@Suite("Simulated files")
struct FileTests {
  private func write(_ options: SimulationOptions) throws -> (TemporaryFolder, SimulationSummary) {
    let folder = try TemporaryFolder()
    return (folder, try Simulator(options: options).write(to: folder.url))
  }

  /// Text cells of a query over a folder's files, row by row.
  private func rows(_ sql: String, in folder: URL) throws -> [[String?]] {
    let connection = try Database().connect()
    try connection.execute("SET file_search_path = '\(folder.path)'")
    let result = try connection.query("SELECT COLUMNS(*)::VARCHAR FROM (\(sql))")
    let width = result.columnNames.count
    var rows: [[String?]] = []
    try result.forEachChunk { chunk in
      for row in 0..<chunk.rowCount { rows.append((0..<width).map { chunk.column($0).string(row) }) }
    }
    return rows
  }

  /// Several groups of customers, the last one not full.
  private static let someCustomers = 4 * GroupGenerator.size + 44

  @Test(
    "one seed gives identical bytes in every file, another seed does not",
    arguments: [
      SimulationOptions(customers: someCustomers, seed: 1, format: .parquet, dirt: 0.02),
      SimulationOptions(customers: someCustomers, seed: 1, format: .csv, dirt: 0.02),
      SimulationOptions(customers: someCustomers, seed: 1, layout: .dealerSystem),
    ])
  func determinism(_ options: SimulationOptions) throws {
    let first = try write(options).0.contents()
    let second = try write(options).0.contents()
    #expect(first == second)
    var other = options
    other.seed = 2
    let third = try write(other).0.contents()
    #expect(Set(third.keys) == Set(first.keys))
    for (path, bytes) in first where path.contains("visits") || path.contains("维修工单") {
      #expect(third[path] != bytes)
    }
  }

  @Test("the summary counts the rows that are in the files, and nothing else is left in the folder")
  func summary() throws {
    let (folder, summary) = try write(SimulationOptions(customers: 200, seed: 4))
    for table in summary.tables {
      let count = try rows("SELECT count(*) FROM '\(table.file.lastPathComponent)'", in: folder.url)
      #expect(count == [[String(table.rows)]])
    }
    let present = Set(try FileManager.default.contentsOfDirectory(atPath: folder.url.path))
    #expect(present == Set(summary.files.map(\.lastPathComponent)))
    #expect(summary.visits > 500)
  }

  @Test("visits are in the order of their dates, and every reference leads somewhere")
  func references() throws {
    let (folder, _) = try write(SimulationOptions(customers: 400, seed: 5))
    let times = try rows("SELECT opened_at FROM 'visits.parquet'", in: folder.url).map { $0[0] ?? "" }
    #expect(times == times.sorted())
    for (table, column, other) in [
      ("visits", "customer_id", "customers"), ("visits", "vin", "vehicles"),
      ("visit_items", "visit_id", "visits"),
      ("visits", "adviser_id", "advisers"), ("visits", "dealer_id", "dealers"),
      ("surveys", "visit_id", "visits"),
      ("ownerships", "vin", "vehicles"), ("purchases", "customer_id", "customers"),
      ("truth", "customer_id", "customers"), ("contacts", "vin", "vehicles"),
      ("insurance", "vin", "vehicles"), ("prospects", "customer_id", "customers"),
    ] {
      let orphans = try rows(
        """
        SELECT count(*) FROM '\(table).parquet' AS t WHERE t.\(column) IS NOT NULL
        AND t.\(column) NOT IN (SELECT \(column) FROM '\(other).parquet')
        """, in: folder.url)
      #expect(orphans == [["0"]], "\(table).\(column)")
    }
  }

  @Test("GB18030 files hold the same text as UTF-8 files")
  func encoding() throws {
    let options = SimulationOptions(customers: 200, seed: 6, format: .csv)
    var chinese = options
    chinese.encoding = .gb18030
    let plain = try write(options).0.contents()
    let encoded = try write(chinese).0
    for (path, bytes) in try encoded.contents() where path.hasSuffix(".csv") {
      let decoded = try decode(encoded.url.appendingPathComponent(path))
      #expect(decoded == plain[path], "\(path)")
      if path == "customers.csv" { #expect(bytes != plain[path]) }
    }
  }

  @Test("the dealer system's mapping reads every one of its files back to canonical words")
  func mapping() throws {
    let options = SimulationOptions(customers: 400, seed: 8, dirt: 0, layout: .dealerSystem)
    let (folder, summary) = try write(options)
    for form in DealerSystemExport.forms(options) {
      let file = folder.url.appendingPathComponent(form.path)
      try decode(file).write(to: file)
      let sql = form.mappingLines.joined(separator: "\n")
      let found = try rows(sql, in: folder.url)
      #expect(!found.isEmpty && found[0].count == form.columns.count)
      if form.file == "维修工单" {
        #expect(found.count == summary.visits)
        let classes = Set(
          try rows("SELECT DISTINCT classes FROM (\(sql))", in: folder.url).compactMap { $0[0] })
        #expect(classes.isSubset(of: CodeWords.classes) && classes.contains("maintenance|repair"))
        let unmapped = try rows(
          "SELECT count(*) FROM (\(sql)) WHERE classes IS NULL OR status IS NULL OR opened_at IS NULL",
          in: folder.url)
        #expect(unmapped == [["0"]])
      }
    }
  }

  @Test("the sample group in the repository is, byte for byte, what the command in its description makes")
  func sample() throws {
    let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("datasets/lakeside")
    let made = try write(SimulationOptions(customers: 3000, seed: 20_260_630, layout: .dealerSystem)).0
    for (path, bytes) in try made.contents() {
      let kept = try Data(contentsOf: sample.appendingPathComponent(path))
      #expect(bytes == kept, "\(path)")
    }
    let kept = try FileManager.default.subpathsOfDirectory(atPath: sample.path).filter { $0.contains(".") }
    #expect(Set(kept) == Set(try made.contents().keys).union(["README.md"]))
  }

  @Test("unreadable bytes are in the CSV files of a dirty run and in no clean one")
  func unreadableBytes() throws {
    let clean = try write(SimulationOptions(customers: 200, seed: 7, format: .csv)).0.contents()
    let dirty = try write(SimulationOptions(customers: 200, seed: 7, format: .csv, dirt: 0.2)).0.contents()
    #expect(clean["customers.csv"]?.contains(0xFF) == false)
    #expect(dirty["customers.csv"]?.contains(0xFF) == true)
  }

  @Test("the outcome of a window that ends after the data is not told")
  func censoring() throws {
    let (folder, _) = try write(SimulationOptions(customers: 400, seed: 10))
    let told = try rows(
      """
      SELECT count(lapsed) FROM 'truth.parquet' WHERE as_of + horizon_days > DATE '2026-06-30' OR natural_loss
      """, in: folder.url)
    #expect(told == [["0"]])
    let known = try rows("SELECT count(lapsed) > 100 FROM 'truth.parquet'", in: folder.url)
    #expect(known == [["true"]])
  }

  @Test("a folder that holds files is refused and left as it is")
  func nonEmptyFolder() throws {
    let folder = try TemporaryFolder()
    try Data("mine".utf8).write(to: folder.url.appendingPathComponent("notes.txt"))
    let simulator = try Simulator(options: SimulationOptions(customers: 10, seed: 1))
    let error = #expect(throws: SimulationError.self) { try simulator.write(to: folder.url) }
    #expect(error?.code == .folderNotEmpty)
    #expect(try folder.contents().keys.sorted() == ["notes.txt"])
  }

  @Test("what an interrupted run left behind is cleared away")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    let partial = folder.url.appendingPathComponent("simulation.partial")
    try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
    try Data("half".utf8).write(to: partial.appendingPathComponent("visits.parquet"))
    _ = try Simulator(options: SimulationOptions(customers: 10, seed: 1)).write(to: folder.url)
    #expect(!FileManager.default.fileExists(atPath: partial.path))
  }

  @Test("options out of range are refused by name")
  func options() {
    for (options, name) in [
      (SimulationOptions(customers: 0, seed: 1), "customers"),
      (SimulationOptions(customers: 1, seed: 1, dirt: 0.3), "dirt"),
      (SimulationOptions(customers: 1, seed: 1, years: 20), "years"),
      (SimulationOptions(customers: 1, seed: 1, until: Day(year: 2050, month: 1, day: 1)), "until"),
      (SimulationOptions(customers: 1, seed: 1, asOf: [Day(year: 2001, month: 1, day: 1)]), "as-of"),
      (SimulationOptions(customers: 1, seed: 1, format: .parquet, encoding: .gb18030), "GB18030"),
    ] {
      let error = #expect(throws: SimulationError.self) { try Simulator(options: options) }
      #expect(error?.code == .invalidOption)
      #expect(error?.message.contains(name) == true)
    }
  }
}

/// A GB18030 file as UTF-8.
private func decode(_ file: URL) throws -> Data {
  var source = [UInt8](try Data(contentsOf: file))
  var target = [UInt8](repeating: 0, count: source.count * 2)
  let converter = iconv_open("UTF-8", "GB18030")
  defer { iconv_close(converter) }
  let left = source.withUnsafeMutableBytes { source in
    target.withUnsafeMutableBytes { target -> Int in
      var input = source.baseAddress?.assumingMemoryBound(to: CChar.self)
      var inputLeft = source.count
      var output = target.baseAddress?.assumingMemoryBound(to: CChar.self)
      var outputLeft = target.count
      _ = iconv(converter, &input, &inputLeft, &output, &outputLeft)
      return inputLeft == 0 ? outputLeft : target.count
    }
  }
  return Data(target[..<(target.count - left)])
}
