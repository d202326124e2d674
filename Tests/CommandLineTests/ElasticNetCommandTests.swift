import Foundation
import Reports
import Testing

/// `train --elastic-net`, as a user sees it.
@Suite("Elastic nets from the command line")
struct ElasticNetCommandTests {
  /// A folder with `t.csv`: two columns that tell, four that do not, an offset.
  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    var lines = ["id,age,visits,plan,n1,n2,n3,base,churn"]
    for row in 0..<240 {
      let (age, visits) = (20 + row * 17 % 41, row * 29 % 12)
      let score = age / 4 - visits * 2 + row * 31 % 11
      let noise = (0..<3).map { "\(row * [13, 57, 91][$0] % 37)" }.joined(separator: ",")
      lines.append(
        "\(1000 + row / 2),\(age),\(visits),\(["basic", "gold", ""][row % 3]),\(noise),\(Double(row % 5) / 5),"
          + "\(score > 3 ? "Yes" : "No")")
    }
    try revisit.write("t.csv", lines.joined(separator: "\n") + "\n")
    return revisit
  }

  @Test("the JSON holds the whole path, scores need the chosen columns alone, words mark the chosen penalty")
  func table() throws {
    let revisit = try Self.folder()
    let train = "train --table t.csv --label churn --id id --drop base --elastic-net 1 --lambda-rule one-se"
    let run = try revisit("\(train) --json --name t")
    #expect(run.status == 0, "\(run.talk)")
    let model = try #require(try run.json["model"] as? [String: Any])
    let net = try #require(model["elastic_net"] as? [String: Any])
    #expect(
      Set(net.keys) == [
        "mixing", "lambda", "chosen", "rule", "minimum", "one_standard_error", "folds", "columns", "nonzero",
        "violation", "excluded", "path",
      ])
    let path = try #require(net["path"] as? [[String: Any]])
    #expect(path.count == 100 && net["rule"] as? String == "one-se")
    let chosen = try #require(net["chosen"] as? Int)
    #expect(net["one_standard_error"] as? Int == chosen && net["minimum"] as? Int ?? 0 > chosen)
    #expect(path[chosen]["lambda"] as? Double == model["penalty"] as? Double)
    #expect(path[chosen]["nonzero"] as? Int == model["columns"] as? Int)
    for point in path {
      #expect(point["cv_log_loss"] as? Double ?? 0 > 0 && point["cv_standard_error"] as? Double ?? 0 > 0)
      #expect(point["violation"] as? Double ?? 1 <= 1e-8)
    }
    let excluded = try #require(net["excluded"] as? [String])
    #expect(excluded.count + (net["nonzero"] as? Int ?? 0) == net["columns"] as? Int)
    #expect((model["certificate"] as? [String: Any])?["gap_bound"] is Double)

    let unused = ["n1", "n2", "n3"].filter { excluded.contains($0) }
    #expect(!unused.isEmpty)
    let rows = try revisit.rows("t.csv")
    let kept = rows[0].indices.filter { !unused.contains(rows[0][$0]) }
    try revisit.write(
      "less.csv", rows.map { row in kept.map { row[$0] }.joined(separator: ",") }.joined(separator: "\n"))
    #expect(try revisit("score --model t --table less.csv --out less-scores.csv").status == 0)
    #expect(try revisit("score --model t --table t.csv --out scores.csv").status == 0)
    #expect(try revisit.read("less-scores.csv") == revisit.read("scores.csv"))

    for (language, words) in [("en", ["→ chosen", "Lasso", "held-out loss"]), ("zh", ["→ 选定", "套索"])] {
      let shown = try revisit("\(train) --name w --lang \(language)")
      for word in words { #expect(shown.output.contains(word), "\(shown.output)") }
      let path = shown.output.split(separator: "\n").filter { $0.contains(" % ") && $0.hasPrefix("  ") }
      #expect((12...15).contains(path.count) && path.allSatisfy { DisplayWidth.of(String($0)) <= 80 })
      #expect(try revisit("models show w --lang \(language)").output.contains("1.0"))
    }
  }

  @Test("a factor of 0 keeps its column, a given penalty needs no path, an offset is asked for when scoring")
  func factors() throws {
    let revisit = try Self.folder()
    let run = try revisit(
      "train --table t.csv --label churn --id id --elastic-net 0.5 --penalty 5 --penalty-factor n2=0 --offset base --json --name t"
    )
    #expect(run.status == 0, "\(run.talk)")
    let net = try #require(
      (try run.json["model"] as? [String: Any])?["elastic_net"] as? [String: Any])
    #expect((net["path"] as? [Any])?.count == 1 && net["rule"] is NSNull && net["nonzero"] as? Int == 1)
    #expect((net["excluded"] as? [String])?.contains("n2") == false)
    #expect(try revisit("models show t").output.contains("\"base\" is added to the log-odds"))
    let rows = try revisit.rows("t.csv")
    let kept = rows[0].indices.filter { rows[0][$0] != "base" }
    try revisit.write(
      "less.csv", rows.map { row in kept.map { row[$0] }.joined(separator: ",") }.joined(separator: "\n"))
    let refused = try revisit("score --model t --table less.csv --out s.csv")
    #expect(refused.status == 65 && refused.talk.contains("\"base\""))
    #expect(try revisit("score --model t --table t.csv --out s.csv").status == 0)
  }

  @Test("histories: folds by time need two dates; p values are null, the statement says why")
  func histories() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let train = "train --data data --name t --as-of 2024-09-30,2025-03-31 --elastic-net 1"
    let run = try revisit("\(train) --penalty 0.02 --json")
    #expect(run.status == 0, "\(run.talk)")
    let json = try run.json
    let net = try #require(json["elastic_net"] as? [String: Any])
    #expect(net["folds"] is NSNull && net["nonzero"] as? Int ?? 0 > 0)
    let rows = try #require(json["coefficients"] as? [[String: Any]])
    #expect(rows.allSatisfy { $0["p_value"] is NSNull && $0["interval_clustered"] is NSNull })
    #expect(rows.allSatisfy { $0["clustered_error"] is Double })
    let errors = try #require(json["errors"] as? [String: Any])
    #expect((errors["meaning"] as? String)?.contains("the same labels chose them") == true)
    let one = try revisit("\(train) --cross-validation time")
    #expect(one.status == 64 && one.talk.contains("all rows are of one period"), "\(one.talk)")
  }

  static let cases: [(line: String, says: String)] = [
    ("train --table t.csv --label churn --elastic-net 2", "0 (ridge) to 1 (lasso)"),
    ("train --table t.csv --label churn --lambda-rule one-se", "belongs to --elastic-net"),
    ("train --table t.csv --label churn --elastic-net 1 --lambda-rule best", "'minimum' and 'one-se'"),
    ("train --table t.csv --label churn --elastic-net 1 --penalty 0", "above 0"),
    (
      "train --table t.csv --label churn --elastic-net 1 --penalty 1 --lambda-rule minimum",
      "--lambda-rule has no meaning with --penalty"
    ),
    ("train --table t.csv --label churn --elastic-net 1 --cross-validation time", "has no dates"),
    ("train --table t.csv --label churn --penalty-factor age=0", "belongs to --linear"),
    ("train --table t.csv --label churn --offset base", "--offset belongs to --linear"),
    ("train --table t.csv --label churn --linear --penalty-factor agee=0", "no feature of t.csv"),
    ("train --table t.csv --label churn --linear --penalty-factor age=-1", "column=factor"),
    ("train --data d --elastic-net 1 --firth", "--firth has no meaning with --elastic-net"),
    ("train --data d --elastic-net 1 --penalty-factor agee=0", "no feature of a risk model"),
    ("train --data d --offset base", "--offset has no meaning with --data"),
  ]

  @Test("wrong usage ends with 64 and says what is right", arguments: cases)
  func wrongUsage(_ example: (line: String, says: String)) throws {
    let revisit = try Self.folder()
    let run = try revisit(example.line)
    #expect(run.status == 64)
    #expect(run.talk.contains(example.says), "\(run.talk)")
    #expect(try revisit.names() == ["t.csv"])
  }
}
