import ChurnModel
import LinearAlgebra
import Testing

@Suite("Penalty factors and offsets of a fit")
struct PenaltyFactorTests {
  private let table = TestTable(count: 1500)

  private func fit(
    offsets: [Double]?, clusters: [Int32]? = nil, _ change: (inout LogisticOptions) -> Void = { _ in }
  ) throws(ChurnModelError) -> LogisticFit {
    var options = LogisticOptions()
    change(&options)
    return try LogisticRegression.fit(
      features: table.features, values: table.values, labels: table.labels, offsets: offsets,
      clusters: clusters, options: options)
  }

  @Test("equal factors are a greater penalty, and a great factor leaves a feature out")
  func factors() throws {
    let doubled = Dictionary(uniqueKeysWithValues: table.features.map { ($0.name, 2.0) })
    let twice = try table.fit { $0.penaltyFactors = doubled }
    let stronger = try table.fit { $0.penalty = 2e-3 }
    #expect(difference(twice.model, stronger.model) < 1e-12)
    #expect(twice.certificate.squaredNewtonDecrement == stronger.certificate.squaredNewtonDecrement)
    let without = try table.fit { $0.penaltyFactors = ["loyal": 1e9] }
    let loyal = try #require(without.coefficients["loyal"])
    #expect(loyal.estimate.magnitude < 1e-6)
    let plain = try table.fit()
    #expect(without.effectiveParameters < plain.effectiveParameters - 0.9)
    #expect(without.effectiveParameters > plain.effectiveParameters - 1.1)
  }

  @Test("a feature without a penalty that separates is an error, one with a penalty is not")
  func separation() throws {
    let features = [FeatureColumn(name: "x", kind: .numeric), FeatureColumn(name: "y", kind: .numeric)]
    let values = Matrix((0..<40).map { [Double($0), Double(($0 * 17) % 40)] })
    let labels = (0..<40).map { $0 >= 20 }
    var options = LogisticOptions()
    options.penaltyFactors = ["x": 0]
    let error = #expect(throws: ChurnModelError.self) {
      try LogisticRegression.fit(features: features, values: values, labels: labels, options: options)
    }
    #expect(error?.code == .separated)
    #expect(error?.message.contains("x (rising)") == true)
    options.penaltyFactors = ["y": 0]
    #expect(throws: Never.self) {
      try LogisticRegression.fit(features: features, values: values, labels: labels, options: options)
    }
  }

  @Test("a constant offset moves the intercept only; errors, null model and tests stay")
  func constantOffset() throws {
    let clusters = table.labels.indices.map { Int32($0 % 100) }
    let offsets = [Double](repeating: -1.5, count: table.labels.count)
    let plain = try fit(offsets: nil, clusters: clusters)
    let shifted = try fit(offsets: offsets, clusters: clusters)
    #expect((plain.model.intercept + 1.5 - shifted.model.intercept).magnitude < 1e-10)
    for (one, other) in zip(plain.model.columns, shifted.model.columns) {
      #expect((one.coefficient - other.coefficient).magnitude < 1e-10)
    }
    #expect((plain.model.training.nullLogLoss - shifted.model.training.nullLogLoss).magnitude < 1e-12)
    for (one, other) in zip(plain.coefficients.rows, shifted.coefficients.rows) {
      for kind in CoefficientTable.ErrorKind.allCases {
        let (first, second) = (try #require(one.error(kind)), try #require(other.error(kind)))
        #expect((first / second - 1).magnitude < 1e-9)
      }
    }
    let test = try plain.likelihoodRatioTest(without: ["age"], values: table.values, labels: table.labels)
    let shiftedTest = try shifted.likelihoodRatioTest(
      without: ["age"], values: table.values, labels: table.labels, offsets: offsets)
    #expect((test.statistic / shiftedTest.statistic - 1).magnitude < 1e-8)
  }

  @Test("the margins of a fit as offsets leave nothing to explain")
  func ownMargins() throws {
    let first = try table.fit { $0.penalty = 0 }
    let second = try fit(offsets: first.model.margins(table.rows)) { $0.penalty = 0 }
    #expect(second.model.intercept.magnitude < 1e-9)
    #expect(second.model.columns.allSatisfy { $0.coefficient.magnitude < 1e-9 })
    #expect((second.model.training.nullLogLoss - first.model.training.logLoss).magnitude < 1e-13)
  }
}
