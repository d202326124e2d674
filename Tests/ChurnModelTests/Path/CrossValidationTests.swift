import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Cross-validated paths")
struct CrossValidationTests {
  private let table = TestTable(count: 450, missing: false)

  private func options(_ threads: Int = 2) -> LogisticOptions {
    var options = LogisticOptions()
    options.parallel = Parallel(threads: threads)
    return options
  }

  private func choice(_ mixing: Double, _ count: Int) -> RegularisationPath.Options {
    var path = RegularisationPath.Options()
    path.mixing = mixing
    path.count = count
    return path
  }

  private func validate(
    _ table: TestTable, _ folds: CrossValidationFolds, mixing: Double = 0, weights: [Double]? = nil,
    threads: Int = 2, count: Int = 20
  ) throws(ChurnModelError) -> CrossValidatedPath {
    try RegularisationPath.crossValidate(
      features: table.features, values: table.values, labels: table.labels, weights: weights, folds: folds,
      options: options(threads), path: choice(mixing, count))
  }

  /// Customers of three rows each, and five periods of as many rows.
  private static let schemes: [CrossValidationFolds] = [
    .grouped((0..<450).map { Int32($0 / 3) }, folds: 4), .forward((0..<450).map { Int32($0 / 90) }),
  ]

  @Test("the fits of folds meet the optimality conditions on their rows alone", arguments: schemes, [0, 0.8])
  func foldFits(_ scheme: CrossValidationFolds, mixing: Double) throws {
    let preparation = try PathPreparation(
      features: table.features, values: table.values, labels: table.labels, weights: nil, offsets: nil,
      options: options(), path: choice(mixing, 40))
    let plan = try scheme.plan(preparation.data)
    let solver = preparation.solver(
      GroupedRows(data: preparation.data, groupOfRow: plan.groupOfRow, groups: plan.groups))
    let solved = try solver.solve()
    let fits = try FoldSolver(
      pass: solver.pass, solved: solved, folds: plan.folds, tolerance: 1e-15, mostEvaluations: 200
    ).solve()
    let whole = try RegularisationPath(solved.problem, preparation, passes: 1)
    let design = table.design(try whole.model(at: 0))
    #expect(fits.problems.count == plan.folds.count)
    for (problem, fold) in zip(fits.problems, plan.folds) {
      let rows = design.indices.filter { fold.fitted.contains(plan.groupOfRow[$0]) }
      for point in [0, 3, 17, 30, 39] {
        let coefficients = problem.states[point].coefficients
        var slopes = [Double](repeating: 0, count: coefficients.count)
        for row in rows {
          let margin = zip(design[row], coefficients).reduce(0) { $0 + $1.0 * $1.1 }
          let residual = 1 / (1 + exp(-margin)) - (table.labels[row] ? 1 : 0)
          for index in slopes.indices { slopes[index] += residual * design[row][index] / Double(rows.count) }
        }
        #expect(problem.terms[point].violation(gradient: slopes, coefficients: coefficients) < 1e-7)
      }
    }
  }

  @Test(
    "held-out losses, their mean and its standard error are those of a plain computation", arguments: schemes)
  func heldOut(_ scheme: CrossValidationFolds) throws {
    let validated = try validate(table, scheme, count: 3)
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: nil)
    let plan = try scheme.plan(data)
    let design = table.design(try validated.path.model(at: 0))
    var (means, shares) = ([Double](), [Double]())
    for (fold, judged) in zip(plan.folds, validated.folds) {
      let rows = design.indices.filter { fold.fitted.contains(plan.groupOfRow[$0]) }
      let coefficients = plainRidge(
        rows.map { design[$0] }, rows.map { table.labels[$0] }, validated.path.points[2].penalty)
      let tested = design.indices.filter { plan.groupOfRow[$0] == fold.heldOut }
      let loss = tested.reduce(0.0) { sum, row in
        let margin = zip(design[row], coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        return sum + log1p(exp(margin)) - (table.labels[row] ? margin : 0)
      }
      means.append(loss / Double(tested.count))
      shares.append(Double(tested.count))
      #expect((judged.logLoss[2] - loss / Double(tested.count)).magnitude < 1e-5)
      #expect(judged.weight == Double(tested.count))
    }
    let total = shares.reduce(0, +)
    let mean = zip(means, shares).reduce(0) { $0 + $1.0 * $1.1 / total }
    let variance = zip(means, shares).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 / total }
    let error = (variance / Double(means.count - 1)).squareRoot()
    #expect((validated.meanLogLoss[2] - mean).magnitude < 1e-5)
    #expect((validated.standardError[2] - error).magnitude < 1e-5)
    #expect(validated.greatestDecrease <= 1e-9)
  }

  /// Newton's method on a plain design.
  private func plainRidge(_ design: [[Double]], _ labels: [Bool], _ penalty: Double) -> [Double] {
    let order = design[0].count
    var coefficients = [Double](repeating: 0, count: order)
    for _ in 0..<8 {
      var gradient = [Double](repeating: 0, count: order)
      var hessian = [[Double]](repeating: gradient, count: order)
      for (row, label) in zip(design, labels) {
        let margin = zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
        let probability = 1 / (1 + exp(-margin))
        for i in 0..<order {
          gradient[i] += (probability - (label ? 1 : 0)) * row[i]
          for j in 0..<order { hessian[i][j] += probability * (1 - probability) * row[i] * row[j] }
        }
      }
      for i in 1..<order {
        gradient[i] += penalty * Double(design.count) * coefficients[i]
        hessian[i][i] += penalty * Double(design.count)
      }
      let step = eliminate(hessian, gradient)
      for i in 0..<order { coefficients[i] -= step[i] }
    }
    return coefficients
  }

  @Test(
    "rows of a group stay in one fold, folds are of equal size, and the order of the rows decides nothing")
  func groups() throws {
    let ids = table.labels.indices.map { Int32(truncatingIfNeeded: ($0 * 7919) % 101) - 50 }
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: nil)
    let plan = try CrossValidationFolds.grouped(ids, folds: 5).plan(data)
    var foldOf: [Int32: Int] = [:]
    for (id, group) in zip(ids, plan.groupOfRow) {
      #expect(foldOf[id] ?? group == group)
      foldOf[id] = group
    }
    let sizes = (0..<5).map { fold in foldOf.values.count { $0 == fold } }
    #expect(sizes.sorted() == [20, 20, 20, 20, 21])
    let reversed = try CrossValidationFolds.grouped(ids.reversed(), folds: 5).plan(data)
    #expect(reversed.groupOfRow == plan.groupOfRow.reversed())
    #expect(plan.folds.allSatisfy { !$0.fitted.contains($0.heldOut) && $0.fitted.count == 4 })
  }

  @Test("forward chaining fits earlier periods only")
  func forward() throws {
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: nil)
    let plan = try CrossValidationFolds.forward(table.labels.indices.map { Int32(20 - $0 / 150) }).plan(data)
    #expect(plan.groupOfRow[0] == 2 && plan.groupOfRow[449] == 0)
    #expect(plan.folds.map(\.fitted) == [[0], [0, 1]])
    #expect(plan.folds.map(\.heldOut) == [1, 2])
    #expect(plan.folds.map(\.name) == ["period 19", "period 20"])
  }

  @Test("a weight of 0 is no row, and the number of threads changes no bit", arguments: [0.0, 1.0])
  func absentRows(mixing: Double) throws {
    var padded = table
    var (weights, ids) = ([Double](), [Int32]())
    (padded.rows, padded.labels) = ([], [])
    for row in table.labels.indices {
      if row % 4 == 1 {
        padded.rows.append([1e9, .infinity, 99, -.infinity, -1e9])
        padded.labels.append(row % 8 == 1)
        weights.append(0)
        ids.append(Int32(5000 + row))
      }
      padded.rows.append(table.rows[row])
      padded.labels.append(table.labels[row])
      weights.append(1)
      ids.append(Int32(row / 3))
    }
    let plain = try validate(table, Self.schemes[0], mixing: mixing)
    let other = try validate(padded, .grouped(ids, folds: 4), mixing: mixing, weights: weights, threads: 3)
    #expect(other.best == plain.best && other.oneStandardError == plain.oneStandardError)
    for (one, other) in zip(plain.meanLogLoss, other.meanLogLoss) { #expect((one - other).magnitude < 1e-7) }
    let again = try validate(padded, .grouped(ids, folds: 4), mixing: mixing, weights: weights, threads: 8)
    #expect(again.meanLogLoss == other.meanLogLoss && again.standardError == other.standardError)
    #expect(again.path.points == other.path.points)
  }

  @Test("the chosen λ has the lowest loss, the careful one is the greatest within a standard error of it")
  func choice() throws {
    let validated = try validate(table, Self.schemes[0], mixing: 1, count: 40)
    let least = try #require(validated.meanLogLoss.min())
    #expect(validated.meanLogLoss[validated.best] == least)
    #expect(validated.bestPenalty < validated.oneStandardErrorPenalty)
    let limit = least + validated.standardError[validated.best]
    #expect(validated.meanLogLoss[validated.oneStandardError] <= limit)
    #expect(validated.meanLogLoss[..<validated.oneStandardError].allSatisfy { $0 > limit })
    #expect(least < validated.path.nullLogLoss)
    #expect(validated.measuredFits > 0)
  }

  @Test("folds that cannot be are errors that name them")
  func badFolds() throws {
    let many = Int32(table.labels.count)
    let wrong: [CrossValidationFolds] = [
      .grouped([1, 2], folds: 2), .grouped((0..<many).map { $0 }, folds: 1),
      .grouped((0..<many).map { $0 % 3 }, folds: 4), .forward([Int32](repeating: 1, count: Int(many))),
      .forward([3]),
    ]
    for folds in wrong {
      #expect(throws: ChurnModelError.self) { try validate(table, folds) }
    }
    var oneClass = table
    for row in 0..<90 { oneClass.labels[row] = true }
    let error = #expect(throws: ChurnModelError.self) { try validate(oneClass, Self.schemes[1]) }
    #expect(error?.code == .oneClass)
    #expect(error?.message.contains("period 1") == true)
  }
}
