import ChurnModel
@testable import Evaluation
import Foundation
import LinearAlgebra
import Tables
import Testing

/// Offsets and elastic nets on tables.
@Suite("Offsets and elastic nets on tables")
struct OffsetTests {
  private let invented = InventedTable()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The invented table with one more column.
  private func lines(_ name: String, _ value: (Int) -> String) -> [String] {
    zip([name] + invented.rows.indices.map(value), invented.lines).map { "\($1),\($0)" }
  }

  private func training(_ lines: [String], offset: String?, _ file: String) throws -> TableTraining {
    var roles = InventedTable.roles()
    roles.offset = offset
    var training = TableTraining(try TrainingTable(folder.table(lines, name: file), roles: roles))
    training.learner = .coefficients(LogisticOptions(), choosesPenalty: false)
    return training
  }

  @Test("an offset that is the same for all rows moves the intercept alone")
  func constant() throws {
    let plain = try training(invented.lines, offset: nil, "plain.csv")
    let moved = try training(lines("shift") { _ in "0.75" }, offset: "shift", "moved.csv")
    let (first, second) = (try plain.fit().model, try moved.fit().model)
    guard case .coefficients(let one) = first, case .coefficients(let other) = second else {
      Issue.record("coefficients were asked for")
      return
    }
    #expect((one.intercept - other.intercept - 0.75).magnitude < 1e-9)
    let rows = Array(plain.table.labels.indices)
    for (left, right) in zip(plain.probabilities(first, rows: rows), moved.probabilities(second, rows: rows))
    {
      #expect((left - right).magnitude < 1e-10)
    }
    let folds = try TableCrossValidation.run(plain, folds: try #require(plain.table.folds))
    let movedFolds = try TableCrossValidation.run(moved, folds: try #require(moved.table.folds))
    for (left, right) in zip(folds, movedFolds) {
      #expect((left.metrics.logLoss - right.metrics.logLoss).magnitude < 1e-10)
    }
  }

  @Test("scoring needs the offset, adds it, and refuses rows without one")
  func scoring() throws {
    let training = try training(lines("own") { "\(Double($0 % 7) / 3 - 1)" }, offset: "own", "own.csv")
    #expect(!training.table.features.contains { $0.name == "own" })
    let model = try AnyModel(json: training.fit(metadata: training.table.schema.metadata).model.json())
    let scored = try ScoringTable(folder.table(lines("own") { _ in "0" }, name: "none.csv"), model: model)
    let raised = try ScoringTable(folder.table(lines("own") { _ in "1.5" }, name: "more.csv"), model: model)
    for (low, high) in zip(scored.probabilities(model), raised.probabilities(model)) {
      #expect((log(high / (1 - high)) - log(low / (1 - low)) - 1.5).magnitude < 1e-9)
    }
    #expect(throws: TableError.self) {
      try ScoringTable(folder.table(invented.lines, name: "without.csv"), model: model)
    }
    let error = #expect(throws: TableError.self) {
      try ScoringTable(folder.table(lines("own") { $0 == 4 ? "" : "1" }, name: "gap.csv"), model: model)
    }
    #expect(error?.message.contains("\"own\" is missing in row 5") == true)
  }

  @Test("an elastic net is judged by fits that choose inside the fold; order and doubled rows change nothing")
  func elasticNet() throws {
    let roles = InventedTable.roles(weight: true)
    var choice = ElasticNetChoice(mixing: 1)
    choice.rule = .oneStandardError
    choice.count = 12
    let learner = TableLearner.elasticNet(choice, LogisticOptions())
    func everything(_ lines: [String], _ name: String) throws -> (
      probabilities: [Double], folds: [TableCrossValidation.Fold]
    ) {
      try TableTraining(try TrainingTable(folder.table(lines, name: name), roles: roles)).everything(
        learner: learner)
    }
    let plain = try everything(invented.lines, "plain.csv")
    let order = Array(invented.header.indices.reversed())
    #expect(try everything(invented.lines(columns: order), "order.csv").probabilities == plain.probabilities)
    let place = invented.index("weight")
    let doubled = invented.rows.flatMap { row -> [[String]] in
      let count = Int(row[place]) ?? 1
      var single = row
      single[place] = "1"
      return Array(repeating: single, count: count)
    }
    let twice = try everything(invented.lines(doubled), "twice.csv")
    var row = 0
    for (index, cells) in invented.rows.enumerated() {
      #expect((plain.probabilities[index] - twice.probabilities[row]).magnitude < 1e-6)
      row += Int(cells[place]) ?? 1
    }
    for (left, right) in zip(plain.folds, twice.folds) {
      #expect(((left.fit.penalty ?? 0) / (right.fit.penalty ?? 1) - 1).magnitude < 1e-6)
    }
  }
}

@Suite("Folds of elastic nets on histories")
struct ElasticNetFoldTests {
  @Test(
    "by time every date but the first is held out, by customer ten folds are, fewer where there are fewer")
  func folds() throws {
    let rows = (0..<360).map { [Double($0 * 37 % 101), Double($0 * 59 % 23)] }
    let labels = rows.indices.map { rows[$0][0] + Double($0 * 71 % 97) > 100 }
    let features = ["a", "b"].map { FeatureColumn(name: $0, kind: .numeric) }
    func folds(_ folds: ElasticNetChoice.Folds, customers: Int32) throws -> [String] {
      var choice = ElasticNetChoice(mixing: 1)
      choice.folds = folds
      choice.count = 5
      let fit = try choice.fit(
        features: features, values: Matrix(rows), labels: labels,
        groups: rows.indices.map { Int32($0) % customers }, dates: rows.indices.map { Int32($0 / 120 * 91) },
        options: LogisticOptions(), metadata: [:])
      return try #require(fit.selection?.validation).folds.map(\.name)
    }
    #expect(try folds(.time, customers: 100) == ["period 91", "period 182"])
    #expect(try folds(.customer, customers: 100).count == 10)
    #expect(try folds(.customer, customers: 4).count == 4)
  }
}
