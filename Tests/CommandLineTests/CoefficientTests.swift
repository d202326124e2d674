import Foundation
import Reports
import Testing

@Suite("Coefficients with their errors")
struct CoefficientTests {
  private func coefficients(_ run: Revisit.Run) throws -> [[String: Any]] {
    try #require(try run.json["coefficients"] as? [[String: Any]])
  }

  /// Two dates are enough here.
  private static let train = "train --data data --name t --as-of 2024-09-30,2025-03-31"

  @Test(
    "--expected-directions lets no coefficient go the wrong way, and --json gives every coefficient's errors")
  func directions() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let run = try revisit("\(Self.train) --penalty 0.3 --expected-directions --json")
    let rows = try coefficients(run)
    let effects = Dictionary(
      rows.compactMap { row in (row["column"] as? String).map { ($0, row["per_unit"] as? Double ?? .nan) } },
      uniquingKeysWith: { first, _ in first })
    let catalogue = try #require(try revisit("features --json").json["features"] as? [[String: Any]])
    var judged = 0
    for feature in catalogue
    where feature["use"] as? String == "risk" && feature["kind"] as? String != "category" {
      guard let name = feature["name"] as? String, let effect = effects[name] else { continue }
      guard let sign = ["+": 1.0, "-": -1][feature["direction"] as? String ?? ""] else { continue }
      #expect(sign * effect >= 0, "\(name)")
      judged += 1
    }
    let constraints = try #require(try run.json["constraints"] as? [String: Any])
    let columns = try #require(constraints["columns"] as? [[String: Any]])
    #expect(columns.count == judged && judged > 30)
    let binding = columns.filter { $0["binding"] is String }
    #expect(binding.count == constraints["binding"] as? Int && !binding.isEmpty)
    #expect(
      binding.allSatisfy {
        $0["multiplier"] as? Double ?? 0 > 0 && effects[$0["column"] as? String ?? ""] == 0
      })
    #expect(constraints["stationarity"] as? Double ?? 1 < 1e-9)
    #expect(constraints["maximum_violation"] as? Double == 0)
    #expect(rows.first?["column"] as? String == "(intercept)")
    for row in rows where row["is_held"] as? Bool == false {
      let estimate = try #require(row["per_unit"] as? Double)
      let error = try #require(row["clustered_error"] as? Double)
      let interval = try #require(row["interval_clustered"] as? [Double])
      #expect(row["standard_error"] as? Double ?? 0 > 0 && row["robust_error"] as? Double ?? 0 > 0)
      #expect(abs((interval[1] - interval[0]) / error - 2 * 1.959964) < 1e-5)
      #expect(abs(interval[0] + interval[1] - 2 * estimate) < 1e-9 * max(1, abs(estimate)))
    }
    let errors = try #require(try run.json["errors"] as? [String: Any])
    #expect((errors["meaning"] as? String)?.contains("shrunk") == true)
    #expect(errors["clusters"] as? Int ?? 0 > 100 && errors["method"] as? String == "bounded")
  }

  @Test("--coefficients tests each feature of a data folder by a fit without it, and the whole model")
  func likelihood() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let run = try revisit("\(Self.train) --penalty 0.3 --coefficients --json")
    let likelihood = try #require(try run.json["likelihood"] as? [String: Any], "\(run.talk)")
    let whole = try #require(likelihood["whole_model"] as? [String: Any])
    let features = try #require(likelihood["features"] as? [[String: Any]])
    #expect(features.count > 50)
    let degrees = features.compactMap { $0["degrees_of_freedom"] as? Int }
    #expect(degrees.reduce(0, +) == whole["degrees_of_freedom"] as? Int)
    let most = try #require(whole["statistic"] as? Double)
    for feature in features {
      let statistic = try #require(feature["statistic"] as? Double)
      #expect(statistic > -1e-6 && statistic < most && feature["penalised"] as? Bool == true, "\(feature)")
    }
  }

  @Test(
    "--firth fits without a penalty and says so, and --coefficients prints a table that fits the terminal")
  func firth() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let run = try revisit("\(Self.train) --firth --coefficients")
    #expect(run.status == 0, "\(run.talk)")
    #expect(run.output.contains("Firth's penalised likelihood: errors are those of its information."))
    #expect(!run.output.contains("Ridge"))
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    let header = try #require(lines.firstIndex { $0.contains("clustered") && $0.contains("VIF") })
    let table = lines[header...].prefix { !$0.isEmpty }
    #expect(table.count > 100 && table.dropFirst().first == "(intercept)")
    #expect(table.allSatisfy { DisplayWidth.of($0) <= 80 })
    #expect(try revisit("models verify t").status == 0)
  }
}
