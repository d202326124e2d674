import Foundation
import Testing

@Suite("Describing and proving features, labels and targets")
struct FeaturesCommandTests {
  @Test("--describe prints a table, JSON and CSV of every feature")
  func describe() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let object = try revisit("features --data data --describe --json").json
    #expect(object["schema"] as? String == "revisit.feature-description/1")
    #expect(object["label"] as? String == "due")
    let features = try #require(object["features"] as? [[String: Any]])
    let catalogue = try #require(try revisit("features --json").json["features"] as? [[String: Any]])
    #expect(
      features.compactMap { $0["feature"] as? String } == catalogue.compactMap { $0["name"] as? String })
    let overdue = try #require(features.first { $0["feature"] as? String == "days_over_due" })
    #expect((overdue["auc"] as? Double ?? 0) > 0.5)
    for width in ["80", "120", "200"] {
      let run = try revisit("features --data data --describe", environment: ["COLUMNS": width])
      #expect(run.status == 0 && run.output.contains("days_over_due"))
    }
    let line = "features --data data --describe --label fixed:180 --as-of 2025-06-30 --out d.csv"
    #expect(try revisit(line).status == 0)
    #expect(try revisit.rows("d.csv").count == features.count + 1)
    #expect(try revisit("features --data data --describe --out -").output.hasPrefix("feature,group,"))
  }

  @Test("--prove says what was changed, compares everything, and leaves the data and no copy behind")
  func prove() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let before = try revisit.names("data").map { try revisit.read("data/\($0)") }
    let object = try revisit("features --data data --prove --as-of 2024-06-30,2025-03-31 --json").json
    #expect(object["holds"] as? Bool == true)
    let dates = try #require(object["dates"] as? [[String: Any]])
    #expect(dates.count == 2)
    for date in dates {
      let relations = try #require(date["relations"] as? Int)
      let features = try #require(date["features"] as? Int)
      #expect(relations > 500 && date["values"] as? Int == relations * features)
      let changes = try #require(date["changes"] as? [[String: Any]])
      let kinds = Set(
        changes.filter { $0["table"] as? String == "visits" }.compactMap { $0["kind"] as? String })
      #expect(kinds.isSuperset(of: ["deleted", "moved", "changed", "added", "recorded_late"]))
      #expect((date["changed"] as? [Any])?.isEmpty == true)
    }
    let run = try revisit("features --data data --prove")
    #expect(run.status == 0 && run.output.contains("no feature knows what came later"))
    #expect(try revisit.names("data").map { try revisit.read("data/\($0)") } == before)
    #expect(try revisit.names() == ["data", "models"])
    #expect(try revisit.leftovers().isEmpty)
  }

  @Test("--memory changes no byte of what is written and leaves nothing behind")
  func memory() throws {
    let revisit = try SampleGroup.copy(.parquet)
    for bound in ["", " --memory 256MB"] {
      let name = bound.isEmpty ? "usual" : "bounded"
      let line = "features --data data --as-of 2024-06-30,2025-06-30 --label due"
      #expect(try revisit("\(line) --out \(name).csv\(bound)").status == 0)
      let list = "at-risk --data data --as-of 2025-06-30 --train-as-of 2024-06-30 --out \(name)-list.csv"
      #expect(try revisit(list + bound).status == 0)
    }
    #expect(try revisit.read("bounded.csv") == revisit.read("usual.csv"))
    #expect(try revisit.read("bounded-list.csv") == revisit.read("usual-list.csv"))
    #expect(try revisit.leftovers().isEmpty)
  }

  static let wrong = [
    ("features --memory 2GB", "--memory needs --data"),
    ("features --data data --out x.csv --memory 2", "such as 2GB"),
    ("features --data data --out x.csv --memory 10MB", "at least 256MB"),
    ("features --describe", "--describe needs --data"), ("features --prove", "--prove needs --data"),
    ("features --data data --describe --prove", "Choose --describe or --prove"),
    ("features --data data --prove --out x.csv", "neither --out nor --label"),
    ("features --data data --prove --as-of 2030-01-01", "Nothing comes after 2030-01-01"),
    ("features --data data --describe --out x.html", ".csv, .json or .parquet"),
    ("features --data data --label target:x --out x.csv", "There is no target `x`"),
    ("train --data data --label target:", "target:NAME"),
  ]

  @Test("what cannot be described or proved is refused", arguments: wrong.indices)
  func refusal(index: Int) throws {
    let (line, says) = Self.wrong[index]
    let revisit = try SampleGroup.copy(.parquet)
    let run = try revisit(line)
    #expect(run.status == 64 && run.output.isEmpty)
    #expect(run.talk.contains(says), "\(run.talk)")
    #expect(try revisit.names() == ["data", "models"])
  }

  @Test("every label writes its outcomes", arguments: ["first_service", "second_service", "postwarranty"])
  func labels(label: String) throws {
    let revisit = try SampleGroup.copy(.parquet)
    let line = "features --data data --as-of 2024-06-30 --label \(label) --out f.csv"
    #expect(try revisit(line).status == 0)
    let outcomes = Set(try revisit.rows("f.csv").dropFirst().map { $0.suffix(2).joined(separator: ",") })
    #expect(outcomes.isSubset(of: ["stayed,0", "lapsed,1", "censored,", "natural_loss,"]))
    #expect(outcomes.isSuperset(of: ["stayed,0", "lapsed,1"]))
  }

  private static func declare(_ revisit: Revisit, window: Int) throws {
    try revisit.write(
      "data/revisit.yaml",
      """
      targets:
        comes_for_repair:
          population: active = 1 and rec_q_days >= 0
          event: {table: visits, where: classes = repair, match: relation}
          window: \(window)
      """)
  }

  @Test("a declared target is written, learned and judged like lapse, and makes no list of who stops coming")
  func target() throws {
    let revisit = try SampleGroup.copy(.parquet)
    try Self.declare(revisit, window: 270)
    let label = "--label target:comes_for_repair"
    #expect(try revisit("features --data data --as-of 2024-06-30 \(label) --out f.csv").status == 0)
    let rows = try revisit.rows("f.csv")
    #expect(rows[0].suffix(2) == ["outcome", "happened"])
    let outcomes = Set(rows.dropFirst().map { $0.suffix(2).joined(separator: ",") })
    #expect(outcomes.isSuperset(of: ["happened,1", "did_not_happen,0"]))

    let trained = try revisit("train --data data \(label) --name repair --json")
    #expect(trained.status == 0, "\(trained.talk)")
    #expect(try trained.json["label"] as? String == "target:comes_for_repair")
    #expect(try revisit("evaluate --data data --model repair").status == 0)
    let list = try revisit("at-risk --data data --model repair")
    #expect(list.status == 65 && list.talk.contains("predicts target:comes_for_repair"))

    try Self.declare(revisit, window: 100)
    let other = try revisit("evaluate --data data --model repair")
    #expect(other.status == 65 && other.talk.contains("another declaration"), "\(other.talk)")
    try FileManager.default.removeItem(at: revisit.path("data/revisit.yaml"))
    #expect(try revisit("evaluate --data data --model repair").status == 64)
  }

  @Test("the model of Lakeside in the repository scores, whatever features were added since")
  func lakesideModel() throws {
    let revisit = try Revisit()
    let root = Revisit.packageRoot.path
    let line =
      "at-risk --data \(root)/datasets/lakeside --model lakeside@1 --models \(root)/models --top 5 --json"
    let run = try revisit(line)
    #expect(run.status == 0, "\(run.talk)")
    #expect((try run.json["rows"] as? [Any])?.count == 5)
  }
}
