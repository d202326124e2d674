import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Coefficients within bounds")
struct ConstraintTests {
  private let table = TestTable(count: 1000)
  /// Against the truth for age and loyal, with it for spend.
  private let wrong: [String: CoefficientBounds] = [
    "age": .nonPositive, "loyal": .nonNegative, "spend": .nonPositive,
  ]

  private func fit(
    _ table: TestTable, _ bounds: [String: CoefficientBounds], weights: [Double]? = nil,
    clusters: [Int32]? = nil, _ change: (inout LogisticOptions) -> Void = { _ in }
  ) throws(ChurnModelError) -> LogisticFit {
    var options = LogisticOptions()
    change(&options)
    return try ConstrainedRegression.fit(
      features: table.features, values: table.values, labels: table.labels, bounds: bounds, weights: weights,
      clusters: clusters, options: options)
  }

  @Test("bounds that hold anyway change nothing", arguments: [0, 1e-3])
  func idleBounds(penalty: Double) throws {
    let table = TestTable(count: 2000)
    let free = try table.fit { $0.penalty = penalty }
    for bounds in [[:], ["age": .nonNegative, "loyal": CoefficientBounds(lower: -50, upper: 50)]] {
      let bounded = try fit(table, bounds) { $0.penalty = penalty }
      #expect(difference(free.model, bounded.model) < 1e-10)
      #expect(bounded.constraints?.binding == 0 && bounded.constraints?.constraints.count == bounds.count)
      #expect((bounded.effectiveParameters / free.effectiveParameters - 1).magnitude < 1e-8)
      for (first, second) in zip(free.coefficients.rows, bounded.coefficients.rows) {
        #expect((first.standardError / second.standardError - 1).magnitude < 1e-6)
        #expect(!second.isHeld)
      }
    }
  }

  /// The ridge objective's minimum with some columns left out, by a plain Newton method.
  private func plainMinimum(_ design: [[Double]], _ labels: [Bool], penalty: Double, without: Set<Int>)
    -> (coefficients: [Double], objective: Double)
  {
    let kept = design[0].indices.filter { !without.contains($0) }
    let rows = design.map { row in kept.map { row[$0] } }
    let count = Double(rows.count)
    var coefficients = [Double](repeating: 0, count: kept.count)
    var objective = 0.0
    for _ in 0..<9 {
      var gradient = coefficients.map { penalty * count * $0 }
      gradient[0] = 0
      var hessian = kept.indices.map { i in kept.indices.map { $0 == i && i > 0 ? penalty * count : 0 } }
      objective = penalty / 2 * coefficients.dropFirst().reduce(0) { $0 + $1 * $1 }
      for (row, label) in zip(rows, labels) {
        let margin = zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        let probability = 1 / (1 + exp(-margin))
        objective += (log1p(exp(margin)) - (label ? margin : 0)) / count
        for i in kept.indices {
          gradient[i] += (probability - (label ? 1 : 0)) * row[i]
          for j in 0...i { hessian[i][j] += probability * (1 - probability) * row[i] * row[j] }
        }
      }
      for i in kept.indices { for j in 0..<i { hessian[j][i] = hessian[i][j] } }
      coefficients = zip(coefficients, eliminate(hessian, gradient)).map { $0 - $1 }
    }
    var all = [Double](repeating: 0, count: design[0].count)
    for (index, coefficient) in zip(kept, coefficients) { all[index] = coefficient }
    return (all, objective)
  }

  @Test("of all ways to hold coefficients at 0 the best admissible one is found")
  func enumeration() throws {
    let small = TestTable(count: 240, missing: false)
    let bounds: [String: CoefficientBounds] = [
      "age": .nonPositive, "loyal": .nonNegative, "spend": .nonPositive, "gap": .nonPositive,
    ]
    let fit = try fit(small, bounds) {
      $0.penalty = 0.01
      $0.tolerance = 1e-12
    }
    let design = small.design(fit.model)
    let columns = fit.model.columns
    let bounded = columns.indices.filter { bounds[columns[$0].name] != nil }
    var best: (coefficients: [Double], objective: Double)?
    for choice in 0..<(1 << bounded.count) {
      let without = Set(bounded.indices.filter { choice >> $0 & 1 == 1 }.map { bounded[$0] + 1 })
      let found = plainMinimum(design, small.labels, penalty: 0.01, without: without)
      let isAdmissible = bounded.allSatisfy {
        let sign: Double = bounds[columns[$0].name] == .nonNegative ? 1 : -1
        return sign * found.coefficients[$0 + 1] >= 0
      }
      if isAdmissible, found.objective < best?.objective ?? .infinity { best = found }
    }
    let expected = try #require(best).coefficients
    let held = bounded.filter { expected[$0 + 1] == 0 }
    #expect(!held.isEmpty && held.count < bounded.count)
    for (column, value) in zip(columns, expected.dropFirst()) {
      #expect((column.coefficient - value).magnitude < 1e-9)
    }
    let kkt = try #require(fit.constraints)
    #expect(
      kkt.constraints.filter { $0.binding != nil }.map(\.name) == held.map { columns[$0].name })
  }

  @Test("the conditions of the optimum are met, and a multiplier is what a looser bound is worth")
  func conditions() throws {
    let fit = try fit(table, wrong)
    let kkt = try #require(fit.constraints)
    #expect(kkt.maximumViolation == 0 && kkt.complementarity == 0 && kkt.stationarity < 1e-12)
    #expect(kkt.binding == 2)
    for name in ["age", "loyal"] {
      let constraint = try #require(kkt.constraints.first { $0.name == name })
      #expect(constraint.multiplier > 0.001 && constraint.estimate == 0)
      let scale = try #require(fit.model.columns.first { $0.name == name }).scale
      let loosening = 1e-5
      var looser = wrong
      looser[name] =
        name == "age"
        ? CoefficientBounds(upper: loosening / scale) : CoefficientBounds(lower: -loosening / scale)
      let fall =
        fit.model.training.objective - (try self.fit(table, looser).model.training.objective)
      #expect((fall / loosening / constraint.multiplier - 1).magnitude < 1e-3)
      let row = try #require(fit.coefficients[name])
      #expect(row.isHeld && row.standardError == 0 && row.pValue == 1)
    }
    #expect(kkt.constraints.first { $0.name == "spend" }?.multiplier == 0)
    #expect(fit.coefficients.meaning.contains("2 coefficients are held"))
    let data = try JSONEncoder().encode(kkt)
    #expect(try JSONDecoder().decode(KKTConditions.self, from: data) == kkt)
  }

  @Test("errors are those of a fit without the held columns")
  func errors() throws {
    let clusters = table.labels.indices.map { Int32($0 % 83) }
    var without = table
    without.features[3] = FeatureColumn(name: "loyal", kind: .unused)
    let bounded = try fit(table, ["loyal": .nonNegative], clusters: clusters) { $0.tolerance = 1e-12 }
    let reduced = try without.fit(clusters: clusters) { $0.tolerance = 1e-12 }
    #expect(bounded.constraints?.binding == 1)
    for row in reduced.coefficients.rows {
      let other = try #require(bounded.coefficients[row.name])
      for kind in CoefficientTable.ErrorKind.allCases {
        #expect((try #require(row.error(kind)) / (try #require(other.error(kind))) - 1).magnitude < 1e-8)
      }
    }
    #expect((bounded.effectiveParameters - reduced.effectiveParameters).magnitude < 1e-8)
    #expect((bounded.akaikeCriterion - reduced.akaikeCriterion).magnitude < 1e-6)
  }

  @Test("weights, order of rows, units and signs of columns, and threads do what they do without bounds")
  func metamorphic() throws {
    let weights = table.labels.indices.map { [2.0, 1, 0][$0 % 3] }
    let original = try fit(table, wrong, weights: weights)
    var changed = table
    let order = table.labels.indices.map { ($0 * 7 + 3) % table.labels.count }
    #expect(Set(order).count == table.labels.count)
    let repeated = order.flatMap { [$0, $0].prefix(Int(weights[$0])) }
    changed.rows = repeated.map { row in
      var values = table.rows[row]
      values[0] *= -1e6
      return values
    }
    changed.labels = repeated.map { table.labels[$0] }
    var bounds = wrong
    bounds["age"] = .nonNegative
    for threads in [1, 3, 8] {
      let other = try fit(changed, bounds) { $0.parallel = Parallel(threads: threads) }
      #expect(difference(original.model, other.model) < 1e-10)
      #expect(other.constraints?.constraints.map(\.binding) == [.lower, nil, .lower])
    }
    let threads = try [1, 2, 8].map { threads in
      try fit(table, wrong) { $0.parallel = Parallel(threads: threads) }
    }
    #expect(threads.allSatisfy { $0.coefficients == threads[0].coefficients })
    #expect(threads.allSatisfy { $0.constraints == threads[0].constraints })
  }

  @Test("the proven gap to the best objective within the bounds holds", arguments: [1e-1, 1e-2, 1e-4, 1e-6])
  func gap(tolerance: Double) throws {
    let tight = try fit(table, wrong) { $0.tolerance = 1e-13 }.model.training.objective
    let loose = try fit(table, wrong) { $0.tolerance = tolerance }
    let gap = loose.model.training.objective - tight
    #expect(gap >= -4 * Double.ulpOfOne)
    if let bound = loose.certificate.gapBound { #expect(gap <= bound + 4 * Double.ulpOfOne) }
    if tolerance <= 1e-4 { #expect(try #require(loose.certificate.gapBound) < 1e-4) }
  }

  @Test("a column that separates is no trouble where its direction is not admitted, and named where it is")
  func separation() throws {
    var separated = TestTable(count: 600, missing: false)
    separated.features[2] = FeatureColumn(name: "region", kind: .unused)
    for index in separated.rows.indices where separated.rows[index][3] == 1 { separated.labels[index] = true }
    let held = try fit(separated, ["loyal": .nonPositive]) { $0.penalty = 0 }
    #expect(held.coefficients["loyal"]?.isHeld == true)
    let error = #expect(throws: ChurnModelError.self) {
      try fit(separated, ["loyal": .nonNegative]) { $0.penalty = 0 }
    }
    #expect(error?.code == .separated && error?.message.contains("loyal (rising)") == true)
  }

  @Test("bounds of what is no column, and those that leave no value, are errors")
  func badBounds() throws {
    let unknown = #expect(throws: ChurnModelError.self) { try fit(table, ["colour": .nonNegative]) }
    #expect(unknown?.code == .invalidFeatures)
    for bounds in [
      CoefficientBounds(lower: 1, upper: 0), CoefficientBounds(lower: .nan),
      CoefficientBounds(lower: .infinity),
    ] {
      let error = #expect(throws: ChurnModelError.self) { try fit(table, ["age": bounds]) }
      #expect(error?.code == .invalidOption)
    }
    // A constant feature has no column, and its bound nothing to hold.
    var constant = table
    for index in constant.rows.indices { constant.rows[index][0] = 5 }
    #expect(throws: Never.self) { try fit(constant, ["age": .nonNegative]) }
  }
}
