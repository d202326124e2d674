import DuckDB
import Foundation
import Simulation
import Testing

@testable import Histories

@Suite("Prospects, which only the check reads")
struct ProspectCheckTests {
  private func check(_ path: String) throws -> LoadReport {
    var options = Histories.LoadOptions()
    options.checksEveryTable = true
    return try Histories.load(path, options: options).report
  }

  @Test("every doubtful row or cell is counted with its place")
  func findings() throws {
    let files = try SmallGroup.files([
      "prospects.csv": """
      prospect_id,created_at,phone,budget,intent,verified_at,test_drive_on,bought_on,customer_id,current_age_years
      L1,2024-01-05 10:00:00,13912345678,120000,interested,2024-01-05 11:00:00,2024-01-07,2024-02-01,C1,3.5
      L2,2024-01-05 10:00:00,13800000000,-1,keen,2024-01-05 09:00:00,2024-01-04,2024-01-04,C9,-2
      L3,someday,+86 139 1234 5678,120000,never,,,,,
      ,2024-01-05,,,,,,,,
      L5,,,,,,,,,
      L1,2024-01-06 10:00:00,,a lot,,,,2024-02-01,,
      L7,2099-01-01,,,,,,,,
      l7,2024-01-08,,,,,,,,
      """ + "\n"
    ])
    let report = try check(files.path)
    let lines = report.lines.filter { $0.hasPrefix("prospects|") }
    let expected = [
      "customer_id: not among the customers|missing|1|prospects.csv:2:customer_id",
      "bought_on: before created_at|missing|1|prospects.csv:2:bought_on",
      "test_drive_on: before created_at|missing|1|prospects.csv:2:test_drive_on",
      "verified_at: before created_at|missing|1|prospects.csv:2:verified_at",
      "intent: unknown|missing|1|prospects.csv:2:intent",
      "budget: negative|missing|1|prospects.csv:2:budget",
      "current_age_years: negative|missing|1|prospects.csv:2:current_age_years",
      "phone: a dummy|missing|1|prospects.csv:2:phone",
      "created_at: unreadable time|dropped|1|prospects.csv:3:created_at",
      "prospect_id is missing|dropped|1|prospects.csv:4:prospect_id",
      "created_at is missing|dropped|1|prospects.csv:5:created_at",
      "budget: unreadable number|missing|1|prospects.csv:6:budget",
      "bought, but customer_id is missing|noted|1|prospects.csv:6:customer_id",
      "prospect_id stands twice|dropped|1|prospects.csv:6:prospect_id",
      "dated more than 31 days after the end of the data|noted|1|",
    ].map { "prospects|\($0)" }
    #expect(Set(lines) == Set(expected))
    let table = try #require(report.tables.first { $0.table == "prospects" })
    #expect(table.rows == 8 && table.used == 4)
  }

  @Test("loading for other ends does not read them, and nobody misses them")
  func onlyInChecks() throws {
    let files = try SmallGroup.files(["prospects.csv": "prospect_id,created_at\nL1,someday\n"])
    let report = try files.load().report
    #expect(!report.tables.contains { $0.table == "prospects" })
    #expect(!report.findings.contains { $0.table == "prospects" })
    let other = try SmallGroup.files()
    let without = try check(other.path)
    #expect(!without.tables.contains { $0.table == "prospects" })
    #expect(!without.absentTables.contains("prospects"))
  }

  @Test("what the simulator spoils is counted, one for one")
  func simulated() throws {
    let files = try DataFiles()
    let folder = files.url.appendingPathComponent("data")
    _ = try Simulator(options: SimulationOptions(customers: 1000, seed: 12, dirt: 0.1)).write(to: folder)
    let report = try check(folder.path)
    let connection = try Database().connect()
    try connection.execute(
      """
      CREATE TABLE p AS SELECT *, TRY_CAST(created_at AS TIMESTAMP) AS asked,
        TRY_CAST(budget AS DOUBLE) AS amount FROM read_parquet('\(folder.path)/prospects.parquet')
      """)
    func number(_ sql: String) throws -> Int {
      let result = try connection.query(sql)
      var number = 0
      try result.forEachChunk { chunk in
        if chunk.rowCount > 0 { number = Int(chunk.column(0).values(as: Int64.self)[0]) }
      }
      return number
    }
    let usable = "asked > TIMESTAMP '1900-01-02'"
    let unknown =
      "customer_id NOT IN (SELECT customer_id FROM read_parquet('\(folder.path)/customers.parquet'))"
    for (reason, condition) in [
      ("created_at: unreadable time", "asked IS NULL"),
      ("created_at is missing", "asked < TIMESTAMP '1900-01-02'"),
      ("customer_id: not among the customers", "\(usable) AND \(unknown)"),
      ("bought_on: before created_at", "\(usable) AND bought_on < asked::DATE"),
      ("budget: negative", "\(usable) AND amount < 0"),
      ("budget: unreadable number", "budget IS NOT NULL AND amount IS NULL"),
      ("phone: a dummy", "\(usable) AND regexp_matches(phone, '^(138|111|000)?(0+|1+|8+)$')"),
    ] {
      let wanted = try number("SELECT count(*) FROM p WHERE \(condition)")
      #expect(wanted > 3 && report.count(of: reason, in: "prospects") == wanted, "\(reason)")
    }
    let twins = report.count(of: "prospect_id stands twice", in: "prospects")
    let wanted = try number("SELECT count(*) - count(DISTINCT prospect_id) FROM p WHERE \(usable)")
    #expect(twins > 10 && twins == wanted)
  }
}
