import Testing

@testable import ChurnModel

@Suite("Where raw values lie on the nodes of a term")
struct TermScaleTests {
  private let knots = TermScale(nodes: .knots([0, 1, 4]), hasMissing: true)
  private let levels = TermScale(nodes: .levels([[2], [0, 3]], pool: 1), hasMissing: false)

  @Test(
    "a number takes a share of both neighbouring knots, and the outermost one beyond them",
    arguments: [
      (-5.0, 0, 0.0), (0, 0, 0), (0.25, 0, 0.25), (1, 1, 0), (2.5, 1, 0.5), (4, 1, 1), (1e300, 1, 1),
    ])
  func numbers(value: Double, node: Int, share: Double) {
    #expect(knots.place(value) == TermScale.Place(node: node, share: share))
  }

  @Test("a missing value has its node, or counts for nothing where training missed none")
  func missing() {
    #expect(knots.place(.nan) == TermScale.Place(node: 3, share: 0))
    let complete = TermScale(nodes: .knots([0, 1, 4]), hasMissing: false)
    #expect(complete.place(.nan) == TermScale.Place(node: 2, share: 1))
    #expect(complete.count == 4)
  }

  @Test(
    "a level lies on its node, a pooled or unseen one on the pool",
    arguments: [(2.0, 0), (0, 1), (3, 1), (1, 1), (99, 1), (-1, 1)])
  func levels(value: Double, node: Int) {
    #expect(levels.place(value) == TermScale.Place(node: node, share: 0))
  }

  @Test("an unseen level counts for nothing where no level was pooled")
  func noPool() {
    let scale = TermScale(nodes: .levels([[0], [1]], pool: nil), hasMissing: false)
    #expect(scale.place(7) == TermScale.Place(node: 1, share: 1))
  }

  @Test("knots are quantiles of the weight, so that a weight of 2 is the value twice")
  func weightedKnots() throws {
    let values = (0..<200).map { Double($0 * $0 % 331) }
    func scale(_ values: [Double], _ weights: [Double]) throws -> TermScale? {
      let data = try TrainingData(
        features: [FeatureColumn(name: "x", kind: .numeric)], values: .init(values.map { [$0] }),
        labels: values.indices.map { $0 % 2 == 0 }, weights: weights)
      return TermScale.number(
        ValueDistribution(data, feature: 0, rows: values.indices.map(Int32.init)), mostKnots: 9)
    }
    let weighted = try scale(values, values.indices.map { $0 % 3 == 0 ? 2 : 1 })
    let repeated = values + values.indices.filter { $0 % 3 == 0 }.map { values[$0] }
    #expect(try weighted == scale(repeated, repeated.map { _ in 1 }))
    guard case .knots(let knots) = try #require(weighted).nodes else {
      Issue.record("no knots")
      return
    }
    #expect(knots.count == 9)
    #expect(zip(knots, knots.dropFirst()).allSatisfy { $0 < $1 })
  }
}

@Suite("The directions of a term")
struct TermBasisTests {
  private let scale = TermScale(nodes: .knots([0, 1, 2.5, 3, 7, 20]), hasMissing: true)
  private let weights = [10.0, 20, 5, 30, 20, 15, 8, 0]

  @Test("every direction of a number has the weighted mean 0, the straight one variance 1")
  func centred() {
    let basis = TermBasis(scale: scale, nodeWeights: weights, isLogarithm: false)
    #expect(basis.columns == 6)
    #expect(basis.groups == [0, 1, 1, 1, 1, 2])
    for column in 0..<5 {
      let values = (0..<6).map { basis.values[$0 * basis.columns + column] }
      #expect(zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }.magnitude < 1e-10)
    }
    let line = (0..<6).map { basis.values[$0 * basis.columns] }
    #expect((zip(line, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } - 100).magnitude < 1e-10)
    #expect((line[1] - line[0] - (line[3] - line[2]) * 2).magnitude < 1e-12)
  }

  @Test("the sum of squares of rough coefficients is the least sum of squared steps over all straight lines")
  func roughness() {
    let basis = TermBasis(scale: scale, nodeWeights: weights, isLogarithm: false)
    let line = (0..<6).map { basis.values[$0 * basis.columns] }
    /// Least Σ(Δf + a·Δline)², by the formula of a regression on one column.
    func steps(_ values: [Double]) -> Double {
      let own = zip(values.dropFirst(), values).map { $0 - $1 }
      let straight = zip(line.dropFirst(), line).map { $0 - $1 }
      let along = zip(own, straight).reduce(0) { $0 + $1.0 * $1.1 }
      return own.reduce(0) { $0 + $1 * $1 } - along * along / straight.reduce(0) { $0 + $1 * $1 }
    }
    let trials: [[Double]] = [[1, 0, 0, 0], [0, 0, 1, 0], [1, -2, 0.5, 3], [-1, 4, 2, 2]]
    let ratios = trials.map { coefficients in
      let values = (0..<6).map { node in
        coefficients.indices.reduce(0) { $0 + coefficients[$1] * basis.values[node * basis.columns + 1 + $1] }
      }
      return steps(values) / coefficients.reduce(0) { $0 + $1 * $1 }
    }
    for ratio in ratios { #expect((ratio / ratios[0] - 1).magnitude < 1e-9) }
  }

  @Test("rough directions do not go together in the rows, and the first moves them most")
  func principal() {
    let basis = TermBasis(scale: scale, nodeWeights: weights, isLogarithm: false)
    func product(_ first: Int, _ second: Int) -> Double {
      (0..<6).reduce(0) {
        $0 + weights[$1] * basis.values[$1 * basis.columns + first]
          * basis.values[$1 * basis.columns + second]
      }
    }
    for first in 1..<5 {
      for second in 1..<first { #expect(product(first, second).magnitude < 1e-9 * product(1, 1)) }
    }
    let powers = basis.powers(weights)
    #expect(zip(powers[1..<4], powers[2..<5]).allSatisfy { $0 > $1 })
    #expect((powers[2] - product(2, 2) / weights.reduce(0, +)).magnitude < 1e-12)
  }

  @Test("missing values have a direction of their own and take no part in the others")
  func missing() {
    let basis = TermBasis(scale: scale, nodeWeights: weights, isLogarithm: false)
    let row = (0..<basis.columns).map { basis.values[6 * basis.columns + $0] }
    #expect(row == [0, 0, 0, 0, 0, 1])
    #expect((0..<basis.columns).allSatisfy { basis.values[7 * basis.columns + $0] == 0 })
  }

  @Test("two knots have a straight direction only, and categories one a level with the weighted mean 0")
  func small() {
    let flag = TermBasis(
      scale: TermScale(nodes: .knots([0, 1]), hasMissing: false), nodeWeights: [60, 40, 0], isLogarithm: false
    )
    #expect(flag.columns == 1)
    let levels = TermBasis(
      scale: TermScale(nodes: .levels([[0], [1], [2]], pool: nil), hasMissing: false),
      nodeWeights: [50, 30, 20, 0], isLogarithm: false)
    #expect(levels.columns == 3)
    for column in 0..<3 {
      let mean = (0..<3).reduce(0) { $0 + levels.values[$1 * 3 + column] * [50, 30, 20][$1] }
      #expect(mean.magnitude < 1e-10)
    }
  }
}
