import Foundation
import Testing

/// Every bad input is one clear message that names the file and the next step, with the exit code of its kind.
@Suite("Bad input")
struct BadInputTests {
  private func expect(
    _ status: Int32, _ revisit: Revisit, _ line: String, says: [String],
    environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try revisit.names()
    let run = try revisit(line, environment: environment)
    #expect(run.status == status, "\(run.talk)", sourceLocation: sourceLocation)
    for text in says { #expect(run.talk.contains(text), "\(run.talk)", sourceLocation: sourceLocation) }
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(try revisit.names() == before, sourceLocation: sourceLocation)
    #expect(try revisit.leftovers().isEmpty, sourceLocation: sourceLocation)
  }

  // MARK: Histories

  @Test("a folder that is not there")
  func missingFolder() throws {
    for command in [
      "check", "train", "at-risk", "segment", "features --out f.csv", "evaluate --model sample",
    ] {
      try expect(
        66, try SampleGroup.copy(), "\(command) --data nowhere",
        says: ["There is no data folder nowhere", "revisit simulate"])
    }
  }

  @Test("a required table that is not there")
  func missingTable() throws {
    let revisit = try SampleGroup.copy()
    try FileManager.default.moveItem(at: revisit.path("data/visits.csv"), to: revisit.path("data/visit.csv"))
    try expect(66, revisit, "check --data data", says: ["no table `visits`", "is visit.csv meant?"])
  }

  @Test("a required column that is not there")
  func missingColumn() throws {
    let revisit = try SampleGroup.copy()
    try revisit.change("data/visits.csv") { rows in
      rows = rows.map { Array($0.prefix(4)) }
    }
    try expect(
      65, revisit, "check --data data",
      says: ["visits.csv", "column `opened_at` of table `visits` is missing", "map another column"])
  }

  @Test("a column that the schema does not know")
  func unknownColumn() throws {
    let revisit = try SampleGroup.copy()
    try revisit.change("data/visits.csv") { rows in
      rows[0] = rows[0].map { $0 == "opened_at" ? "opened" : $0 }
    }
    try expect(
      65, revisit, "at-risk --data data --out list.csv",
      says: ["visits.csv", "no column `opened`", "Did you mean `opened_at`?"])
  }

  @Test("a column of the wrong type in every row")
  func wrongType() throws {
    let revisit = try SampleGroup.copy()
    try revisit.change("data/visits.csv") { rows in
      let column = rows[0].firstIndex(of: "opened_at")!
      for row in rows.indices.dropFirst() { rows[row][column] = "soon" }
    }
    try expect(
      65, revisit, "train --data data",
      says: ["visits.csv", "opened_at: unreadable time", "first visits.csv row 1", "revisit schema visits"])
  }

  @Test("a value of the wrong type in one row is counted with its place, and never shown")
  func oneWrongValue() throws {
    let revisit = try SampleGroup.copy()
    try revisit.change("data/visits.csv") { rows in
      rows[7][rows[0].firstIndex(of: "opened_at")!] = "soon-13800138000"
    }
    let run = try revisit("check --data data --json")
    #expect(run.status == 0)
    let findings = try #require(try run.json["findings"] as? [[String: Any]])
    let finding = try #require(findings.first { ($0["reason"] as? String) == "opened_at: unreadable time" })
    #expect(finding["count"] as? Int == 1)
    let example = try #require((finding["examples"] as? [[String: Any]])?.first)
    #expect(example["row"] as? Int == 7)
    #expect(example["file"] as? String == "visits.csv")
    #expect(!run.output.contains("13800138000") && !run.talk.contains("13800138000"))
  }

  @Test("bytes that no encoding explains are counted with their place")
  func unreadableBytes() throws {
    let revisit = try SampleGroup.copy()
    let rows = try revisit.rows("data/surveys.csv").count
    try Data(try revisit.read("data/surveys.csv") + Data([0x2C, 0xFF, 0xFE, 0x0A])).write(
      to: revisit.path("data/surveys.csv"))
    let run = try revisit("check --data data")
    #expect(run.status == 0)
    #expect(run.output.contains("bytes that are no text in the file's encoding"))
    #expect(run.output.contains("surveys.csv, row \(rows)"))
    #expect(try revisit.leftovers().isEmpty)
  }

  @Test("a file that is no table at all")
  func noTable() throws {
    let revisit = try SampleGroup.copy()
    try FileManager.default.removeItem(at: revisit.path("data/visits.csv"))
    try revisit.write("data/visits.parquet", String(repeating: "no Parquet", count: 100))
    try expect(65, revisit, "check --data data", says: ["visits.parquet", "Mend the file"])
  }

  @Test("an SQL error in the mapping")
  func sqlError() throws {
    let revisit = try SampleGroup.copy()
    try revisit.write(
      "data/revisit.yaml",
      "tables:\n  customers: customers.csv\n  visits:\n    sql: SELECT nothing FROM read_csv('visits.csv')\n")
    try expect(65, revisit, "check --data data", says: ["revisit.yaml: visits", "\"nothing\" not found"])
  }

  @Test("a mapping that is no YAML, or names a table that there is not")
  func brokenMapping() throws {
    let revisit = try SampleGroup.copy()
    try revisit.write("data/revisit.yaml", "tables:\n  visits: [\n")
    try expect(65, revisit, "check --data data", says: ["revisit.yaml is not valid YAML"])
    try revisit.write("data/revisit.yaml", "tables:\n  vists: visits.csv\n")
    try expect(65, revisit, "check --data data", says: ["unknown table `vists`", "Did you mean `visits`?"])
  }

  @Test("empty tables", arguments: ["customers", "visits"])
  func emptyTable(name: String) throws {
    let revisit = try SampleGroup.copy()
    try revisit.change("data/\(name).csv") { rows in rows = [rows[0]] }
    for command in ["check", "at-risk", "segment", "train"] {
      try expect(
        65, revisit, "\(command) --data data",
        says: ["Table `\(name)` (\(name).csv) holds no row", "Export it again"])
    }
    try revisit.write("data/\(name).csv", "")
    try expect(65, revisit, "check --data data", says: ["\(name).csv is empty"])
  }

  @Test("nobody active at the date")
  func nobodyActive() throws {
    let revisit = try SampleGroup.copy()
    for line in [
      "at-risk --data data --model sample --out list.csv", "segment --data data",
      "features --data data --out f.csv",
    ] {
      try expect(65, revisit, "\(line) --as-of 2001-01-01", says: ["2001-01-01", "--as-of"])
    }
    try expect(
      65, revisit, "train --data data --as-of 2001-01-01", says: ["No relation is active", "--as-of"])
    try expect(
      65, revisit, "evaluate --data data --model sample --as-of 2026-06-29",
      says: ["2026-06-29", "--as-of"])
  }

  // MARK: Learning

  @Test("one class only")
  func oneClass() throws {
    let revisit = try SampleGroup.copy()
    // Before the first visit of the export nobody comes back.
    try expect(
      65, revisit, "train --data data --as-of 2019-01-01 --label fixed:180",
      says: ["all", "labelled", "choose an as-of date"])
    #expect(try revisit.names("models") == ["sample"])
  }

  @Test("constant and missing features are left out, and the training says so")
  func constantFeatures() throws {
    let revisit = try SampleGroup.copy()
    for name in try revisit.names("data")
    where !["customers.csv", "vehicles.csv", "visits.csv"].contains(name) {
      try FileManager.default.removeItem(at: revisit.path("data/\(name)"))
    }
    let run = try revisit("train --data data --name thin")
    #expect(run.status == 0, "\(run.talk)")
    #expect(run.output.contains("Left out (constant, always missing"))
    #expect(run.output.contains("csi_last"))
    #expect(try revisit("at-risk --data data --model thin").status == 0)
  }

  // MARK: Models

  @Test("a damaged model file")
  func damagedModel() throws {
    let revisit = try SampleGroup.copy()
    let file = "models/sample/1/model.json"
    try Data(try revisit.read(file).dropLast(40)).write(to: revisit.path(file))
    for line in [
      "at-risk --data data --model sample --out l.csv", "models show sample",
      "evaluate --data data --model sample",
    ] {
      try expect(65, revisit, line, says: ["sample@1 is damaged", "model.json", "train again"])
    }
    let verified = try revisit("models verify")
    #expect(verified.status == 1)
    #expect(verified.output.contains("sample@1"))
  }

  @Test("a model of another format version")
  func otherVersion() throws {
    let revisit = try SampleGroup.copy()
    let file = revisit.path("models/sample/1/model.json")
    var object = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    let key = try #require(object.keys.first { $0.lowercased().contains("version") })
    object[key] = 99
    try JSONSerialization.data(withJSONObject: object).write(to: file)
    // Its checksum is right: not damaged, but of another version.
    try FileManager.default.removeItem(at: revisit.path("models/sample/1/model.sha256"))
    let sum = try revisit([file.path], executable: URL(fileURLWithPath: "/usr/bin/sha256sum")).output
    try revisit.write("models/sample/1/model.sha256", "\(sum.prefix { $0 != " " })  model.json\n")
    try expect(
      65, revisit, "at-risk --data data --model sample --out l.csv",
      says: ["format version 99", "model.json", "train the model again"])
  }

  @Test("an unknown model names those that there are")
  func unknownModel() throws {
    let revisit = try SampleGroup.copy()
    for line in ["at-risk --data data --model other", "models show other", "models verify other"] {
      try expect(66, revisit, line, says: ["there is no model other", "there are: sample"])
    }
    try expect(66, revisit, "models show sample@7", says: ["versions of sample: 1"])
    try expect(66, revisit, "models show other --models none", says: ["no model yet", "train one first"])
  }

  // MARK: Machine

  @Test("DuckDB not found")
  func noDuckDB() throws {
    let environment = ["REVISIT_DUCKDB_LIBRARY": "/nowhere"]
    for line in [
      "check --data data", "at-risk --data data --model sample --out l.parquet",
      "simulate --customers 10 --out new",
    ] {
      try expect(
        66, try SampleGroup.copy(), line, says: ["DuckDB was not found", "/nowhere", "make setup"],
        environment: environment)
    }
    let run = try Revisit()("doctor", environment: environment)
    #expect(run.status == 66)
    #expect(run.output.contains("make setup"))
    #expect(run.talk.contains("Missing: DuckDB"))
  }
}
