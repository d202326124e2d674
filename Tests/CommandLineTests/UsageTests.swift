import Foundation
import Testing

@Suite("Wrong usage")
struct UsageTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let line: String
    let says: String
    var testDescription: String { line }
  }

  static let cases = [
    Case(line: "check --unknown x --data data", says: "--unknown"),
    Case(line: "nonsense", says: "nonsense"),
    Case(line: "check", says: "--data <dir>"),
    Case(line: "simulate --customers 0 --out new", says: "customers must be 1 to 10,000,000"),
    Case(line: "simulate --customers 10 --dirt 0.5 --out new", says: "dirt must be 0 to 0.2"),
    Case(line: "train --data data --label soon", says: "fixed:N"),
    Case(line: "train --data data --horizon 5", says: "30 to 1095"),
    Case(line: "train --data data --firth --penalty 0.1", says: "leave --penalty out"),
    Case(line: "train --data data --firth --expected-directions", says: "exclude each other"),
    Case(line: "train --data data --profile", says: "belongs to --firth"),
    Case(
      line: "train --data data --expected-directions --label target:buys", says: "not on a declared target"),
    Case(line: "train --data data --name A/b", says: "cannot name a model"),
    Case(line: "train --data data --as-of 2030-01-01", says: "the data end on"),
    Case(line: "at-risk --data data --as-of 2024-13-01", says: "yyyy-mm-dd"),
    Case(line: "at-risk --data data --top 0", says: "--top"),
    Case(line: "at-risk --data data --tier best", says: "'vip', 'main', 'ordinary' or 'small'"),
    Case(line: "at-risk --data data --model sample --dealer NO", says: "Known stores: D1000"),
    Case(line: "at-risk --data data --model sample --out list.doc", says: ".csv, .json, .parquet or .html"),
    Case(line: "segment --data data --out list.doc", says: ".csv"),
    Case(line: "segment", says: "'--data <dir>' or '--table <file>'"),
    Case(line: "segment --data data --customer id", says: "--customer has no meaning with --data"),
    Case(line: "segment --table data/visits.csv --active", says: "--active has no meaning with --table"),
    Case(line: "segment --data data --matrix m.csv", says: "--matrix belongs to --compare-to"),
    Case(
      line: "segment --data data --as-of 2025-06-30 --compare-to 2025-06-30", says: "must lie before --as-of"),
    Case(line: "segment --data data --compare-to 2030-01-01", says: "must lie before the as-of date"),
    Case(line: "segment --data data --bins 1", says: "--bins must be 2 to 9"),
    Case(line: "segment --data data --bins 4", says: "made for 5 bins, not for 4"),
    Case(line: "segment --data data --recency-cuts 1,2,3", says: "gives 3 cut-offs, which make 4 bins"),
    Case(line: "segment --data data --recency-cuts 3,2,1,0", says: "--recency-cuts"),
    Case(line: "at-risk --data data --rank-by luck", says: "'amount', 'risk' or 'value'"),
    Case(line: "features --data data --out list.txt", says: ".csv"),
    Case(line: "features --out list.csv", says: "--out needs --data"),
    Case(line: "features --data data", says: "--data needs --out"),
    Case(line: "schema visit", says: "Did you mean `visits`?"),
    Case(line: "models show sample@x", says: "churn@3"),
    Case(line: "at-risk --data data --model sample --out data/visits.csv", says: "is the input"),
    Case(line: "segment --data data --out ./data/../data/visits.csv", says: "is the input"),
    Case(line: "features --data data --out data/visits.csv", says: "is the input"),
  ]

  @Test("wrong usage ends with 64, says what is right, writes nothing", arguments: cases)
  func wrongUsage(_ example: Case) throws {
    let revisit = try SampleGroup.copy()
    let before = try revisit.read("data/visits.csv")
    let run = try revisit(example.line)
    #expect(run.status == 64)
    #expect(run.talk.contains(example.says), "\(run.talk)")
    #expect(run.output.isEmpty)
    #expect(try revisit.names() == ["data", "models"])
    #expect(try revisit.read("data/visits.csv") == before)
    #expect(try revisit.leftovers().isEmpty)
  }

  static let unwritable = [
    "at-risk --data data --model sample --out no/list.csv",
    "segment --data data --out no/list.csv",
    "features --data data --out no/list.parquet",
    "simulate --customers 10 --out data",
    "simulate --customers 10 --out data/visits.csv/below",
    "train --data data --models data/visits.csv",
  ]

  @Test("an output that cannot be written ends with 73 and leaves nothing", arguments: unwritable)
  func unwritableOutput(line: String) throws {
    let revisit = try SampleGroup.copy()
    let before = try revisit.names("data")
    let run = try revisit(line)
    #expect(run.status == 73, "\(run.talk)")
    #expect(!run.talk.isEmpty)
    #expect(run.output.isEmpty)
    #expect(try revisit.names() == ["data", "models"])
    #expect(try revisit.names("data") == before)
    #expect(try revisit.leftovers().isEmpty)
  }
}
