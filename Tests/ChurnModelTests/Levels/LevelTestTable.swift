import ChurnModel
import Foundation

extension TestTable {
  /// Rows of many levels and a number that goes with the label; the chances that they were drawn with, too.
  ///
  /// - Parameter spread: standard deviation of the levels' log-odds; with 0 they are noise.
  static func manyLevels(
    _ levels: Int, rowsEach: Int, spread: Double, missingShare: Double = 0, seed: UInt64 = 5
  ) -> (table: TestTable, effects: [Double], chances: [Double]) {
    var state = seed
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    // Sums of uniform numbers are normal enough.
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
    let effects = (0..<levels).map { _ in spread * normal() }
    var table = TestTable(count: 0)
    let names = (0..<levels).map { "level\($0)" }
    table.features = [
      FeatureColumn(name: "number", kind: .numeric),
      FeatureColumn(name: "code", kind: .category(levels: names)),
    ]
    var chances: [Double] = []
    for row in 0..<levels * rowsEach {
      let (level, number) = (row / 2 % levels, normal())
      let isMissing = uniform() < missingShare
      let chance = 1 / (1 + exp(1 - 0.8 * number - (isMissing ? 0 : effects[level])))
      table.rows.append([number, isMissing ? .nan : Double(level)])
      chances.append(chance)
      table.labels.append(uniform() < chance)
    }
    return (table, effects, chances)
  }

  /// Every second row from some first one on.
  func half(_ first: Int) -> TestTable {
    var half = self
    half.rows = stride(from: first, to: rows.count, by: 2).map { rows[$0] }
    half.labels = stride(from: first, to: rows.count, by: 2).map { labels[$0] }
    return half
  }
}

/// Mean log loss of margins.
func logLoss(_ margins: [Double], _ labels: [Bool]) -> Double {
  zip(margins, labels).reduce(0) { $0 + log1p(exp($1.1 ? -$1.0 : $1.0)) } / Double(labels.count)
}
