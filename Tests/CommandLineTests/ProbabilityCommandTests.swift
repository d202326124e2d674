import Foundation
import Testing

/// Calibration, sampled classes and intervals, as a user meets them.
@Suite("Commands on probabilities")
struct ProbabilityCommandTests {
  /// A folder with `t.csv`: 120 rows, some of them churners.
  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    var lines = ["id,age,plan,churn"]
    for row in 0..<120 {
      let isChurner = (row * 37 % 120) < (row % 3 == 0 ? 66 : 30)
      lines.append(
        "\(1000 + row),\(20 + row * 17 % 41),\(["basic", "gold", ""][row % 3]),\(isChurner ? "Yes" : "No")")
    }
    try revisit.write("t.csv", lines.joined(separator: "\n") + "\n")
    return revisit
  }

  @Test(
    "a model trained with calibrator, population and intervals shows them and scores with them",
    arguments: ["", " --linear --penalty 0.01"])
  func table(learner: String) throws {
    let revisit = try Self.folder()
    let run = try revisit(
      "train --table t.csv --label churn --id id --name p --calibration beta --population-rate 0.05 --intervals --json"
        + learner)
    try #require(run.status == 0, "\(run.talk)")
    let model = try #require(try run.json["model"] as? [String: Any])
    let calibration = try #require(model["calibration"] as? [String: Any])
    #expect(calibration["kind"] as? String == "beta" && calibration["asked"] as? String == "beta")
    #expect((calibration["out_of_fold_log_loss"] as? [String: Any])?["gain"] is Double)
    #expect((model["population"] as? [String: Double])?["rate"] == 0.05)
    #expect(model["intervals"] as? Bool == true)
    #expect(try revisit.names("models/p/1") == ["covariance.json", "model.json", "model.sha256"])

    let plain = try revisit("score --model p --table t.csv --out plain.csv --json")
    let mean = try #require(try plain.json["mean_probability"] as? Double)
    #expect(abs(mean - 0.05) < 0.03, "probabilities are the population's: \(mean)")
    let scored = try revisit("score --model p --table t.csv --out s.csv --interval 0.9 --json")
    #expect(scored.status == 0, "\(scored.talk)")
    #expect(try scored.json["interval"] as? Double == 0.9)
    let (rows, without) = (try revisit.rows("s.csv"), try revisit.rows("plain.csv"))
    #expect(rows[0] == ["id", "probability", "probability_lower", "probability_upper"])
    #expect(rows.dropFirst().map { $0[1] } == without.dropFirst().map { $0[1] })
    for row in rows.dropFirst() {
      let (p, lower, upper) = try (
        #require(Double(row[1])), #require(Double(row[2])), #require(Double(row[3]))
      )
      #expect(0 < lower && lower < p && p < upper && upper < 1)
    }
    let parquet = try revisit("score --model p --table t.csv --out s.parquet --interval 0.9")
    #expect(parquet.status == 0, "\(parquet.talk)")

    let shown = try revisit("models show p").output
    #expect(shown.contains("Calibrator: beta as asked; out-of-fold log loss"))
    #expect(shown.contains("a population with 5 % positive"))
    #expect(shown.contains("revisit score --interval"))
    let chinese = try revisit("models show p --lang zh").output
    #expect(chinese.contains("校准器：beta（按要求）") && chinese.contains("正例占 5 % 的总体"))
    #expect(try revisit("models show p --json").json["intervals"] as? Bool == true)
    #expect(try revisit("evaluate --model p --table t.csv").output.contains("a population with 5 % positive"))
    #expect(try revisit("models verify p").status == 0)

    try revisit.write("models/p/1/covariance.json", "{}\n")
    let damaged = try revisit("score --model p --table t.csv --out x.csv --interval 0.9")
    #expect(damaged.status == 65 && damaged.talk.contains("covariance.json"), "\(damaged.talk)")
    #expect(try revisit("score --model p --table t.csv --out x.csv").status == 0)
    #expect(try revisit("models verify p").status == 1)
  }

  @Test("a data folder: intervals around the probabilities of a calibrated model")
  func dataFolder() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let trained = try revisit(
      "train --data data --name c --label fixed:180 --as-of 2025-06-30 --penalty 0.1 --calibration isotonic --intervals --json"
    )
    try #require(trained.status == 0, "\(trained.talk)")
    #expect((try trained.json["calibration"] as? [String: Any])?["kind"] as? String == "isotonic")
    #expect(try trained.json["population"] is NSNull && trained.json["intervals"] as? Bool == true)
    let run = try revisit("score --data data --model c --out s.csv --interval 0.95")
    #expect(run.status == 0, "\(run.talk)")
    let rows = try revisit.rows("s.csv")
    #expect(rows[0].suffix(3) == ["probability", "probability_lower", "probability_upper"])
    #expect(rows.count > 100)
    for row in rows.dropFirst() {
      let (p, lower, upper) = try (
        #require(Double(row[3])), #require(Double(row[4])), #require(Double(row[5]))
      )
      #expect(lower < p && p < upper)
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let status: Int32
    let line: String
    let says: String
    var testDescription: String { line }
  }

  static let cases =
    ["0", "1", "3", "-0.1", "nan"].map {
      Case(
        status: 64, line: "train --table t.csv --label churn --population-rate=\($0)",
        says: "--population-rate must be a share between 0 and 1, such as 0.03 for 3 %")
    } + [
      Case(
        status: 64, line: "train --table t.csv --label churn --population-rate few", says: "'few' is invalid"),
      Case(status: 64, line: "train --data d --population-rate 0.1", says: "has no meaning with --data"),
      Case(
        status: 64, line: "train --table t.csv --label churn --calibration platt", says: "'platt' is invalid"),
      Case(
        status: 64, line: "score --model t --table t.csv --out s.csv --interval 95",
        says: "such as 0.95, not 95"),
      Case(
        status: 64, line: "score --model t --table t.csv --out s.csv --interval 1", says: "between 0 and 1"),
      Case(
        status: 65, line: "score --model t --table t.csv --out s.csv --interval 0.95",
        says: "was trained without --intervals"),
    ]

  @Test("bad input ends with its code, says what is right, and writes nothing", arguments: cases)
  func badInput(_ example: Case) throws {
    let revisit = try Self.folder()
    try FileManager.default.copyItem(at: try Self.plain.get().path("models"), to: revisit.path("models"))
    let run = try revisit(example.line)
    #expect(run.status == example.status, "\(run.talk)")
    #expect(run.talk.contains(example.says), "\(run.talk)")
    #expect(try revisit.names() == ["models", "t.csv"])
    #expect(try revisit.names("models/t") == ["1"])
  }

  /// A model without intervals; no test changes it.
  private static let plain = Result<Revisit, any Error> {
    let revisit = try folder()
    let run = try revisit("train --table t.csv --label churn --id id --name t --calibration none")
    try #require(run.status == 0, "\(run.talk)")
    #expect(run.output.contains("Calibrator: none"))
    return revisit
  }
}
