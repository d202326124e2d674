import Foundation
import Testing

/// A column with more levels than can be fitted with a direction each, as a user meets it.
@Suite("Commands on columns with many levels")
struct ManyLevelsTests {
  private static let levels = 130

  /// A folder with `t.csv`: a town and nothing else, 12 rows each, whose share of churners goes from none to all.
  private static func folder() throws -> Revisit {
    let revisit = try Revisit()
    var lines = ["town,fold,churn"]
    for row in 0..<levels * 12 {
      let (town, place) = (row % levels, row / levels)
      let isChurner = place * 5 % 12 < town * 37 % levels / 10
      lines.append("t\(town),\(place % 3),\(isChurner ? 1 : 0)")
    }
    try revisit.write("t.csv", lines.joined(separator: "\n") + "\n")
    return revisit
  }

  @Test("train, models show, score and evaluate go on with such a column; its table of levels is the model")
  func whole() throws {
    let revisit = try Self.folder()
    let run = try revisit(
      "train --table t.csv --label churn --folds fold --name m --calibration none --intervals --json")
    try #require(run.status == 0, "\(run.talk)")
    let cv = try #require(try run.json["cv"] as? [String: Any])
    let auc = try #require((cv["auc"] as? [String: Any])?["mean"] as? Double)
    #expect(auc > 0.75, "\(auc)")

    let model = try revisit("models show m --json").json
    let terms = try #require(model["terms"] as? [[String: Any]])
    #expect(terms.count == 1)
    let scale = try #require((terms[0]["scales"] as? [[String: Any]])?.first)
    let nodes = try #require(scale["levels"] as? [[String]])
    let values = try #require(terms[0]["values"] as? [Double])
    #expect(nodes.count == Self.levels && scale["pool"] is NSNull && values.count == Self.levels + 1)
    let intercept = try #require(model["intercept"] as? Double)

    try revisit.write("new.csv", "town\nt5\nt64\nelsewhere\n")
    let score = try revisit("score --model m --table new.csv --out s.csv --interval 0.95 --json")
    #expect(score.status == 0, "\(score.talk)")
    #expect((try score.json["unseen"] as? [String: Int])?["town"] == 1)
    let scored = try revisit.rows("s.csv").dropFirst().map { $0.compactMap(Double.init) }
    for (row, town) in zip(scored, ["t5", "t64", "elsewhere"]) {
      let value = try nodes.firstIndex(of: [town]).map { values[$0] } ?? #require(values.last)
      #expect(abs(row[0] - 1 / (1 + exp(-intercept - value))) < 1e-9)
      #expect(row[1] < row[0] && row[0] < row[2])
    }
    #expect(try revisit("evaluate --model m --table t.csv --label churn").status == 0)

    let words = try revisit("models show m").output
    #expect(words.contains("70 more values add or take off no more than these; --json lists them."))
    #expect(try revisit("models show m --lang zh").output.contains("另有 70 个取值的加数不大于所列各项"))
    #expect(try revisit("models show m --out m.html").status == 0)
    let page = String(decoding: try revisit.read("m.html"), as: UTF8.self)
    #expect(page.contains("70 more values add or take off no more than these."))
  }
}
