import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Regularisation paths")
struct PathTests {
  private let table = TestTable(count: 1500)

  private func path(
    _ table: TestTable, _ change: (inout RegularisationPath.Options) -> Void = { _ in },
    options: LogisticOptions = LogisticOptions()
  ) throws(ChurnModelError) -> RegularisationPath {
    var path = RegularisationPath.Options()
    change(&path)
    return try RegularisationPath.fit(
      features: table.features, values: table.values, labels: table.labels, options: options, path: path)
  }

  @Test("every solution meets the optimality conditions as a plain implementation measures them")
  func conditions() throws {
    let path = try path(table) {
      $0.mixing = 0.8
      $0.count = 30
    }
    let design = table.design(try path.model(at: 0))
    for point in path.points {
      var slopes = [Double](repeating: 0, count: design[0].count)
      let coefficients = [point.intercept] + point.coefficients
      for (row, label) in zip(design, table.labels) {
        let margin = zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        let residual = 1 / (1 + exp(-margin)) - (label ? 1 : 0)
        for index in slopes.indices { slopes[index] += residual * row[index] / Double(design.count) }
      }
      var worst = slopes[0].magnitude
      for (slope, coefficient) in zip(slopes, coefficients).dropFirst() {
        let pull = point.penalty * 0.2 * coefficient
        let bound = point.penalty * 0.8
        worst = max(
          worst,
          coefficient == 0
            ? slope.magnitude - bound : (slope + pull + (coefficient < 0 ? -bound : bound)).magnitude)
      }
      #expect(worst <= 1e-8 + 1e-13)
      #expect((worst - point.violation).magnitude < 1e-13)
    }
    #expect(zip(path.points, path.points.dropFirst()).allSatisfy { $0.logLoss >= $1.logLoss })
    #expect(path.points[0].nonzero == 0 && path.points[29].nonzero > 3)
    #expect(path.devianceRatio(0).magnitude < 1e-12)
  }

  @Test(
    "separated classes and repeated columns have solutions along the whole path", arguments: [0.0, 0.5, 1])
  func separatedAndRepeated(mixing: Double) throws {
    let features = (0..<3).map { FeatureColumn(name: "x\($0)", kind: .numeric) }
    var options = LogisticOptions()
    options.correlationLimit = 1
    options.winsorisedShare = 0
    let rows = (0..<60).map { [Double($0), Double($0), Double(($0 * 37) % 60)] }
    var choice = RegularisationPath.Options()
    choice.mixing = mixing
    let path = try RegularisationPath.fit(
      features: features, values: Matrix(rows), labels: (0..<60).map { $0 >= 30 }, options: options,
      path: choice)
    #expect(path.columns.count == 3)
    #expect(path.points.allSatisfy { $0.violation <= 1e-8 && $0.coefficients.allSatisfy(\.isFinite) })
    let last = try #require(path.points.last)
    if mixing < 1 { #expect((last.coefficients[0] - last.coefficients[1]).magnitude < 1e-3) }
    #expect(last.coefficients[0] + last.coefficients[1] > 1)
  }

  @Test(
    "columns that depend on each other have solutions, with more columns than rows too", arguments: [0.5, 1])
  func dependentColumns(mixing: Double) throws {
    let reference = ReferenceTable(count: 40)
    var rows = reference.rows
    for index in rows.indices {
      for first in 0..<6 {
        for second in 0..<first {
          rows[index].append(reference.rows[index][first] * reference.rows[index][second])
        }
      }
      rows[index] += (0..<30).map { sin(Double(($0 + 1) * (index + 3))) }
      rows[index].append(reference.rows[index].reduce(0, +))
    }
    var choice = RegularisationPath.Options()
    choice.mixing = mixing
    let path = try RegularisationPath.fit(
      features: rows[0].indices.map { FeatureColumn(name: "x\($0)", kind: .numeric) }, values: Matrix(rows),
      labels: reference.labels, options: reference.options, path: choice)
    #expect(path.columns.count > 40)
    #expect(path.points.count == 100)
    #expect((path.points[99].penalty / path.points[0].penalty - 0.01).magnitude < 1e-12)
    #expect(path.points.allSatisfy { $0.violation <= 1e-8 })
    #expect(path.points[99].nonzero < path.columns.count)
  }

  @Test(
    "the strong rule leaves nothing out: its solution of a model is that of descent over all coefficients")
  func strongRule() throws {
    let order = 12
    var hessian = [Double](repeating: 0, count: order * order)
    for row in 0..<order {
      for column in 0..<order {
        hessian[row * order + column] =
          pow(0.9, Double(abs(row - column))) * (row % 5 == 2 && column == row ? 2 : 1)
      }
    }
    let gradient = (0..<order).map { sin(Double(3 * $0 + 1)) }
    let zero = [Double](repeating: 0, count: order)
    let model = QuadraticModel(hessian: hessian, gradient: gradient, at: zero)
    let factors = [0] + [Double](repeating: 1, count: order - 1)
    var (screened, before) = (zero, PenaltyTerms(penalty: 2, mixing: 0.9, factors: factors))
    for penalty in [1.0, 0.5, 0.2, 0.05, 0.01] {
      let terms = PenaltyTerms(penalty: penalty, mixing: 0.9, factors: factors)
      screened = CoordinateDescent.minimise(model, terms, from: screened, after: before, tolerance: 1e-12)
      let all = CoordinateDescent.minimise(model, terms, from: zero, after: terms, tolerance: 1e-12)
      #expect(terms.violation(gradient: model.gradient(screened), coefficients: screened) <= 1e-11)
      for (one, other) in zip(screened, all) { #expect((one - other).magnitude < 1e-9) }
      before = terms
    }
  }

  @Test("a model of a path scores like its coefficients and keeps α")
  func model() throws {
    let path = try path(table) { $0.penalties = [0.01, 0.1] }
    let model = try path.model(at: 1, metadata: ["label": "lapse"])
    #expect(model.penalty == 0.01)
    #expect(model.metadata == ["label": "lapse", RegularisationPath.mixingKey: "1.0"])
    let margins = table.design(model).map { row in
      zip(row, [path.points[1].intercept] + path.points[1].coefficients).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(zip(model.margins(table.rows), margins).allSatisfy { ($0 - $1).magnitude < 1e-11 })
    #expect(try LogisticModel(json: model.json()).columns == model.columns)
  }

  @Test("options out of their range, unknown features and offsets that cannot be are errors")
  func badOptions() throws {
    let changes: [(inout RegularisationPath.Options) -> Void] = [
      { $0.mixing = 1.1 }, { $0.count = 0 }, { $0.leastRatio = 1 }, { $0.tolerance = 0 },
      { $0.penalties = [] }, { $0.penalties = [0.1, 0] }, { $0.maximumEvaluations = 0 },
    ]
    for change in changes {
      #expect(throws: ChurnModelError.self) { try path(table, change) }
    }
    var options = LogisticOptions()
    options.penaltyFactors = ["agee": 1]
    let unknown = #expect(throws: ChurnModelError.self) { try path(table, options: options) }
    #expect(unknown?.message.contains("agee") == true)
    options.penaltyFactors = ["age": -1]
    #expect(throws: ChurnModelError.self) { try path(table, options: options) }
    var offsets = [Double](repeating: 0, count: table.labels.count)
    #expect(throws: ChurnModelError.self) {
      try LogisticRegression.fit(
        features: table.features, values: table.values, labels: table.labels, offsets: [1])
    }
    offsets[9] = .nan
    let bad = #expect(throws: ChurnModelError.self) {
      try LogisticRegression.fit(
        features: table.features, values: table.values, labels: table.labels, offsets: offsets)
    }
    #expect(bad?.message.contains("row 10") == true)
  }

  @Test("a fit that may not go on far enough says so")
  func notConverged() throws {
    let error = #expect(throws: ChurnModelError.self) {
      try path(table) {
        $0.penalties = [1e-4]
        $0.maximumEvaluations = 1
      }
    }
    #expect(error?.code == .notConverged)
  }
}
