import Foundation
import Testing

/// `train`, `evaluate` and `score` on tables, as a user sees them.
@Suite("Commands on tables")
struct TableCommandTests {
  /// A folder with `t.csv`: 90 rows of every kind of column, three folds.
  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    var lines = ["id,age,plan,member,fold,churn"]
    for row in 0..<90 {
      let plan = ["basic", "gold", ""][row % 3]
      let isChurner = (row * 37 % 90) < (row % 3 == 0 ? 50 : 25)
      lines.append(
        "\(1000 + row),\(20 + row * 17 % 41),\(plan),\(row % 4 == 0 ? "yes" : "no"),\(row / 3 % 3),\(isChurner ? "Yes" : "No")"
      )
    }
    try revisit.write("t.csv", lines.joined(separator: "\n") + "\n")
    return revisit
  }

  /// Trained once; no test changes it.
  private static let model = Result<Revisit, any Error> {
    let revisit = try folder()
    let run = try revisit("train --table t.csv --label churn --id id --drop fold --name t")
    try #require(run.status == 0, "\(run.talk)")
    return revisit
  }

  /// A folder of its own with `t.csv` and `models/t/1/`.
  private static func trained() throws -> Revisit {
    let revisit = try folder()
    try FileManager.default.copyItem(at: try model.get().path("models"), to: revisit.path("models"))
    return revisit
  }

  @Test("the JSON of a cross-validated training has exactly its keys, and the means of its folds")
  func crossValidation() throws {
    let revisit = try Self.folder()
    let run = try revisit("train --table t.csv --label churn --id id --folds fold --json --name t")
    #expect(run.status == 0, "\(run.talk)")
    let json = try run.json
    #expect(Set(json.keys) == ["schema", "cv", "model", "seconds"])
    #expect(json["schema"] as? String == "revisit.train-table/1")
    #expect((json["seconds"] as? Double).map { $0 > 0 } == true)
    let cv = try #require(json["cv"] as? [String: Any])
    #expect(
      Set(cv.keys) == [
        "auc", "log_loss", "null_log_loss", "brier", "calibration", "calibrators", "effective_parameters",
        "pairs", "penalty",
        "seconds",
        "folds",
      ])
    for name in ["auc", "log_loss", "brier"] {
      let figure = try #require(cv[name] as? [String: Any])
      #expect(Set(figure.keys) == ["mean", "folds"])
      let folds = try #require(figure["folds"] as? [Double])
      let mean = try #require(figure["mean"] as? Double)
      #expect(folds.count == 3 && abs(mean - folds.reduce(0, +) / 3) < 1e-12)
    }
    let model = try #require(json["model"] as? [String: Any])
    #expect(model["name"] as? String == "t@1")
    #expect((model["label"] as? [String: String])?["positive"] == "Yes")
    let features = try #require(model["features"] as? [[String: Any]])
    #expect(features.map { $0["kind"] as? String } == ["numeric", "flag", "category"])
    #expect(features.map { $0["missing"] as? Int } == [0, 0, 30])
    #expect(try revisit("models list").output.contains("t@1"))
    #expect(try revisit("models show t").output.contains("predicts churn = Yes"))
  }

  @Test("words in both languages: a line a fold and their mean")
  func words() throws {
    let revisit = try Self.folder()
    for (language, mean) in [("en", "mean"), ("zh", "平均")] {
      let run = try revisit("train --table t.csv --label churn --id id --folds fold --lang \(language)")
      #expect(run.status == 0, "\(run.talk)")
      #expect(run.output.contains(mean) && run.output.contains("AUC"))
    }
  }

  @Test("scores: the id and the probability of every row in their order, the same in every format")
  func scores() throws {
    let revisit = try Self.trained()
    let run = try revisit("score --model t --table t.csv --out s.csv --json")
    #expect(run.status == 0, "\(run.talk)")
    let summary = try run.json
    #expect(summary["rows"] as? Int == 90)
    #expect(summary["missing"] as? [String: Int] == ["plan": 30])
    #expect((summary["unseen"] as? [String: Int])?.isEmpty == true)
    let rows = try revisit.rows("s.csv")
    #expect(rows[0] == ["id", "probability"])
    #expect(rows.dropFirst().map { $0[0] } == (0..<90).map { "\(1000 + $0)" })
    #expect(rows.dropFirst().allSatisfy { Double($0[1]).map { $0 > 0 && $0 < 1 } == true })
    let stream = try revisit("score --model t --table t.csv --out -")
    #expect(stream.output == String(decoding: try revisit.read("s.csv"), as: UTF8.self))
    let parquet = try revisit("score --model t --table t.csv --out s.parquet")
    #expect(parquet.status == 0, "\(parquet.talk)")
    // The scores of a file of scores: its own columns are not the model's.
    let other = try revisit("score --model t --table s.parquet --out x.csv")
    #expect(other.status == 65 && other.talk.contains("that the model uses: "), "\(other.talk)")
    try revisit.write("noid.csv", "age,plan,member\n30,platinum,no\n")
    let unnamed = try revisit("score --model t --table noid.csv --out n.csv --json")
    #expect((try unnamed.json["unseen"] as? [String: Int]) == ["plan": 1])
    #expect(try revisit.rows("n.csv")[0] == ["probability"])
  }

  @Test("an evaluation on the training table gives AUC, losses and calibration")
  func evaluation() throws {
    let revisit = try Self.trained()
    let run = try revisit("evaluate --model t --table t.csv --label churn --json")
    #expect(run.status == 0, "\(run.talk)")
    let json = try run.json
    #expect(json["rows"] as? Int == 90)
    let metrics = try #require(json["metrics"] as? [String: Any])
    #expect((metrics["auc"] as? Double).map { $0 > 0.5 } == true)
    #expect(
      metrics["log_loss"] is Double && metrics["brier"] is Double && metrics["calibration"] is [String: Any])
    let words = try revisit("evaluate --model t --table t.csv")
    #expect(words.output.contains("AUC") && words.output.contains("Missing values (rows): plan 30"))
  }

  @Test("scores of a data folder: every active relation once")
  func dataFolder() throws {
    let revisit = try SampleGroup.copy()
    let run = try revisit("score --data data --model sample --out s.csv")
    #expect(run.status == 0, "\(run.talk)")
    let rows = try revisit.rows("s.csv")
    #expect(rows[0] == ["customer_id", "vin", "as_of", "probability"])
    #expect(Set(rows.dropFirst().map { $0[0] + $0[1] }).count == rows.count - 1)
    #expect(rows.count > 100)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let status: Int32
    let line: String
    let says: String
    var testDescription: String { line }
  }

  static let cases = [
    Case(status: 64, line: "train", says: "'--data <dir>' or '--table <file>'"),
    Case(status: 64, line: "train --data d --table t.csv --label churn", says: "not both"),
    Case(status: 64, line: "train --table t.csv", says: "--table needs --label"),
    Case(status: 64, line: "train --table t.csv --label chrun", says: "Did you mean \"churn\"?"),
    Case(status: 64, line: "train --table t.csv --label churn --drop plam", says: "Did you mean \"plan\"?"),
    Case(status: 64, line: "train --table t.csv --label churn --id churn", says: "Give it one purpose"),
    Case(status: 64, line: "train --table t.csv --label churn --positive 7", says: "\"No\" and \"Yes\""),
    Case(
      status: 64, line: "train --table t.csv --label churn --as-of 2024-01-01", says: "--as-of has no meaning"
    ),
    Case(status: 64, line: "train --data d --folds fold", says: "--folds has no meaning with --data"),
    Case(status: 64, line: "train --table t.xlsx --label churn", says: ".csv, .tsv, .txt"),
    Case(status: 64, line: "score --model t --table t.csv --out t.csv", says: "is the input"),
    Case(status: 64, line: "score --model t --table t.csv --out s.html", says: ".csv, .json or .parquet"),
    Case(status: 64, line: "score --model t --out s.csv", says: "'--data <dir>' or '--table <file>'"),
    Case(status: 65, line: "train --table t.csv --label age", says: "a label has two"),
    Case(
      status: 65, line: "train --table t.csv --label churn --weight plan",
      says: "\"plan\" (--weight) holds no finite number in row 1. Weights are finite numbers of 0 or more"),
    Case(status: 65, line: "train --table t.csv --label churn --folds age", says: "of one class only"),
    Case(status: 65, line: "at-risk --data d --model t", says: "was trained on a table"),
    Case(status: 66, line: "train --table no.csv --label churn", says: "There is no file no.csv"),
    Case(status: 66, line: "score --model none --table t.csv --out s.csv", says: "there is no model none"),
    Case(status: 73, line: "score --model t --table t.csv --out no/s.csv", says: "no/s.csv"),
  ]

  @Test("bad input ends with its code, says what is right, and writes nothing", arguments: cases)
  func badInput(_ example: Case) throws {
    let revisit = try Self.trained()
    let before = try revisit.names()
    let run = try revisit(example.line)
    #expect(run.status == example.status, "\(run.talk)")
    #expect(run.talk.contains(example.says), "\(run.talk)")
    #expect(run.output.isEmpty)
    #expect(try revisit.names() == before)
    #expect(try revisit.names("models/t") == ["1"])
    #expect(try revisit.leftovers().isEmpty)
  }
}
