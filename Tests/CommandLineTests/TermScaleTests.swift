import Foundation
import Testing

/// What `models show --json` says of a model's terms is enough to compute its predictions.
@Suite("Terms as JSON")
struct TermScaleTests {
  private static let header = ["age", "income", "member", "plan", "tenure"]

  /// 900 rows with numbers, a logarithm, bins, levels, rare ones among them, yes or no, and missing values; age and
  /// membership act together.
  private static let rows: [[String]] = (0..<900).map { row in
    let plan = row % 101 == 5 ? "rare\(row % 3)" : ["basic", "gold", "", "silver"][row * 7 % 4]
    return [
      row % 13 == 6 ? "" : "\(20 + row * 17 % 41)", "\(1 + row * row % 97 * 50)",
      row * 31 % 7 < 3 ? "yes" : "no", plan, "\(row * 29 % 120)",
    ]
  }

  private static let labels: [Bool] = rows.enumerated().map { index, row in
    let isOld = (Int(row[0]) ?? 30) > 40
    let score =
      (isOld == (row[2] == "yes") ? 30 : -10) + (row[3] == "gold" ? 15 : 0) + (Int(row[4]) ?? 0) / 4
      + (row[0].isEmpty ? 20 : 0)
    return index * 61 % 100 < score
  }

  /// Where a value lies: shares of nodes.
  private func place(_ cell: String, _ scale: [String: Any]) throws -> [Int: Double] {
    let count = try #require(scale["nodes"] as? Int)
    let nowhere = [count - 1: 1.0]
    if cell.isEmpty { return (scale["missing_node"] as? Int).map { [$0: 1] } ?? nowhere }
    if let levels = scale["levels"] as? [[String]] {
      let node = levels.firstIndex { $0.contains(cell) } ?? scale["pool"] as? Int
      return node.map { [$0: 1] } ?? nowhere
    }
    let value = try #require(["yes": 1, "no": 0][cell] ?? Double(cell))
    if let edges = scale["edges"] as? [Double] { return [edges.count { $0 <= value }: 1] }
    let knots = try #require(scale["knots"] as? [Double])
    guard let next = knots.firstIndex(where: { $0 > value }) else { return [knots.count - 1: 1] }
    guard next > 0 else { return [0: 1] }
    let isLogarithmic = scale["logarithmic"] as? Bool == true
    func position(_ value: Double) -> Double {
      isLogarithmic ? (value < 0 ? -log1p(-value) : log1p(value)) : value
    }
    let start = position(knots[next - 1])
    let share = (position(value) - start) / (position(knots[next]) - start)
    return [next - 1: 1 - share, next: share]
  }

  private func margin(_ row: [String], _ model: [String: Any]) throws -> Double {
    var margin = try #require(model["intercept"] as? Double)
    for term in try #require(model["terms"] as? [[String: Any]]) {
      let scales = try #require(term["scales"] as? [[String: Any]])
      let values = try #require(term["values"] as? [Double])
      let places = try scales.map { scale in
        let column = try #require(Self.header.firstIndex(of: scale["feature"] as? String ?? ""))
        return try place(row[column], scale)
      }
      for (first, share) in places[0] {
        guard places.count == 2 else {
          margin += share * values[first]
          continue
        }
        let width = try #require(scales[1]["nodes"] as? Int)
        for (second, other) in places[1] { margin += share * other * values[first * width + second] }
      }
    }
    return margin
  }

  @Test(
    "predictions can be computed from knots, edges, levels and missing nodes", arguments: ["none", "beta"])
  func recomputed(calibration: String) throws {
    let revisit = try Revisit()
    let lines = zip(Self.rows, Self.labels).map { ($0 + [$1 ? "1" : "0"]).joined(separator: ",") }
    try revisit.write(
      "t.csv", ([(Self.header + ["y"]).joined(separator: ",")] + lines).joined(separator: "\n") + "\n")
    let run = try revisit(
      "train --table t.csv --label y --shape tenure=bins --shape income=log --calibration \(calibration) --name m"
    )
    #expect(run.status == 0, "\(run.talk)")
    let model = try revisit("models show m --json").json
    let scales = try #require(model["terms"] as? [[String: Any]]).flatMap {
      $0["scales"] as? [[String: Any]] ?? []
    }
    for part in ["knots", "edges", "levels"] { #expect(scales.contains { $0[part] != nil }, "\(part)") }
    #expect(scales.contains { $0["missing_node"] is Int } && scales.contains { $0["pool"] is Int })
    #expect(scales.contains { $0["logarithmic"] as? Bool == true })
    #expect((model["terms"] as? [[String: Any]])?.contains { ($0["scales"] as? [Any])?.count == 2 } == true)
    #expect(try revisit("score --model m --table t.csv --out s.csv").status == 0)
    let scored = try revisit.rows("s.csv").dropFirst().compactMap { Double($0[0]) }
    #expect(scored.count == Self.rows.count)
    let beta =
      ((model["calibration"] as? [String: Any])?["parameters"] as? [String: Any])?.compactMapValues {
        $0 as? Double
      }
    #expect((beta != nil) == (calibration == "beta"))
    for (row, probability) in zip(Self.rows, scored) {
      let own = 1 / (1 + exp(-(try margin(row, model))))
      let calibrated = beta.map { beta in
        let (low, high) = (beta["low_slope"] ?? .nan, beta["high_slope"] ?? .nan)
        let free = 1 / (1 + exp(-(low * log(own) - high * log1p(-own) + (beta["intercept"] ?? .nan))))
        // Beyond the share of a row it goes on at half its pace.
        let share = beta["row_share"] ?? .nan
        return free < share ? (free + share) / 2 : free > 1 - share ? (free + 1 - share) / 2 : free
      }
      #expect(abs((calibrated ?? own) - probability) < 1e-9, "\(row)")
    }
  }
}
