import Foundation
import Testing

@Suite("Signals", .serialized)
struct SignalTests {
  private func interrupt(
    _ revisit: Revisit, _ line: String, _ signal: Int32, when isReady: @escaping () -> Bool
  ) throws {
    let before = try revisit.names()
    let run = try revisit(
      line.split(separator: " ").map(String.init), signal: (number: signal, isReady: isReady))
    #expect(run.wasKilled, "\(line) ended with \(run.status) before the signal: \(run.talk)")
    #expect(run.status == signal)
    #expect(run.talk.isEmpty)
    #expect(try revisit.names() == before, "\(line)")
    #expect(try revisit.leftovers().isEmpty, "\(line)")
  }

  @Test("an interrupted simulation leaves no folder", arguments: [SIGINT, SIGTERM])
  func simulate(signal: Int32) throws {
    let revisit = try Revisit()
    try interrupt(revisit, "simulate --customers 60000 --out new", signal) {
      FileManager.default.fileExists(atPath: revisit.path("new/simulation.partial/work.duckdb").path)
    }
  }

  @Test("commands that transcode GB18030 leave no readable copy of it", arguments: [SIGINT, SIGTERM])
  func twin(signal: Int32) throws {
    let revisit = try SampleGroup.copy()
    #expect(try revisit("simulate --customers 4000 --layout lakeside --out gb").status == 0)
    for line in ["check --data gb", "train --data gb", "at-risk --data gb --out list.csv"] {
      try interrupt(revisit, line, signal) { (try? revisit.leftovers().count) ?? 0 >= 2 }
    }
  }

  @Test(
    "an interrupted file is gone, and the file that stood there is as it was", arguments: ["csv", "parquet"])
  func output(format: String) throws {
    let revisit = try Revisit()
    #expect(try revisit("simulate --customers 5000 --out data").status == 0)
    try revisit.write("f.\(format)", "as it was")
    let dates = "2024-01-01,2024-07-01,2025-01-01,2025-07-01,2026-01-01"
    try interrupt(revisit, "features --data data --as-of \(dates) --out f.\(format)", SIGINT) {
      (try? revisit.names().contains { $0.hasSuffix(".partial") }) ?? false
    }
    #expect(try revisit.read("f.\(format)") == Data("as it was".utf8))
  }
}
