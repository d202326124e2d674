import Foundation
import Testing

/// `score --data` as a batch job, and what a run that is killed at its end leaves.
@Suite("Batch scoring of histories", .serialized)
struct BatchScoreDataTests {
  private static let score = "score --model sample --data data"

  private func parts(_ revisit: Revisit, _ output: String) -> Int {
    ((try? revisit.names("\(output).staging")) ?? []).count { $0.hasPrefix("part-") }
  }

  @Test("parts give the same bytes as one part, in every format", arguments: ["csv", "json", "parquet"])
  func parts(_ format: String) throws {
    let revisit = try SampleGroup.copy(.parquet)
    #expect(try revisit("\(Self.score) --out a.\(format)").status == 0)
    let run = try revisit("\(Self.score) --out b.\(format) --part-rows 37 --json")
    #expect(run.status == 0, "\(run.talk)")
    #expect(try revisit.read("a.\(format)") == revisit.read("b.\(format)"))
    #expect(try !revisit.names().contains { $0.hasSuffix(".staging") || $0.hasSuffix(".partial") })
  }

  @Test("a run that is killed goes on with what is finished and writes the same bytes", arguments: [1, 3])
  func kills(_ finished: Int) throws {
    let revisit = try SampleGroup.copy(.parquet)
    #expect(try revisit("\(Self.score) --out whole.csv").status == 0)
    let line = "\(Self.score) --out s.csv --part-rows 20"
    let killed = try revisit(
      line.split(separator: " ").map(String.init),
      signal: (number: SIGKILL, isReady: { parts(revisit, "s.csv") >= finished }))
    #expect(killed.wasKilled, "\(killed.talk)")
    #expect(try !revisit.names().contains("s.csv"))
    let dry = try revisit("\(line) --dry-run --json").json
    #expect(dry["unfinished_run"] as? Bool == true)
    let other = try revisit("\(line) --resume --as-of 2024-01-01")
    #expect(other.status == 64 && other.talk.contains("--as-of"), "\(other.talk)")
    let resumed = try revisit("\(line) --resume")
    #expect(resumed.status == 0, "\(resumed.talk)")
    #expect(try revisit.read("s.csv") == revisit.read("whole.csv"))
    let record = try #require(
      try JSONSerialization.jsonObject(with: revisit.read("s.csv.run.json")) as? [String: Any])
    #expect(record["resumed_rows"] as? Int ?? 0 >= 20 * (finished - 1))
    #expect(try !revisit.names().contains("s.csv.staging"))
  }

  @Test(
    "a run that is killed while its file is put together leaves nothing beside it, and goes on to the same bytes"
  )
  func killedAtTheEnd() throws {
    let revisit = try Revisit()
    func table(_ rows: Range<Int>, label: Bool) -> String {
      var lines = ["id,age" + (label ? ",left" : "")]
      for row in rows {
        let age = row * 7919 % 83
        lines.append("k\(row),\(age)" + (label ? ",\((age + row * 31 % 40) > 60 ? 1 : 0)" : ""))
      }
      return lines.joined(separator: "\n") + "\n"
    }
    try revisit.write("train.csv", table(0..<400, label: true))
    try revisit.write("new.csv", table(0..<60_000, label: false))
    #expect(try revisit("train --table train.csv --label left --id id --name age").status == 0)
    #expect(try revisit("score --model age --table new.csv --out whole.json").status == 0)
    let before = Set(try revisit.names())
    let line = "score --model age --table new.csv --out s.json"
    var wasSeen = false
    for _ in 0..<10 where !wasSeen {
      let run = try revisit(
        line.split(separator: " ").map(String.init),
        signal: (
          number: SIGKILL,
          isReady: {
            ((try? revisit.names("s.json.staging")) ?? []).contains {
              $0.hasPrefix("s.json.") && $0.hasSuffix(".partial")
            }
          }
        ))
      wasSeen = run.wasKilled
      if wasSeen { #expect(try Set(revisit.names()).subtracting(before) == ["s.json.staging"]) }
    }
    #expect(wasSeen)
    #expect(try revisit("\(line) --resume").status == 0)
    #expect(try revisit.read("s.json") == revisit.read("whole.json"))
    #expect(try Set(revisit.names()).subtracting(before) == ["s.json", "s.json.run.json"])
  }
}
