import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Few rows for many columns")
struct OverallPenaltyTests {
  /// Normal columns, of which the first moves the log-odds.
  private static func table(rows: Int, columns: Int = 20, effect: Double, seed: UInt64) -> TestTable {
    var state = seed
    func uniform() -> Double {
      state &+= 1
      return Double(SplitMix64.number(state) >> 11) * 0x1p-53
    }
    func normal() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
    var table = TestTable(count: 0)
    table.features = (0..<columns).map { FeatureColumn(name: "x\($0)", kind: .numeric) }
    for _ in 0..<rows {
      let row = (0..<columns).map { _ in normal() }
      table.rows.append(row)
      table.labels.append(uniform() < 1 / (1 + exp(0.8 - effect * row[0])))
    }
    return table
  }

  /// Mean log loss on new rows beyond that of the true probabilities.
  private static func excess(rows: Int, effect: Double, seed: UInt64) throws -> Double {
    let test = table(rows: 1000, effect: effect, seed: seed + 1_000_000)
    let fit = try table(rows: rows, effect: effect, seed: seed).terms()
    func loss(_ margin: Double, _ probability: Double) -> Double {
      log1p(exp(margin)) - probability * margin
    }
    let margins = fit.model.margins(test.rows)
    return zip(margins, test.rows).reduce(0) { sum, row in
      let truth = effect * row.1[0] - 0.8
      let probability = 1 / (1 + exp(-truth))
      return sum + (loss(row.0, probability) - loss(truth, probability)) / 1000
    }
  }

  @Test("columns of pure noise leave little but the share of positives")
  func noise() throws {
    let seeds = (0..<6).map { UInt64($0) * 77_777 }
    let mean = try seeds.map { try Self.excess(rows: 300, effect: 0, seed: $0) }.reduce(0, +) / 6
    #expect(mean < 0.008)
  }

  @Test("a strong column keeps its effect among columns of noise")
  func strong() throws {
    let seeds = (0..<3).map { UInt64($0) * 77_777 }
    let mean = try seeds.map { try Self.excess(rows: 300, effect: 1.5, seed: $0) }.reduce(0, +) / 3
    #expect(mean < 0.05)
  }

  @Test(
    "the curvature of more coefficients than rows is that of the matrix, and so is the least of its model")
  func rowSpace() throws {
    let table = Self.table(rows: 40, columns: 30, effect: 1, seed: 5)
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: nil)
    var options = TermOptions()
    options.knots = 6
    var search = try StructureSearch(data: data, groups: nil, options: options)
    let axes = search.candidates.scales.enumerated().compactMap { feature, scales in
      scales.map { (feature, $0.own) }
    }
    for (axis, column) in zip(axes, search.place(axes, search.rows.rows)) { search.append([axis], [column]) }
    let (objective, layout) = (search.objective, search.layout)
    var state = search.state
    for column in state.coefficients.indices { state.coefficients[column] = sin(Double(column)) / 20 }
    for group in state.penalties.indices { state.penalties[group] = Double(1 + group % 5) }
    let active = state.activeColumns(layout)
    try #require(active.count > 40)
    let look = objective.look(state)

    let rows = TermRowSpace(objective, look, active: active)
    let matrix = objective.curvature(look, active: active)
    let vector = (0...active.count).map { cos(Double($0)) }
    let products = (0...active.count).map { row in
      (0...active.count).reduce(0) { $0 + matrix[row, $1] * vector[$1] }
    }
    #expect(greatestDifference(rows.curvature(times: vector), products) < 1e-10)

    // The model's least is one Newton step away.
    let some = active.filter { $0 % 3 != 1 }
    for column in active where column % 3 == 1 { state.coefficients[column] = 0 }
    let own = objective.look(state)
    let factor = try Cholesky(objective.hessian(own, state, active: some))
    let step = factor.solve(objective.gradient(own, state, active: some))
    let solution = try TermLossModel(objective, own, state)
      .solve(some, state, layout, Parallel(threads: 2))
    let expected = zip([state.intercept] + some.map { state.coefficients[$0] }, step).map { $0 - $1 }
    #expect(greatestDifference(solution.coefficients, expected) < 1e-10)
    let inverse = factor.inverse()
    let variances = (1...some.count).map { inverse[$0, $0] }
    #expect(greatestDifference(solution.variances(), variances) < 1e-10)
  }
}
