import ChurnModel
import Foundation
import Testing

@testable import Evaluation

/// What coefficients learned from tables say of themselves.
@Suite("Errors and tests of coefficients from tables")
struct TableInferenceTests {
  /// 60 customers with four rows each; a customer's rows have much in common, so that errors that take them together are
  /// greater.
  private static let rows: [(customer: Int, age: Double, member: Double, churned: Bool)] = (0..<240).map {
    row in
    let customer = row / 4
    let age = Double(customer * 7 % 10)
    let member = Double(customer * 5 % 3 == 0 ? 1 : 0)
    let own = Double(customer * 31 % 60) / 60
    let churned = own + Double(row * 17 % 24) / 60 < 0.25 + age / 14 + (member == 1 ? -0.15 : 0.1)
    return (customer, age, member, churned)
  }

  private static func training(id: Bool = true, in folder: TemporaryFolder) throws -> TableTraining {
    let lines = rows.map { "C\($0.customer),\(Int($0.age)),\(Int($0.member)),\($0.churned ? 1 : 0)" }
    var roles = TableRoles(label: "churn")
    if id { roles.id = "customer" } else { roles.drop = ["customer"] }
    var training = TableTraining(
      try TrainingTable(folder.table(["customer,age,member,churn"] + lines), roles: roles))
    training.clusteredErrors = true
    var options = LogisticOptions()
    options.penalty = 0
    training.learner = .coefficients(options, choosesPenalty: false)
    return training
  }

  private static func fit(_ training: TableTraining) throws -> LogisticFit {
    guard case .coefficients(let fit) = try training.fit() else { throw CocoaError(.featureUnsupported) }
    return fit
  }

  /// The inverse by Gauss and Jordan.
  private static func inverse(_ matrix: [[Double]]) -> [[Double]] {
    let size = matrix.count
    var rows = matrix.enumerated().map { index, row in row + (0..<size).map { $0 == index ? 1 : 0 } }
    for pivot in 0..<size {
      let scale = rows[pivot][pivot]
      rows[pivot] = rows[pivot].map { $0 / scale }
      for other in 0..<size where other != pivot {
        let factor = rows[other][pivot]
        rows[other] = zip(rows[other], rows[pivot]).map { $0 - factor * $1 }
      }
    }
    return rows.map { Array($0[size...]) }
  }

  private static func product(_ left: [[Double]], _ right: [[Double]]) -> [[Double]] {
    left.map { row in
      right[0].indices.map { column in row.indices.reduce(0) { $0 + row[$1] * right[$1][column] } }
    }
  }

  /// The sandwich (Liang and Zeger 1986) with the factor G/(G − 1), written down row by row.
  private static func clusteredErrors(_ coefficients: [Double]) -> [Double] {
    var information = [[Double]](repeating: [0, 0, 0], count: 3)
    var scores: [Int: [Double]] = [:]
    for row in rows {
      let x = [1, row.age, row.member]
      let p = 1 / (1 + exp(-zip(x, coefficients).reduce(0) { $0 + $1.0 * $1.1 }))
      for i in 0..<3 {
        for j in 0..<3 { information[i][j] += p * (1 - p) * x[i] * x[j] }
        scores[row.customer, default: [0, 0, 0]][i] += ((row.churned ? 1 : 0) - p) * x[i]
      }
    }
    var middle = [[Double]](repeating: [0, 0, 0], count: 3)
    for score in scores.values {
      for i in 0..<3 { for j in 0..<3 { middle[i][j] += score[i] * score[j] } }
    }
    let bread = inverse(information)
    let covariance = product(product(bread, middle), bread)
    let factor = Double(scores.count) / Double(scores.count - 1)
    return (0..<3).map { (factor * covariance[$0][$0]).squareRoot() }
  }

  /// By statsmodels 0.15.0: `Logit(y, X).fit(tol=1e-14, cov_type="cluster", cov_kwds={"groups": customer,
  /// "use_correction": False}).bse * sqrt(60 / 59)`, X the columns 1, age and member of `rows`.
  private static let published = [0.42852092241674655, 0.07705167317684963, 0.49556351536300347]

  @Test("with an id, errors take its rows together as the plain formula does, and statsmodels")
  func clustered() throws {
    let table = try Self.fit(Self.training(in: TemporaryFolder())).coefficients
    #expect(table.clusters == 60)
    let names = ["(intercept)", "age", "member"]
    let found = try names.map { try #require(table[$0]) }
    let expected = Self.clusteredErrors(found.map(\.estimate))
    for (row, errors) in zip(found, zip(expected, Self.published)) {
      #expect(abs((row.clusteredError ?? .nan) / errors.0 - 1) < 1e-6, "\(row.name)")
      #expect(abs((row.clusteredError ?? .nan) / errors.1 - 1) < 1e-6, "\(row.name)")
    }
    #expect((found[1].clusteredError ?? 0) > 1.3 * found[1].standardError)
  }

  @Test("every learner of coefficients takes the rows of an id together, and none does so without ids")
  func everyLearner() throws {
    let folder = try TemporaryFolder()
    var training = try Self.training(in: folder)
    let plain = training.learner
    var choice = ElasticNetChoice(mixing: 1)
    choice.penalty = 0.001
    let learners: [TableLearner] = [
      plain, .coefficients(LogisticOptions(), choosesPenalty: false, directions: ["age": .rising]),
      .firth(LogisticOptions()), .elasticNet(choice, LogisticOptions()),
    ]
    for learner in learners {
      training.learner = learner
      #expect(try Self.fit(training).coefficients.clusters == 60)
    }
    training = try Self.training(id: false, in: folder)
    let table = try Self.fit(training).coefficients
    #expect(table.clusters == nil && table.rows.allSatisfy { $0.clusteredError == nil })
  }

  @Test("the test of a feature is the deviance that a fit without it has more")
  func featureTests() throws {
    let folder = try TemporaryFolder()
    var training = try Self.training(in: folder)
    #expect(try Self.fit(training).featureTests.isEmpty)
    training.testsFeatures = true
    let fit = try Self.fit(training)
    #expect(fit.featureTests.map(\.terms) == [["age"], ["member"]])
    let lines = Self.rows.map { "C\($0.customer),\(Int($0.age)),\($0.churned ? 1 : 0)" }
    var roles = TableRoles(label: "churn")
    roles.id = "customer"
    var without = training
    without = TableTraining(
      try TrainingTable(folder.table(["customer,age,churn"] + lines, name: "less.csv"), roles: roles))
    without.learner = training.learner
    let difference = try Self.fit(without).deviance - fit.deviance
    #expect(abs(fit.featureTests[1].statistic - difference) < 1e-8)
    training.learner = .firth(LogisticOptions())
    #expect(try Self.fit(training).featureTests.isEmpty)
  }

  @Test(
    "Firth's penalty is learned from tables: with profiles, the same with weights of 2 as with rows twice")
  func firth() throws {
    let folder = try TemporaryFolder()
    var training = try Self.training(in: folder)
    training.learner = .firth(LogisticOptions())
    training.profiles = .all
    let fit = try Self.fit(training)
    #expect(fit.coefficients.method == .firth && fit.firth?.profiles.count == 3)
    let lines = Self.rows.map { "\(Int($0.age)),\(Int($0.member)),\($0.churned ? 1 : 0)" }
    func coefficients(_ lines: [String], weight: Bool, _ name: String) throws -> [Double] {
      var roles = TableRoles(label: "churn")
      roles.weight = weight ? "w" : nil
      var training = TableTraining(try TrainingTable(folder.table(lines, name: name), roles: roles))
      training.learner = .firth(LogisticOptions())
      return try Self.fit(training).coefficients.rows.map(\.estimate)
    }
    let twice = try coefficients(["age,member,churn"] + lines + lines, weight: false, "twice.csv")
    let weighted = try coefficients(
      ["age,member,churn,w"] + lines.map { $0 + ",2" }, weight: true, "weighted.csv")
    for (one, other) in zip(twice, weighted) { #expect(abs(one - other) < 1e-8) }
  }
}
