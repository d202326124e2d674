import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Elastic nets whose penalty is chosen")
struct ElasticNetRegressionTests {
  private let table = TestTable(count: 900)
  private let customers = (0..<900).map { Int32($0 / 3) }

  private func fit(
    mixing: Double = 1, rule: PenaltySelection.Rule = .minimum, penalty: Double? = nil,
    tolerance: Double = 1e-8, clusters: Bool = false, _ change: (inout LogisticOptions) -> Void = { _ in }
  ) throws(ChurnModelError) -> LogisticFit {
    var options = LogisticOptions()
    change(&options)
    var path = RegularisationPath.Options()
    path.mixing = mixing
    path.count = 40
    path.tolerance = tolerance
    path.penalties = penalty.map { [$0] }
    return try ElasticNetRegression.fit(
      features: table.features, values: table.values, labels: table.labels,
      clusters: clusters ? customers : nil, folds: penalty == nil ? .grouped(customers, folds: 5) : nil,
      rule: rule, options: options, path: path)
  }

  @Test("the model has the columns that are not 0, scores as the path's, and survives its JSON")
  func model() throws {
    let fit = try fit(rule: .oneStandardError)
    let selection = try #require(fit.selection)
    let whole = try selection.path.model(at: selection.chosen)
    #expect(fit.model.columns.allSatisfy { $0.coefficient != 0 })
    #expect(fit.model.columns.map(\.name) == whole.columns.filter { $0.coefficient != 0 }.map(\.name))
    #expect(selection.excluded == whole.columns.filter { $0.coefficient == 0 }.map(\.name))
    #expect(!selection.excluded.isEmpty && selection.point.nonzero == fit.model.columns.count)
    for (one, other) in zip(fit.model.margins(table.rows), whole.margins(table.rows)) {
      #expect((one - other).magnitude < 1e-12)
    }
    let stored = try LogisticModel(json: fit.model.json())
    #expect(stored.margins(table.rows) == fit.model.margins(table.rows))
    #expect(stored.metadata["estimator"] == "elastic-net" && stored.metadata["penalty_mixing"] == "1.0")
    #expect(stored.metadata["penalty_columns"] == "\(whole.columns.count)")
  }

  @Test("the rules choose the lowest loss, and the greatest penalty within one error of it")
  func rules() throws {
    let (least, careful) = (try fit(), try fit(rule: .oneStandardError))
    let validation = try #require(least.selection?.validation)
    #expect(least.selection?.chosen == validation.best)
    #expect(careful.selection?.chosen == validation.oneStandardError)
    #expect(careful.model.penalty > least.model.penalty)
    #expect(careful.model.columns.count < least.model.columns.count)
  }

  @Test(
    "the bound on the gap holds against a much tighter solution and is not idle",
    arguments: [0.5, 1], [1e-3, 1e-5])
  func certificate(mixing: Double, tolerance: Double) throws {
    let loose = try fit(mixing: mixing, penalty: 0.01, tolerance: tolerance)
    let tight = try fit(mixing: mixing, penalty: 0.01, tolerance: 1e-13)
    let gap = loose.model.training.objective - tight.model.training.objective
    let bound = try #require(loose.certificate.gapBound)
    #expect(gap >= -1e-15 && gap <= bound + 1e-15)
    #expect(bound <= tolerance)
    #expect(loose.certificate.gradientNorm <= tolerance)
    let violation = try #require(loose.selection?.point.violation)
    #expect((loose.certificate.gradientNorm - violation).magnitude < 1e-13)
    #expect(loose.certificate.returnedGradientNorm == loose.certificate.gradientNorm)
    #expect(try #require(tight.certificate.gapBound) < 1e-15)
  }

  @Test("with 0 it is the ridge regression of the chosen penalty, with its tests and errors")
  func ridge() throws {
    let chosen = try fit(mixing: 0, clusters: true)
    #expect(try #require(chosen.selection).validation != nil)
    let plain = try table.fit(clusters: customers) { $0.penalty = chosen.model.penalty }
    #expect(try chosen.model.json() == plain.model.json())
    #expect(chosen.coefficients == plain.coefficients && chosen.coefficients.areTested)
    // The path reaches below the λ of glmnet's: that of the lasso's end.
    let (least, lasso) = (chosen.selection?.path.points.last, try fit().selection?.path.points.last)
    #expect((try #require(least).penalty / #require(lasso).penalty - 1).magnitude < 1e-9)
  }

  @Test("errors are those of the chosen columns' curvature; p values are not given")
  func errors() throws {
    let fit = try fit(mixing: 0.7, penalty: 0.02, tolerance: 1e-11, clusters: true)
    let columns = fit.model.columns
    #expect(!fit.coefficients.areTested && fit.coefficients.method == .elasticNet)
    #expect(fit.coefficients.meaning.contains("no p values"))
    let design = table.design(fit.model)
    let coefficients = [fit.model.intercept] + columns.map(\.coefficient)
    var hessian = [[Double]](repeating: coefficients.map { _ in 0 }, count: coefficients.count)
    var scores: [Int32: [Double]] = [:]
    let slopes = coefficients.enumerated().map { index, value in
      index == 0 ? 0 : 0.02 * (0.3 * value + 0.7 * (value < 0 ? -1 : 1))
    }
    for (row, values) in design.enumerated() {
      let margin = zip(values, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      let probability = 1 / (1 + exp(-margin))
      var score = scores[customers[row]] ?? coefficients.map { _ in 0 }
      for i in values.indices {
        score[i] += (probability - (table.labels[row] ? 1 : 0)) * values[i] + slopes[i]
        for j in values.indices {
          hessian[i][j] += probability * (1 - probability) * values[i] * values[j] / Double(design.count)
        }
      }
      scores[customers[row]] = score
    }
    for index in 1..<hessian.count { hessian[index][index] += 0.02 * 0.3 }
    for index in 1..<coefficients.count {
      let unit = coefficients.indices.map { $0 == index ? 1.0 : 0 }
      let inverse = eliminate(hessian, unit)
      let row = fit.coefficients.rows[index]
      let error = (inverse[index] / Double(design.count)).squareRoot()
      #expect((row.standardisedError / error - 1).magnitude < 1e-8)
      let spread = scores.values.reduce(0.0) { sum, score in
        let product = zip(score, inverse).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + product * product
      }
      let count = Double(scores.count)
      let clustered = (spread * count / (count - 1)).squareRoot() / Double(design.count)
      let expected = clustered / columns[index - 1].scale
      #expect((try #require(row.clusteredError) / expected - 1).magnitude < 1e-8)
    }
    #expect(fit.effectiveParameters < Double(coefficients.count))
    #expect(fit.effectiveParameters > Double(coefficients.count) * 0.7)
    #expect(throws: ChurnModelError.self) {
      try fit.likelihoodRatioTest(without: ["age"], values: table.values, labels: table.labels)
    }
  }

  @Test("columns that are sums of others are chosen from, and nothing is proven of them without a ridge")
  func dependent() throws {
    var features = table.features
    features.append(FeatureColumn(name: "sum", kind: .numeric))
    let rows = table.rows.map { row in row + [row[3] + (row[0].isNaN ? 45 : row[0]) / 10] }
    var path = RegularisationPath.Options()
    path.count = 20
    var options = LogisticOptions()
    options.winsorisedShare = 0
    let complete = rows.indices.filter { !rows[$0][0].isNaN }
    let fit = try ElasticNetRegression.fit(
      features: features, values: Matrix(complete.map { rows[$0] }),
      labels: complete.map { table.labels[$0] },
      folds: .grouped(complete.map { Int32($0) }, folds: 5), options: options, path: path)
    #expect(fit.certificate.gapBound == nil && fit.certificate.gradientNorm <= 1e-8)
    #expect(fit.coefficients.rows.allSatisfy { $0.standardError.isFinite && $0.standardError > 0 })
    path.mixing = 0.5
    let mixed = try ElasticNetRegression.fit(
      features: features, values: Matrix(complete.map { rows[$0] }),
      labels: complete.map { table.labels[$0] },
      folds: nil, options: options, path: path)
    #expect(mixed.certificate.gapBound != nil && mixed.selection?.chosen == 19)
  }

  @Test("a column without a penalty stays, and a strong enough penalty leaves it alone")
  func unpenalised() throws {
    let fit = try fit(penalty: 10) { $0.penaltyFactors = ["loyal": 0] }
    #expect(fit.model.columns.map(\.name) == ["loyal"])
    let intercept = try self.fit(penalty: 10)
    #expect(intercept.model.columns.isEmpty && intercept.effectiveParameters == 1)
    #expect(intercept.model.probabilities(table.rows).allSatisfy { $0 > 0 && $0 < 1 })
  }
}
