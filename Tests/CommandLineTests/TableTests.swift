import Foundation
import Testing

@Suite("Tables of segments, features and models")
struct TableTests {
  @Test("segments: one row a customer or relation, scores 1 to 5, shares that add up")
  func segments() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let summary = try revisit("segment --data data --json --out s.csv").json
    let rows = try revisit.rows("s.csv")
    let header = rows[0]
    #expect(rows.count - 1 == summary["rows"] as? Int)
    let customers = rows.dropFirst().map { $0[0] }
    #expect(Set(customers).count == customers.count)
    for name in ["recency_score", "frequency_score", "monetary_score"] {
      let column = try #require(header.firstIndex(of: name))
      #expect(rows.dropFirst().allSatisfy { ["1", "2", "3", "4", "5"].contains($0[column]) })
    }
    let segments = try #require(summary["segments"] as? [[String: Any]])
    #expect(segments.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == rows.count - 1)
    let shares = segments.reduce(0) { $0 + ($1["paid_share"] as? Double ?? 0) }
    #expect(abs(shares - 1) < 1e-9)
    let relations = try revisit("segment --data data --by relation --out -").output
    #expect(relations.hasPrefix("customer_id,vin,as_of,"))
    #expect(relations.split(separator: "\n").count >= rows.count)
  }

  @Test("segments of active relations are those that the at-risk list shows")
  func segmentsAgree() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let date = "--as-of 2025-06-30"
    #expect(try revisit("segment --data data --by relation --active --out s.csv \(date)").status == 0)
    let list = try revisit("at-risk --data data --model sample --top all --json \(date)").json
    let listed = try #require(list["rows"] as? [[String: Any]])
    let rows = try revisit.rows("s.csv")
    let vin = try #require(rows[0].firstIndex(of: "vin"))
    for name in ["value_tier", "segment"] {
      let place = try #require(rows[0].firstIndex(of: name))
      let known = Dictionary(uniqueKeysWithValues: rows.dropFirst().map { ($0[vin], $0[place]) })
      #expect(listed.count == known.count)
      for row in listed {
        let vin = try #require(row["vin"] as? String)
        #expect(known[vin] == row[name] as? String)
      }
    }
  }

  @Test("features: keys, the catalogue's columns in order, levels by name, outcome when asked for")
  func features() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let catalogue = try #require(try revisit("features --json").json["features"] as? [[String: Any]])
    let names = catalogue.compactMap { $0["name"] as? String }
    let dates = ["2024-06-30", "2024-12-31"]
    let line = "features --data data --as-of \(dates.joined(separator: ","))"
    #expect(try revisit("\(line) --label due --out f.csv").status == 0)
    let rows = try revisit.rows("f.csv")
    #expect(rows[0] == ["customer_id", "vin", "as_of"] + names + ["outcome", "lapsed"])
    #expect(Set(rows.dropFirst().map { $0[2] }) == Set(dates))
    for row in rows.dropFirst() {
      #expect(
        ["stayed,0", "lapsed,1", "censored,", "natural_loss,"].contains(row.suffix(2).joined(separator: ",")))
    }
    for category in catalogue where category["kind"] as? String == "category" {
      let levels = try #require(category["levels"] as? [[String: Any]]).compactMap { $0["name"] as? String }
      let column = try #require(rows[0].firstIndex(of: category["name"] as? String ?? ""))
      #expect(rows.dropFirst().allSatisfy { $0[column].isEmpty || levels.contains($0[column]) })
    }
    let plain = try revisit("\(line) --out -").output
    #expect(plain.prefix { $0 != "\n" } == (["customer_id", "vin", "as_of"] + names).joined(separator: ","))
  }

  @Test("a stored model is listed with its test, and shows its terms or coefficients by falling strength")
  func models() throws {
    let revisit = try SampleGroup.copy(.parquet)
    let listed = try #require(try revisit("models list --json").json["models"] as? [[String: Any]])
    #expect(listed.count == 1)
    #expect(listed[0]["model"] as? String == "sample@1")
    let auc = try #require((listed[0]["test"] as? [String: Any])?["auc"] as? Double)
    #expect((0.5...1).contains(auc))
    let terms = try #require(try revisit("models show sample --json").json["terms"] as? [[String: Any]])
    let importances = terms.compactMap { $0["importance"] as? Double }
    #expect(importances.count == listed[0]["columns"] as? Int && importances == importances.sorted(by: >))
    let name = try #require(terms[0]["name"] as? String)
    #expect(try revisit("models show sample").output.contains("1. \(name)"))

    let train = "train --data data --name line --linear --penalty 0.01 --as-of 2024-09-30,2025-03-31"
    #expect(try revisit(train).status == 0)
    let shown = try revisit("models show line --json").json
    let coefficients = try #require(shown["coefficients"] as? [[String: Any]])
    let strengths = coefficients.compactMap { ($0["per_standard_deviation"] as? Double)?.magnitude }
    #expect(strengths.count == shown["columns"] as? Int)
    #expect(strengths == strengths.sorted(by: >))
    let text = try revisit("models show line --top 5").output
    let strongest = try #require(coefficients[0]["label"] as? String)
    #expect(text.contains(strongest))
    #expect(try revisit("models verify").output == "line@1  good\nsample@1  good\n")
  }

  @Test("the example mapping is valid YAML that names known tables")
  func mappingExample() throws {
    let revisit = try SampleGroup.copy(.parquet)
    try FileManager.default.createDirectory(at: revisit.path("own"), withIntermediateDirectories: true)
    try revisit.write("own/revisit.yaml", try revisit("schema --mapping").output)
    // The exports are not there; everything before that is right.
    let run = try revisit("check --data own")
    #expect(run.status == 66)
    #expect(run.talk.contains("no file matches exports/owners_*.csv"))
  }
}
