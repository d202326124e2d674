import Foundation
import Testing

@Suite("Signals", .serialized)
struct SignalTests {
  /// Data that take long enough to be interrupted: made once, copied by every case.
  private static let lakeside = made("simulate --customers 4000 --layout lakeside --out gb")
  private static let canonical = made("simulate --customers 5000 --out data")

  private static func made(_ line: String) -> Result<Revisit, any Error> {
    Result {
      let revisit = try Revisit()
      let run = try revisit(line)
      try #require(run.status == 0, "\(run.talk)")
      return revisit
    }
  }

  private static func copy(_ made: Result<Revisit, any Error>, _ name: String) throws -> Revisit {
    let own = try Revisit()
    try FileManager.default.copyItem(at: try made.get().path(name), to: own.path(name))
    return own
  }

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
    let revisit = try Self.copy(Self.lakeside, "gb")
    for line in ["check --data gb", "train --data gb", "at-risk --data gb --out list.csv"] {
      try interrupt(revisit, line, signal) { (try? revisit.leftovers().count) ?? 0 >= 2 }
    }
  }

  @Test(
    "an interrupted file is gone, and the file that stood there is as it was", arguments: ["csv", "parquet"])
  func output(format: String) throws {
    let revisit = try Self.copy(Self.canonical, "data")
    try revisit.write("f.\(format)", "as it was")
    let dates = "2024-01-01,2024-07-01,2025-01-01,2025-07-01,2026-01-01"
    try interrupt(revisit, "features --data data --as-of \(dates) --out f.\(format)", SIGINT) {
      (try? revisit.names().contains { $0.hasSuffix(".partial") }) ?? false
    }
    #expect(try revisit.read("f.\(format)") == Data("as it was".utf8))
  }
}
