import Foundation
import Reports
import Testing

@Suite("Coefficients with their errors")
struct CoefficientTests {
  private func coefficients(_ run: Revisit.Run) throws -> [[String: Any]] {
    try #require(try run.json["coefficients"] as? [[String: Any]])
  }

  @Test("the table fits 80 columns, and the wider one shows every figure, in both languages")
  func table() throws {
    let revisit = try SampleGroup.copy()
    let headers = ["en": ["clustered", "VIF", "95 % interval"], "zh": ["聚类误", "VIF", "95 % 区间"]]
    for (language, words) in headers {
      for width in [80, 200] {
        let run = try revisit(
          "train --data data --name t --penalty 0.3 --coefficients --lang \(language)",
          environment: ["COLUMNS": "\(width)"])
        #expect(run.status == 0, "\(run.talk)")
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        let first = try #require(lines.firstIndex { $0.contains(words[2]) })
        let last = try #require(lines[first...].firstIndex(of: ""))
        let table = lines[first..<last]
        #expect(table.count > 50)
        #expect(table.allSatisfy { DisplayWidth.of($0) <= width })
        #expect(lines[last...].prefix(5).allSatisfy { DisplayWidth.of($0) <= 80 })
        for word in words where width == 200 { #expect(table[first].contains(word)) }
        let note = language == "en" ? "those of shrunk coefficients" : "被收缩的系数"
        #expect(lines[last...].contains { $0.contains("0.3") && $0.contains(note) })
      }
    }
  }

  @Test("--json always gives every coefficient with model-based, robust and clustered errors")
  func json() throws {
    let run = try SampleGroup.copy()("train --data data --name t --penalty 0.3 --json")
    let rows = try coefficients(run)
    #expect(rows.first?["column"] as? String == "(intercept)")
    let training = try #require(try run.json["training"] as? [String: Any])
    #expect(rows.count == (training["columns"] as? Int ?? 0) + 1)
    for row in rows {
      let estimate = try #require(row["per_unit"] as? Double)
      let error = try #require(row["clustered_error"] as? Double)
      let interval = try #require(row["interval_clustered"] as? [Double])
      #expect(
        error > 0 && row["standard_error"] as? Double ?? 0 > 0 && row["robust_error"] as? Double ?? 0 > 0)
      #expect(abs((interval[1] - interval[0]) / error - 2 * 1.959964) < 1e-5)
      #expect(abs(interval[0] + interval[1] - 2 * estimate) < 1e-9 * max(1, abs(estimate)))
    }
    let errors = try #require(try run.json["errors"] as? [String: Any])
    #expect((errors["meaning"] as? String)?.contains("shrunk") == true)
    #expect(errors["clusters"] as? Int ?? 0 > 100 && errors["method"] as? String == "likelihood")
  }

  @Test("--expected-directions lets no coefficient go the wrong way, and says what the bounds hold")
  func directions() throws {
    let revisit = try SampleGroup.copy()
    let run = try revisit("train --data data --name t --penalty 0.3 --expected-directions --json")
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
  }

  @Test("--firth fits without a penalty and says so")
  func firth() throws {
    let revisit = try SampleGroup.copy()
    let run = try revisit("train --data data --name t --firth --json")
    #expect(run.status == 0, "\(run.talk)")
    #expect(try coefficients(run).allSatisfy { ($0["per_unit"] as? Double)?.isFinite == true })
    #expect(((try run.json["firth"] as? [String: Any])?["penalised_log_likelihood"] as? Double ?? 0) < 0)
    let training = try #require(try run.json["training"] as? [String: Any])
    #expect(training["penalty"] as? Double == 0)
    #expect(training["gradient_norm"] as? Double ?? 1 <= 1e-9)
    #expect(try revisit("models verify t").status == 0)
  }
}
