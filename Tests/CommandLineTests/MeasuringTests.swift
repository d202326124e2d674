import Foundation
import Testing

@Suite("Measuring features")
struct MeasuringTests {
  @Test("--measure computes the rows that --out writes, and leaves no file")
  func rows() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let dates = "--as-of 2024-12-31,2025-06-30"
    let measured = try revisit("features --data data \(dates) --measure matrix").json
    #expect(try revisit.names() == ["data", "models"])
    #expect(measured["events"] == nil)
    let written = try revisit("features --data data \(dates) --out f.csv --json").json
    let rows = try #require((measured["rows"] as? [String: Any])?["rows"] as? Int)
    #expect(rows > 0 && rows == written["rows"] as? Int)
    #expect(Set((measured["seconds"] as? [String: Any] ?? [:]).keys) == ["load", "features"])
  }

  @Test("an event counts once for any number of dates, and not before it happened")
  func events() throws {
    let revisit = try SampleGroup.copy(.parquet)
    func measure(_ dates: String) throws -> [String: Any] {
      try revisit("features --data data --as-of \(dates) --measure sweep").json
    }
    let one = try measure("2025-06-30")
    let two = try measure("2024-12-31,2025-06-30")
    let early = try measure("2024-12-31")
    let events = try [one, two, early].map { try #require($0["events"] as? [String: Int]) }
    #expect(events[0] == events[1])
    for table in ["orders", "surveys", "contacts"] {
      #expect((events[2][table] ?? 0) > 0)
      #expect((events[2][table] ?? 0) < (events[0][table] ?? 0))
    }
    #expect((one["column_bytes"] as? Int ?? 0) > 0)
    #expect(one["column_bytes"] as? Int == early["column_bytes"] as? Int)
    let sums = try #require(two["sweeps"] as? [[String: Any]]).map { $0["sum"] as? String }
    #expect(sums.count == 2 && sums[0] != nil && sums[0] == sums[1])
  }

  @Test(
    "--measure goes with --data and --as-of only",
    arguments: [
      ("features --measure matrix", "--measure needs --data"),
      ("features --data data --measure matrix --out f.csv", "--measure goes with"),
      ("features --data data --measure sweep --describe", "--measure goes with"),
    ])
  func wrongUsage(_ line: String, _ says: String) throws {
    let revisit = try SampleGroup.copy(.parquet)
    let run = try revisit(line)
    #expect(run.status == 64 && run.talk.contains(says))
  }
}
