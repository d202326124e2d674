import LinearAlgebra
import Testing

@testable import ChurnModel

/// Tables so wide that raw values are transposed and surveyed by whole vectors.
@Suite("Wide tables")
struct WideTableTests {
  /// Every kind of feature several times over, the rows of each copy in another order, with unused ones between.
  private func wide(rows: Int, copies: Int) -> TestTable {
    let narrow = TestTable(count: rows)
    var table = narrow
    table.features = (0..<copies).flatMap { copy in
      narrow.features.map { FeatureColumn(name: "\($0.name)\(copy)", kind: $0.kind) }
        + [FeatureColumn(name: "note\(copy)", kind: .unused)]
    }
    table.rows = (0..<rows).map { row in
      (0..<copies).flatMap { copy in narrow.rows[(row + copy * 37) % rows] + [Double.nan] }
    }
    return table
  }

  @Test("a panel holds the plain design", arguments: [1, 7, 8, 83, 512])
  func design(count: Int) throws {
    let table = wide(rows: 600, copies: 4)
    let model = try table.fit().model
    let expansion = Expansion(features: table.features, columns: model.columns)
    let panel = Panel(columns: expansion.panelColumns)
    expansion.prepare(panel)
    table.values.withUnsafeElements {
      if let first = $0.baseAddress {
        expansion.expand(first: first, stride: table.features.count, count: count, into: panel)
      }
    }
    for (row, expected) in table.design(model).prefix(count).enumerated() {
      for (column, value) in expected.enumerated() {
        #expect((panel.column(column)[row] - value).magnitude < 1e-12, "row \(row), column \(column)")
      }
    }
  }

  @Test(
    "the survey tells each feature's range and what is missing, rows without a weight left out",
    arguments: [4, 1])
  func survey(period: Int) throws {
    let table = wide(rows: 3000, copies: 3)
    let weights = (0..<3000).map { Double($0 % period + (period == 1 ? 2 : 0)) }
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: weights)
    let summaries = try FeatureSurvey.run(data, parallel: Parallel(threads: 2))
    for (feature, summary) in summaries.enumerated() {
      let used = (0..<3000).filter { weights[$0] > 0 }
      let values = used.map { table.rows[$0][feature] }.filter { !$0.isNaN }
      let missing = used.filter { table.rows[$0][feature].isNaN }.reduce(0) { $0 + weights[$1] }
      #expect(summary.missingWeight == missing)
      #expect(summary.least == values.min() ?? .infinity && summary.greatest == values.max() ?? -.infinity)
      for (other, more) in summaries.enumerated() {
        let isSame = used.allSatisfy { table.rows[$0][feature].isNaN == table.rows[$0][other].isNaN }
        #expect((summary.missingPattern == more.missingPattern) == isSame)
      }
    }
  }
}
