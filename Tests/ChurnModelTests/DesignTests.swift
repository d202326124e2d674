import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("From features to design columns")
struct DesignTests {
  private let table = TestTable(count: 2000)

  @Test("missing numbers stand at the training mean and get one indicator for each pattern of missing rows")
  func missing() throws {
    let model = try table.fit { $0.winsorisedShare = 0 }.model
    #expect(model.columns.map(\.name).filter { $0.hasSuffix("_na") } == ["age_na"])
    let shared = try #require(model.droppedFeatures.first { $0.column == "gap_na" })
    #expect(shared.reason.contains("same rows as age"))
    let present = table.rows.map { $0[0] }.filter { !$0.isNaN }
    let mean = present.reduce(0, +) / Double(present.count)
    guard case .value(_, _, let fill) = try #require(model.columns.first).term else {
      Issue.record("the first column is not a value")
      return
    }
    #expect((fill - mean).magnitude < 1e-11)
  }

  @Test("rare levels are pooled, the most frequent level is the base, missing is a level")
  func levels() throws {
    let model = try table.fit().model
    #expect(
      model.columns.map(\.name).filter { $0.hasPrefix("region") } == [
        "region=south", "region=east", "region=other", "region=missing",
      ])
    // "nowhere" never occurred: it counts as a rare level, and so does a value that is no level.
    let row = [40, 100, 4.0, 1, 1]
    let margins = model.margins([row, [40, 100, 3, 1, 1], [40, 100, 17, 1, 1], [40, 100, -2, 1, 1]])
    #expect(margins.allSatisfy { $0 == margins[0] })
    #expect(model.margins([[40, 100, 0, 1, 1]])[0] != margins[0])
  }

  @Test("values beyond the training bounds count as the bounds")
  func winsorised() throws {
    let model = try table.fit { $0.winsorisedShare = 0.01 }.model
    guard case .value(let lower?, let upper?, _) = model.columns[0].term else {
      Issue.record("no bounds")
      return
    }
    let ages = table.rows.map { $0[0] }.filter { !$0.isNaN }.sorted()
    #expect(lower == ages[Int((0.01 * Double(ages.count)).rounded(.up)) - 1])
    #expect(upper == ages[ages.count - Int((0.01 * Double(ages.count)).rounded(.up))])
    let margins = model.margins([[1e6, 0, 0, 0, 1], [upper, 0, 0, 0, 1], [.infinity, 0, 0, 0, 1]])
    #expect(margins[0] == margins[1] && margins[2] == margins[1])
  }

  @Test("constant, empty and repeated columns are dropped and listed with the reason")
  func dropped() throws {
    var wide = table
    wide.features += [
      FeatureColumn(name: "constant", kind: .numeric), FeatureColumn(name: "empty", kind: .logarithm),
      FeatureColumn(name: "twin", kind: .numeric),
      FeatureColumn(name: "one", kind: .category(levels: ["a", "b"])),
    ]
    for index in wide.rows.indices { wide.rows[index] += [0.1, .nan, 3 - 2 * wide.rows[index][1], 1] }
    wide.features[1] = FeatureColumn(name: "spend", kind: .numeric)
    let model = try wide.fit().model
    let reasons = Dictionary(
      model.droppedFeatures.map { ($0.column, $0.reason) }, uniquingKeysWith: { first, _ in first })
    #expect(reasons["constant"]?.contains("same value") == true)
    #expect(reasons["empty"]?.contains("no training row has a value") == true)
    #expect(reasons["twin"]?.contains("the same as spend") == true)
    #expect(reasons["one"]?.contains("same level") == true)
    var plain = table
    plain.features[1] = FeatureColumn(name: "spend", kind: .numeric)
    #expect(difference(model, try plain.fit().model) < 1e-12)
  }

  @Test("a mark that is written as 1 or nothing is used by its indicator and not said to be left out")
  func mark() throws {
    var marked = table
    marked.features.append(FeatureColumn(name: "mark", kind: .flag))
    for index in marked.rows.indices {
      marked.rows[index].append(marked.labels[index] != (index % 4 == 0) ? 1 : .nan)
    }
    let model = try marked.fit().model
    #expect(model.columns.contains { $0.name == "mark_na" })
    #expect(!model.droppedFeatures.contains { $0.feature == "mark" })
    let held = try ConstrainedRegression.fit(
      features: marked.features, values: marked.values, labels: marked.labels,
      bounds: ["mark": CoefficientBounds(lower: 0)])
    #expect(held.model.columns.contains { $0.name == "mark_na" })
  }

  @Test("contributions and the intercept add up to the margin, and are zero for the average row")
  func contributions() throws {
    let model = try table.fit().model
    let margins = model.margins(table.rows)
    let probabilities = model.probabilities(table.rows)
    var sums = [Double](repeating: 0, count: model.features.count)
    for (index, row) in table.rows.enumerated() {
      let parts = row.withUnsafeBufferPointer { model.contributions(row: $0) }
      #expect((parts.reduce(model.intercept, +) - margins[index]).magnitude < 1e-12)
      #expect((probabilities[index] - 1 / (1 + exp(-margins[index]))).magnitude < 1e-15)
      for feature in sums.indices { sums[feature] += parts[feature] }
    }
    #expect(sums.allSatisfy { ($0 / Double(table.rows.count)).magnitude < 1e-12 })
  }

  @Test("predicted probabilities average to the share of positives")
  func calibratedInTheLarge() throws {
    let model = try table.fit().model
    let mean = model.probabilities(table.rows).reduce(0, +) / Double(table.rows.count)
    let share = Double(table.labels.count(where: { $0 })) / Double(table.labels.count)
    #expect((mean - share).magnitude < 1e-12)
  }
}

@Suite("What cannot be fitted")
struct TrainingErrorTests {
  private let table = TestTable(count: 100)

  private func code(_ change: (inout TestTable) -> Void, weights: [Double]? = nil) -> ChurnModelError.Code? {
    var changed = table
    change(&changed)
    do {
      _ = try changed.fit(weights: weights)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("each fault of the data has its own error")
  func faults() {
    #expect(code({ $0.labels = Array(repeating: true, count: 100) }) == .oneClass)
    #expect(code({ $0.labels.removeLast() }) == .lengthMismatch)
    #expect(code({ $0.features.removeLast() }) == .lengthMismatch)
    #expect(code({ $0.rows[17][0] = -.infinity }) == .infiniteValue)
    #expect(code({ $0.rows[17][2] = 5 }) == .invalidValue)
    #expect(code({ $0.rows[17][2] = 0.5 }) == .invalidValue)
    #expect(code({ $0.rows[17][3] = 2 }) == .invalidValue)
    #expect(code({ $0.features[0] = $0.features[4] }) == .invalidFeatures)
    #expect(code({ _ in }, weights: Array(repeating: 0, count: 100)) == .noRows)
    #expect(code({ _ in }, weights: Array(repeating: -1, count: 100)) == .invalidWeight)
    #expect(code({ _ in }, weights: [1]) == .lengthMismatch)
    #expect(code({ _ in }) == nil)
  }

  @Test("no rows at all and impossible options are errors, too")
  func emptyAndOptions() {
    #expect(throws: ChurnModelError.self) {
      try LogisticRegression.fit(features: [], values: Matrix(rows: 0, columns: 0), labels: [])
    }
    let error = #expect(throws: ChurnModelError.self) { try table.fit { $0.penalty = -1 } }
    #expect(error?.code == .invalidOption)
  }

  @Test("the message names feature and row")
  func message() throws {
    var changed = table
    changed.rows[17][0] = .infinity
    let error = #expect(throws: ChurnModelError.self) { try changed.fit() }
    #expect(error?.message.contains("\"age\" in row 18") == true)
  }
}
