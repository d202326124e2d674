import Foundation
import Testing

/// `score --table` as a batch job: in parts, ended at any moment, gone on with.
@Suite("Batch scoring", .serialized)
struct BatchScoreTests {
  private static let rows = 3000

  /// `churn` trained with intervals, and `new.csv` with missing and unseen values.
  private static let made = Result<Revisit, any Error> {
    let revisit = try Revisit()
    func table(_ range: Range<Int>, label: Bool) -> String {
      var lines = ["id,age,amount,city,member" + (label ? ",left" : "")]
      for row in range {
        let (age, city) = (row * 7919 % 83, ["Nord", "Süd", "West"][row * 31 % 7 % 3])
        let risk = (age * 3 + (city == "West" ? 90 : 0) + row * 104_729 % 200) % 400
        let written = row % 11 == 0 ? "" : "\(age)"
        let place = !label && row % 17 == 0 ? "Mars" : city
        lines.append(
          "k\(row),\(written),\"\(row * 13 % 5),\(100 + row * 37 % 900).5\",\(place),\(row % 3 == 0 ? "yes" : "no")"
            + (label ? ",\(risk > 180 ? 1 : 0)" : ""))
      }
      return lines.joined(separator: "\n") + "\n"
    }
    try revisit.write("train.csv", table(0..<1200, label: true))
    try revisit.write("new.csv", table(5000..<5000 + rows, label: false))
    let run = try revisit("train --table train.csv --label left --id id --name churn --intervals")
    try #require(run.status == 0, "\(run.talk)")
    return revisit
  }

  private static func copy() throws -> Revisit {
    let own = try Revisit()
    for name in ["models", "new.csv"] {
      try FileManager.default.copyItem(at: try made.get().path(name), to: own.path(name))
    }
    return own
  }

  /// Writes the table again under another name, with one line changed.
  private static func replaceRow2001(by line: String, as name: String, _ revisit: Revisit) throws {
    var lines = String(decoding: try revisit.read("new.csv"), as: UTF8.self).split(separator: "\n").map(
      String.init)
    lines[2001] = line
    try revisit.write(name, lines.joined(separator: "\n") + "\n")
  }

  private static let score = "score --model churn --table new.csv"

  @Test(
    "parts give the same bytes as one part, in every format, with and without intervals",
    arguments: [
      "csv", "json", "parquet",
    ])
  func parts(_ format: String) throws {
    let revisit = try Self.copy()
    for more in ["", " --interval 0.9"] {
      let whole = try revisit("\(Self.score) --out a.\(format)\(more)")
      #expect(whole.status == 0, "\(whole.talk)")
      let parts = try revisit("\(Self.score) --out b.\(format) --part-rows 700\(more)")
      #expect(parts.status == 0, "\(parts.talk)")
      #expect(try revisit.read("a.\(format)") == revisit.read("b.\(format)"))
    }
    #expect(try !revisit.names().contains { $0.hasSuffix(".staging") || $0.hasSuffix(".partial") })
  }

  @Test(
    "a run that is killed goes on with what is finished and writes the same bytes", arguments: [0, 4, 9])
  func kills(_ finished: Int) throws {
    let revisit = try Self.copy()
    _ = try revisit("\(Self.score) --out whole.csv")
    let line = "\(Self.score) --out s.csv --part-rows 150"
    let killed = try revisit(
      line.split(separator: " ").map(String.init),
      signal: (
        number: SIGKILL,
        isReady: {
          let names = (try? revisit.names("s.csv.staging")) ?? []
          return names.count { $0.hasPrefix("part-") && !$0.hasSuffix(".partial") } >= finished
            && names.contains("journal.json")
        }
      ))
    #expect(killed.wasKilled, "\(killed.talk)")
    #expect(try !revisit.names().contains("s.csv") && !revisit.names().contains("s.csv.run.json"))
    let resumed = try revisit("\(line) --resume --json")
    #expect(resumed.status == 0, "\(resumed.talk)")
    #expect(try revisit.read("s.csv") == revisit.read("whole.csv"))
    #expect(try !revisit.names().contains("s.csv.staging"))
    let record = try #require(
      try JSONSerialization.jsonObject(with: revisit.read("s.csv.run.json")) as? [String: Any])
    #expect((record["resumed_rows"] as? Int ?? -1) >= finished * 150 && record["rows"] as? Int == Self.rows)
  }

  @Test("a part that is cut off or damaged is made again")
  func damage() throws {
    let revisit = try Self.copy()
    _ = try revisit("\(Self.score) --out whole.csv")
    let line = "\(Self.score) --out s.csv --part-rows 400"
    _ = try revisit(
      line.split(separator: " ").map(String.init),
      signal: (
        number: SIGKILL,
        isReady: { ((try? revisit.names("s.csv.staging")) ?? []).contains("part-000003") }
      ))
    let part = try revisit.read("s.csv.staging/part-000001")
    try part.prefix(part.count / 2).write(to: revisit.path("s.csv.staging/part-000001"))
    #expect(try revisit("\(line) --resume").status == 0)
    #expect(try revisit.read("s.csv") == revisit.read("whole.csv"))
  }

  @Test("what was started with something else is refused in words, and may be started anew")
  func otherRuns() throws {
    let revisit = try Self.copy()
    let line = "\(Self.score) --out s.csv --part-rows 400"
    func leave() throws {
      let run = try revisit(
        line.split(separator: " ").map(String.init),
        signal: (
          number: SIGKILL,
          isReady: { ((try? revisit.names("s.csv.staging")) ?? []).contains("part-000000") }
        ))
      try #require(run.wasKilled)
    }
    try leave()
    let interval = try revisit("\(line) --resume --interval 0.9")
    #expect(interval.status == 64 && interval.talk.contains("--interval"), "\(interval.talk)")
    try revisit.write(
      "new.csv", String(decoding: revisit.read("new.csv"), as: UTF8.self) + "k1,1,\"1,100.5\",Nord,no\n")
    let data = try revisit("\(line) --resume")
    #expect(data.status == 64 && data.talk.contains("data with other contents"), "\(data.talk)")
    #expect(try revisit.names("s.csv.staging").contains("part-000000"))
    let anew = try revisit(line)
    #expect(anew.status == 0 && anew.talk.contains("--resume would have gone on with it"), "\(anew.talk)")
    #expect(try !revisit.names().contains("s.csv.staging"))
  }

  @Test("the record says which model and data, what was missing, and how long it took")
  func record() throws {
    let revisit = try Self.copy()
    #expect(try revisit("\(Self.score) --out s.csv --part-rows 1000").status == 0)
    let record = try #require(
      try JSONSerialization.jsonObject(with: revisit.read("s.csv.run.json")) as? [String: Any])
    #expect(record["schema"] as? String == "revisit.score-run/1")
    let model = try #require(record["model"] as? [String: Any])
    #expect(model["name"] as? String == "churn@1" && (model["sha256"] as? String)?.count == 64)
    let data = try #require(record["data"] as? [String: Any])
    #expect(data["bytes"] as? Int == (try revisit.read("new.csv").count))
    #expect((record["missing"] as? [String: Int])?["age"] ?? 0 > 200)
    #expect((record["unseen"] as? [String: Int])?["city"] == (5000..<5000 + Self.rows).count { $0 % 17 == 0 })
    #expect((record["seconds"] as? [String: Double])?["all"] ?? 0 > 0)
  }

  @Test("a dry run says what would be done and does nothing")
  func dryRun() throws {
    let revisit = try Self.copy()
    let before = try revisit.names()
    let run = try revisit("\(Self.score) --out s.csv --dry-run --json")
    #expect(run.status == 0, "\(run.talk)")
    let json = try run.json
    #expect(json["schema"] as? String == "revisit.score-plan/1" && json["columns_missing"] as? [String] == [])
    try revisit.write("short.csv", "id,age\n1,2\n")
    let missing = try revisit("score --model churn --table short.csv --out s.csv --dry-run")
    #expect(missing.status == 0 && missing.output.contains("city"), "\(missing.output)")
    #expect(try Set(revisit.names()) == Set(before + ["short.csv"]))
  }

  @Test("what cannot be written or scored is said before anything is, and leaves nothing to go on with")
  func nothingFinished() throws {
    let revisit = try Self.copy()
    try revisit.write("bare.csv", "id,age,amount,city,member\n")
    let before = try revisit.names()
    for (line, status, words) in [
      ("score --model churn --table bare.csv --out s.csv", 65, "holds no row"),
      ("\(Self.score) --out none/s.csv", 73, "there is no folder"),
      ("\(Self.score) --out s.xls", 64, "write this table as .csv, .json or .parquet"),
      ("score --model churn --table . --out s.csv", 66, "is a folder"),
    ] as [(String, Int32, String)] {
      let run = try revisit(line)
      #expect(run.status == status && run.talk.contains(words), "\(line): \(run.talk)")
      #expect(try revisit.names() == before, "\(line)")
    }
  }

  @Test("rows of every part are named by their place in the file")
  func faultyRow() throws {
    let revisit = try Self.copy()
    try Self.replaceRow2001(by: "k9,inf,\"1,100.5\",Nord,no", as: "bad.csv", revisit)
    for parts in ["", " --part-rows 300"] {
      let run = try revisit("score --model churn --table bad.csv --out s.csv\(parts)")
      #expect(run.status == 65 && run.talk.contains("infinite in row 2001"), "\(run.talk)")
    }
  }

  @Test("a text among numbers is missing and counted, in whole tables and in small parts alike")
  func strayText() throws {
    let revisit = try Self.copy()
    try Self.replaceRow2001(by: "k9,abc,\"1,100.5\",Nord,no", as: "stray.csv", revisit)
    var outputs: [Data] = []
    for parts in ["", " --part-rows 300"] {
      let run = try revisit("score --model churn --table stray.csv --out s.csv\(parts)")
      #expect(run.status == 0, "\(run.talk)")
      let record = String(decoding: try revisit.read("s.csv.run.json"), as: UTF8.self)
      #expect(record.contains("unseen") && !record.contains("abc"))
      outputs.append(try revisit.read("s.csv"))
    }
    #expect(outputs[0] == outputs[1])
  }
}
