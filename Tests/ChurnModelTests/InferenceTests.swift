import ChurnModel
import Foundation
import LinearAlgebra
import Testing

@Suite("Errors, intervals and tests of coefficients")
struct InferenceTests {
  private let table = TestTable(count: 2000)
  /// Unequal, and no runs of rows.
  private var clusters: [Int32] { table.labels.indices.map { Int32(($0 * $0) % 331) - 7 } }
  private var weights: [Double] { table.labels.indices.map { [0.5, 1, 2.25, 0][$0 % 4] } }

  /// The sandwich in the plainest way: dense, row after row, in standardised units.
  private func plainErrors(
    _ model: LogisticModel, _ weights: [Double], _ clusters: [Int32]?
  ) -> [Double] {
    let design = table.design(model)
    let coefficients = [model.intercept] + model.columns.map(\.coefficient)
    let order = coefficients.count
    let total = weights.reduce(0, +)
    let zero = [[Double]](repeating: Array(repeating: 0, count: order), count: order)
    var (bread, meat) = (zero, zero)
    var sums: [Int32: [Double]] = [:]
    for (row, values) in design.enumerated() where weights[row] > 0 {
      let margin = zip(values, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      let probability = 1 / (1 + exp(-margin))
      let residual = probability - (table.labels[row] ? 1 : 0)
      let score = (0..<order).map { residual * values[$0] + ($0 > 0 ? model.penalty * coefficients[$0] : 0) }
      for i in 0..<order {
        for j in 0..<order {
          bread[i][j] += weights[row] * probability * (1 - probability) * values[i] * values[j]
          meat[i][j] += clusters == nil ? weights[row] * score[i] * score[j] : 0
        }
      }
      if let clusters {
        let old = sums[clusters[row]] ?? Array(repeating: 0, count: order)
        sums[clusters[row]] = zip(old, score).map { $0 + weights[row] * $1 }
      }
    }
    for i in 1..<order { bread[i][i] += model.penalty * total }
    for sum in sums.values {
      for i in 0..<order { for j in 0..<order { meat[i][j] += sum[i] * sum[j] } }
    }
    let groups = Double(sums.count)
    let factor = clusters == nil ? 1 : groups / (groups - 1)
    return (1..<order).map { index in
      let unit = (0..<order).map { $0 == index ? 1.0 : 0 }
      let row = eliminate(bread, unit)
      var variance = 0.0
      for i in 0..<order { for j in 0..<order { variance += row[i] * meat[i][j] * row[j] } }
      return (factor * variance).squareRoot()
    }
  }

  @Test(
    "robust and clustered errors are those of the plain formula, with weights and with a penalty",
    arguments: [0, 0.02])
  func plainFormula(penalty: Double) throws {
    for weights in [nil, weights] {
      // The errors' Hessian is the one before the last step, which is to lie at the optimum, too.
      let fit = try table.fit(weights: weights, clusters: clusters) {
        $0.penalty = penalty
        $0.tolerance = 1e-12
      }
      let all = weights ?? Array(repeating: 1, count: table.labels.count)
      let robust = plainErrors(fit.model, all, nil)
      let clustered = plainErrors(fit.model, all, clusters)
      for (position, column) in fit.model.columns.enumerated() {
        let row = fit.coefficients.rows[position + 1]
        #expect((try #require(row.robustError) * column.scale / robust[position] - 1).magnitude < 1e-9)
        #expect((try #require(row.clusteredError) * column.scale / clustered[position] - 1).magnitude < 1e-9)
      }
    }
  }

  @Test("rows that are a cluster each have robust errors times the root of G/(G − 1)", arguments: [0, 0.02])
  func ownClusters(penalty: Double) throws {
    let count = table.labels.count
    let fit = try table.fit(clusters: (0..<count).map { Int32(count - $0) }) { $0.penalty = penalty }
    let factor = (Double(count) / Double(count - 1)).squareRoot()
    for row in fit.coefficients.rows {
      let expected = try #require(row.robustError) * factor
      #expect((try #require(row.clusteredError) / expected - 1).magnitude < 1e-10)
    }
  }

  @Test("errors without clusters are the robust ones of a fit with clusters")
  func robustAlone() throws {
    let alone = try table.fit { $0.robustErrors = true }
    let together = try table.fit(clusters: clusters)
    for (first, second) in zip(alone.coefficients.rows, together.coefficients.rows) {
      #expect((try #require(first.robustError) / (try #require(second.robustError)) - 1).magnitude < 1e-10)
      #expect(first.clusteredError == nil && first.waldTest(.clustered) == nil)
    }
    let plain = try table.fit()
    #expect(plain.coefficients.rows.allSatisfy { $0.robustError == nil })
    #expect(plain.model.columns == alone.model.columns)
  }

  @Test("clusters that do not fit the rows, or are one, are errors")
  func badClusters() {
    let short = #expect(throws: ChurnModelError.self) { try table.fit(clusters: [1, 2]) }
    #expect(short?.code == .lengthMismatch)
    let one = #expect(throws: ChurnModelError.self) {
      try table.fit(clusters: Array(repeating: 4, count: table.labels.count))
    }
    #expect(one?.code == .invalidOption)
  }

  @Test("a likelihood-ratio test is the difference of the objectives of two fits", arguments: [0, 0.02])
  func likelihoodRatio(penalty: Double) throws {
    let full = try table.fit { $0.penalty = penalty }
    let test = try full.likelihoodRatioTest(without: ["region"], values: table.values, labels: table.labels)
    var smaller = table
    smaller.features[2] = FeatureColumn(name: "region", kind: .unused)
    let reduced = try smaller.fit { $0.penalty = penalty }
    let expected =
      2 * full.model.training.totalWeight
      * (reduced.model.training.objective - full.model.training.objective)
    #expect((test.statistic - expected).magnitude < 1e-8)
    #expect(test.statistic > 10 && test.pValue < 0.01)
    #expect(test.degreesOfFreedom == 4 && test.isPenalised == (penalty > 0))
    let unknown = #expect(throws: ChurnModelError.self) {
      try full.likelihoodRatioTest(without: ["colour"], values: table.values, labels: table.labels)
    }
    #expect(unknown?.code == .invalidFeatures)
    let otherRows = #expect(throws: ChurnModelError.self) {
      try full.likelihoodRatioTest(
        without: ["region"], values: table.values, labels: table.labels.map { !$0 })
    }
    #expect(otherRows?.code == .lengthMismatch)
  }

  @Test("leaving every column out gives the test of the whole model", arguments: [0, 0.02])
  func wholeModel(penalty: Double) throws {
    let fit = try table.fit { $0.penalty = penalty }
    let test = try fit.likelihoodRatioTest(
      without: fit.model.columns.map(\.name), values: table.values, labels: table.labels)
    #expect((test.statistic - fit.wholeModelTest.statistic).magnitude < 1e-8)
    #expect(test.degreesOfFreedom == fit.wholeModelTest.degreesOfFreedom)
  }

  @Test("variance inflation is 1/(1 − R²) of a plain regression on the other columns")
  func varianceInflation() throws {
    let fit = try table.fit()
    let design = table.design(fit.model)
    let order = design[0].count
    for target in 1..<order {
      let others = (0..<order).filter { $0 != target }
      let gram = others.map { i in others.map { j in design.reduce(0) { $0 + $1[i] * $1[j] } } }
      let slopes = eliminate(gram, others.map { i in design.reduce(0) { $0 + $1[i] * $1[target] } })
      let residuals = design.reduce(0) { sum, row in
        let fitted = zip(others, slopes).reduce(0) { $0 + row[$1.0] * $1.1 }
        return sum + (row[target] - fitted) * (row[target] - fitted)
      }
      // Columns have variance 1.
      let expected = Double(design.count) / residuals
      #expect((try #require(fit.coefficients.rows[target].varianceInflation) / expected - 1).magnitude < 1e-9)
    }
  }

  @Test("a penalty uses fewer parameters up, and reports say what its errors are")
  func penalised() throws {
    let free = try table.fit { $0.penalty = 0 }
    let bound = try table.fit { $0.penalty = 0.1 }
    #expect(free.effectiveParameters == Double(free.model.columns.count + 1))
    #expect(free.akaikeCriterion == free.model.training.akaikeCriterion(columns: free.model.columns.count))
    #expect(bound.effectiveParameters > 1 && bound.effectiveParameters < free.effectiveParameters - 1)
    #expect(bound.coefficients.meaning.contains("ridge") && !free.coefficients.meaning.contains("ridge"))
  }
}
