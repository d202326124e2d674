import Foundation
import Testing

@Suite("What commands print and write")
struct OutputTests {
  @Test("--json prints one object with a schema on every command, and nothing else")
  func json() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let lines = [
      "simulate --customers 20 --out new", "check --data data", "features",
      "features --data data --out f.csv", "train --data data --name second",
      "evaluate --data data --model sample", "segment --data data", "segment --data data --out s.csv",
      "at-risk --data data --model sample", "at-risk --data data --model sample --out l.csv", "models list",
      "models show sample", "models verify", "schema", "schema visits", "schema --mapping", "doctor",
    ]
    var schemas: Set<String> = []
    for line in lines {
      let run = try revisit("\(line) --json")
      #expect(run.status == 0, "\(line): \(run.talk)")
      #expect(run.talk.isEmpty, "\(line): \(run.talk)")
      let schema = try #require(try run.json["schema"] as? String, "\(line)")
      #expect(schema.wholeMatch(of: /revisit\.[a-z-]+\/\d+/) != nil, "\(schema)")
      schemas.insert(schema)
    }
    #expect(schemas.count >= lines.count - 2, "only the commands' variants share a schema")
  }

  @Test("check reads every table that is there, also those that no feature needs")
  func checkReadsAll() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let names = try revisit.names("data").filter { !$0.hasPrefix("truth") }.map { $0.prefix { $0 != "." } }
    let tables = try #require(try revisit("check --data data --json").json["tables"] as? [[String: Any]])
    let read = tables.compactMap { $0["table"] as? String }
    #expect(names.contains("prospects") && names.allSatisfy { read.contains(String($0)) }, "\(read)")
  }

  @Test("data go to standard output, talk to standard error")
  func streams() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let toOutput = try revisit("segment --data data --out -")
    #expect(toOutput.output.hasPrefix("customer_id,as_of,recency_days,"))
    #expect(toOutput.talk.isEmpty)
    let toFile = try revisit("segment --data data --out s.csv")
    #expect(toFile.output.isEmpty)
    #expect(toFile.talk.contains("rows written to s.csv"))
    #expect(try revisit.read("s.csv") == Data(toOutput.output.utf8))
    #expect(try revisit("segment --data data --out s.csv --quiet").talk.isEmpty)
  }

  @Test("no escape codes without a terminal or with NO_COLOR")
  func noEscapeCodes() throws {
    let revisit = try SampleGroup.copy(.parquet)
    for line in [
      "at-risk --data data --model sample", "segment --data data", "check --data data", "features",
    ] {
      for environment in [[:], ["NO_COLOR": "1"]] {
        let run = try revisit(line, environment: environment)
        #expect(run.status == 0)
        #expect(!run.output.contains("\u{1B}") && !run.talk.contains("\u{1B}"), "\(line)")
      }
    }
  }

  @Test(
    "a reader that stops early is no error",
    arguments: [
      "at-risk --data data --model sample --out -", "segment --data data --out -",
      "features --data data --out -", "features", "schema",
    ])
  func earlyReader(line: String) throws {
    let revisit = try SampleGroup.copy(.parquet)
    let command = "set -o pipefail; '\(Revisit.executable.path)' \(line) | head -1"
    let run = try revisit(["-c", command], executable: URL(fileURLWithPath: "/bin/bash"))
    #expect(run.status == 0)
    #expect(run.talk.isEmpty)
    #expect(run.output.split(separator: "\n").count == 1)
  }

  @Test("--lang zh translates headings, and columns in files stay English")
  func chinese() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let isChinese = { (text: String) in text.contains { ("\u{4E00}"..."\u{9FFF}").contains($0) } }
    for line in [
      "at-risk --data data --model sample", "segment --data data", "check --data data",
      "evaluate --data data --model sample", "models list", "models show sample", "features", "schema",
      "doctor",
    ] {
      let english = try revisit("\(line) --lang en").output
      let chinese = try revisit("\(line) --lang zh").output
      // Names in the list are the data's own.
      if !line.hasPrefix("at-risk") { #expect(!isChinese(english), "\(line)") }
      #expect(isChinese(chinese), "\(line)")
    }
    for line in [
      "at-risk --data data --model sample --out -", "segment --data data --out -",
      "features --data data --out -",
    ] {
      let english = try revisit("\(line) --lang en").output.prefix { $0 != "\n" }
      let chinese = try revisit("\(line) --lang zh").output.prefix { $0 != "\n" }
      #expect(english == chinese)
      #expect(chinese.utf8.allSatisfy { $0 < 0x80 })
    }
  }

  @Test("the locale chooses the language where --lang does not")
  func locale() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let english = try revisit("schema", environment: ["LC_ALL": "en_GB.UTF-8"]).output
    let chinese = try revisit("schema", environment: ["LC_ALL": "zh_CN.UTF-8"]).output
    #expect(english != chinese)
    let asked = try revisit("schema --lang zh").output
    #expect(chinese == asked)
  }

  @Test("two runs with one seed give identical bytes from simulate to the list")
  func deterministic() throws {
    let runs = try (0..<2).map { _ in
      let revisit = try Revisit()
      for line in [
        "simulate --customers 600 --seed 11 --out data", "train --data data --name m",
        "at-risk --data data --model m --top all --out list.csv",
        "segment --data data --out segments.parquet",
        "features --data data --as-of 2024-06-30,2025-06-30 --label due --out features.parquet",
      ] {
        let run = try revisit(line)
        try #require(run.status == 0, "\(line): \(run.talk)")
      }
      return revisit
    }
    let tables = try runs[0].names("data").map { "data/\($0)" }
    #expect(tables.count > 15)
    for file in tables + ["models/m/1/model.json", "list.csv", "segments.parquet", "features.parquet"] {
      #expect(try runs[0].read(file) == runs[1].read(file), "\(file)")
    }
  }

  @Test("the lakeside layout comes with its own defaults unless the user says otherwise")
  func layoutDefaults() throws {
    let revisit = try Revisit()
    #expect(try revisit("simulate --customers 300 --layout lakeside --out plain").status == 0)
    let mapping = String(decoding: try revisit.read("plain/revisit.yaml"), as: UTF8.self)
    #expect(mapping.contains("encoding: gb18030"))
    #expect(try revisit("simulate --customers 300 --layout lakeside --encoding utf-8 --out own").status == 0)
    let own = String(decoding: try revisit.read("own/revisit.yaml"), as: UTF8.self)
    #expect(own.contains("encoding: utf-8"))
    #expect(try revisit("check --data plain").status == 0)
  }
}
