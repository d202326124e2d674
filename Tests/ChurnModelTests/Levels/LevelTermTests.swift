import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Categories with many levels")
struct LevelTermTests {
  private static let signal = TestTable.manyLevels(150, rowsEach: 80, spread: 1, missingShare: 0.05)
  private static let train = signal.table.half(0)
  private static let test = signal.table.half(1)
  private static let fit = Result { try train.terms() }

  private func term(_ model: TermModel) throws -> TermModel.Term {
    try #require(model.terms.first { $0.name == "code" })
  }

  @Test("effects of levels are found: fresh rows are told nearly as well as by the true chances")
  func found() throws {
    let model = try Self.fit.get().model
    let chances = stride(from: 1, to: Self.signal.chances.count, by: 2).map { Self.signal.chances[$0] }
    let best = logLoss(chances.map { log($0 / (1 - $0)) }, Self.test.labels)
    let own = logLoss(model.margins(Self.test.rows), Self.test.labels)
    var without = Self.train
    without.features[1] = FeatureColumn(name: "code", kind: .unused)
    let plain = logLoss(try without.terms().model.margins(Self.test.rows), Self.test.labels)
    #expect(plain - best > 0.05)
    #expect(own - best < 0.25 * (plain - best), "\(plain), \(own), \(best)")
  }

  @Test("effects are drawn to 0, and their errors say how far they are from the true ones")
  func shrunk() throws {
    let term = try term(Self.fit.get().model)
    // Levels are nodes in their order: each has rows enough.
    let values = Array(term.values.prefix(150))
    func squares(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } / Double(values.count) }
    #expect(squares(values) < squares(Self.signal.effects))
    #expect(squares(values) > 0.5 * squares(Self.signal.effects))
    let centre = zip(values, Self.signal.effects).reduce(0) { $0 + $1.1 - $1.0 } / 150
    let held = (0..<150).count { level in
      (values[level] + centre - Self.signal.effects[level]).magnitude < 1.96 * term.errors[level]
    }
    #expect((135...149).contains(held), "\(held) of 150")
    #expect(term.effectiveParameters > 75 && term.effectiveParameters < 150)
  }

  @Test("levels that are noise are left out, and the other terms are what they are without them")
  func noise() throws {
    let table = TestTable.manyLevels(300, rowsEach: 8, spread: 0).table
    let model = try table.terms().model
    #expect(model.terms.map(\.name) == ["number"])
    #expect(
      model.droppedFeatures.first { $0.feature == "code" }?.reason
        == "its 300 levels tell no more about rows they have not seen than chance does")
    var without = table
    without.features[1] = FeatureColumn(name: "code", kind: .unused)
    #expect(try without.terms().model.terms == model.terms)
  }

  @Test("the table of levels in the model's file is the model: it scores the same to the bit")
  func file() throws {
    let model = try Self.fit.get().model
    let again = try AnyModel(json: model.json())
    let values = Self.test.values
    #expect(again.margins(values) == AnyModel.terms(model).margins(values))
    let bound = try AnyModel.terms(model).bound(to: Self.test.features)
    #expect(bound.margins(values) == again.margins(values))
  }

  @Test("a margin is the intercept and what the terms add; what training never showed adds nothing")
  func additions() throws {
    let model = try Self.fit.get().model
    let position = try #require(model.terms.firstIndex { $0.name == "code" })
    for (row, margin) in zip(Self.test.rows, model.margins(Self.test.rows)).prefix(200) {
      let additions = row.withUnsafeBufferPointer { model.contributions($0) }
      #expect((additions.reduce(model.intercept, +) - margin).magnitude < 1e-12)
      #expect(row[1].isNaN || additions[position] == model.terms[position].values[Int(row[1])])
    }
    #expect([0, -1].withUnsafeBufferPointer { model.contributions($0) }[position] == 0)
  }

  @Test("rare levels are pooled, and unseen ones belong to them")
  func pooled() throws {
    var table = Self.train
    let names = (0..<150).map { "level\($0)" } + ["rare", "unseen"]
    table.features[1] = FeatureColumn(name: "code", kind: .category(levels: names))
    for row in 0..<4 { table.rows[row][1] = 150 }
    let term = try term(table.terms().model)
    guard case .levels(let groups, let pool) = term.scales[0].nodes else {
      Issue.record("the term has no levels")
      return
    }
    #expect(pool == 150 && groups[150] == [150] && groups.count == 151)
    #expect(term.scales[0].place(151) == term.scales[0].place(150))
  }

  @Test("the number of threads changes no bit")
  func threads() throws {
    let one = try Self.train.terms { $0.parallel = Parallel(threads: 1) }.model
    let three = try Self.train.terms { $0.parallel = Parallel(threads: 3) }.model
    #expect(one.terms == three.terms && one.intercept == three.intercept)
  }

  @Test("margins of held-out rows are as good as those of fresh rows, and no better")
  func heldOut() throws {
    let fit = try Self.fit.get()
    // Every level has rows in every fold.
    let folds = Self.train.labels.indices.map { $0 / 150 % 5 }
    let margins = try fit.heldOutMargins(
      values: Self.train.values, labels: Self.train.labels, weights: nil, folds: folds, options: TermOptions()
    )
    let fresh = logLoss(fit.model.margins(Self.test.rows), Self.test.labels)
    #expect((logLoss(margins, Self.train.labels) - fresh).magnitude < 0.02)
    var labels = Self.train.labels
    for row in labels.indices where folds[row] == 2 { labels[row].toggle() }
    let changed = try fit.heldOutMargins(
      values: Self.train.values, labels: labels, weights: nil, folds: folds, options: TermOptions())
    #expect(folds.indices.allSatisfy { folds[$0] != 2 || changed[$0] == margins[$0] })
  }

  @Test("intervals know that levels are known by their rows only: the fewer, the wider")
  func intervals() throws {
    let fit = try Self.fit.get()
    let covariance = try MarginCovariance(json: #require(MarginCovariance(fit)).json())
    let scorer = try IntervalScorer(.terms(fit.model), covariance: covariance)
    let term = try term(fit.model)
    let rows = Matrix([[0.0, 3], [0, .nan], [0, -1]])
    let found = scorer.intervals(rows)
    func reach(_ row: Int) -> Double {
      let ends = [found.lower[row], found.upper[row]].map { log($0 / (1 - $0)) }
      return (ends[1] - ends[0]) / 2 / 1.959964
    }
    // What a level varies by itself is nearly all that its margin varies.
    #expect((reach(0) - term.errors[3]).magnitude < 0.1 * term.errors[3])
    #expect(reach(1) < reach(0) && reach(0) < reach(2))
  }
}
