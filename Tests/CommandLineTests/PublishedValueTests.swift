import Foundation
import Testing

/// The CDNOW data, which stand beside the package, not in it.
enum CDNOWFiles {
  static let folder = Revisit.packageRoot.deletingLastPathComponent()
    .appendingPathComponent("shared/reference/clv")

  /// Whether the files stand beside the package; says so on the console when not.
  static let areThere: Bool = {
    let found = FileManager.default.fileExists(atPath: folder.path)
    if !found { print("skipped: the reference data beside the package (shared/reference/clv) are not there") }
    return found
  }()
}

/// The CDNOW figures of papers and packages, as a user gets them.
@Suite("revisit value against published figures", .enabled(if: CDNOWFiles.areThere))
struct PublishedValueTests {
  private static func value(_ file: String, _ options: String, in revisit: Revisit) throws -> Revisit.Run {
    let run = try revisit(
      ["value", "--table", CDNOWFiles.folder.appendingPathComponent(file).path]
        + options.split(separator: " ").map(String.init))
    try #require(run.status == 0, "\(run.talk)")
    return run
  }

  @Test(
    "12-month values at 1 % a month are those of lifetimes 0.11.3, which takes 30 units of time for a month")
  func values() throws {
    let revisit = try Revisit()
    _ = try Self.value(
      "cdnow_summary_spend.csv", "--unit day --model bg-nbd --out v.csv", in: revisit)
    let rows = try revisit.rows("v.csv")
    let column = try #require(rows[0].firstIndex(of: "clv"))
    for (customer, published) in [
      (1, 140.096211), (2, 18.943467), (3, 38.180574), (6, 1003.868107), (9, 167.418216),
    ] {
      let value = try #require(Double(rows[customer][column]))
      // lifetimes' search stops where its parameters agree with the maximum to five digits.
      #expect(abs(value / published - 1) < 1e-6, "\(customer): \(value)")
    }
    let spend = try #require(rows[0].firstIndex(of: "expected_spend"))
    let printed = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    for (row, expected) in zip(rows.dropFirst(), printed) {
      // Printed digits are cut, not rounded.
      #expect(try #require(Double(row[spend])) - expected < 0.01 && Double(row[spend])! >= expected)
    }
  }

  @Test(
    "the log of single purchases gives the papers' parameters, likelihood and hold-out",
    arguments: [
      (
        "bg-nbd", ["r": 0.2425945, "alpha": 4.4136019, "a": 0.7929199, "b": 2.4258881], -9582.429,
        [0.2251, 0.5231, 1.0441, 1.5203, 2.1638, 2.6538, 3.5040, 6.1570]
      ),
      (
        "pareto-nbd", ["r": 0.55315, "alpha": 10.57633, "s": 0.60625, "beta": 11.67150], -9594.976,
        [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403]
      ),
    ])
  func log(model: String, parameters: [String: Double], logLikelihood: Double, predicted: [Double]) throws {
    let revisit = try Revisit()
    let run = try Self.value(
      "cdnow_sample.txt",
      "--customer 1 --date 3 --amount 5 --calibration-end 1997-09-30 --json --model \(model)", in: revisit)
    let json = try run.json
    #expect(json["customers"] as? Int == 2357)
    let found = try #require(json["parameters"] as? [String: Double])
    for (name, published) in parameters {
      #expect(abs(try #require(found[name]) / published - 1) < 3e-4, "\(name): \(found)")
    }
    #expect(abs(try #require(json["log_likelihood"] as? Double) - logLikelihood) < 5e-3)
    let holdOut = try #require(json["holdout"] as? [String: Any])
    #expect(holdOut["length"] as? Double == 39 && holdOut["actual_total"] as? Double == 1882)
    let rows = try #require(holdOut["by_frequency"] as? [[String: Any]])
    let actual = [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359]
    for (index, row) in rows.enumerated() {
      #expect(abs(try #require(row["actual"] as? Double) - actual[index]) < 6e-4)
      #expect(abs(try #require(row["predicted"] as? Double) - predicted[index]) < 1e-3, "\(index)")
    }
    let spend = try #require((json["spend"] as? [String: Any])?["parameters"] as? [String: Double])
    #expect(
      abs(spend["p"]! - 6.25) < 5e-3 && abs(spend["q"]! - 3.74) < 5e-3 && abs(spend["v"]! - 15.44) < 5e-3)
  }
}
