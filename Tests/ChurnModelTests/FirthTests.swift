import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Firth's penalised likelihood")
struct FirthTests {
  private let table = TestTable(count: 1200)

  /// The first example of Scripts/firth.py.
  private static func separated() -> (features: [FeatureColumn], values: Matrix, labels: [Bool]) {
    var rows: [[Double]] = []
    var labels: [Bool] = []
    for i in 0..<60 {
      let flag: Double = i % 7 == 2 ? 1 : 0
      let index = Double((i * 17) % 49)
      let height = Double((3 * i * i + 5 * i) % 31) / 10
      let threshold = 0.25 + 0.012 * (index - 24) + 0.1 * (1.5 - height)
      rows.append([flag, index, height])
      labels.append(flag == 1 || Double(i * 37 % 60) / 60 < threshold)
    }
    return (
      [
        FeatureColumn(name: "flag", kind: .flag), FeatureColumn(name: "index", kind: .numeric),
        FeatureColumn(name: "height", kind: .numeric),
      ], Matrix(rows), labels
    )
  }

  private static func exact() -> LogisticOptions {
    var options = LogisticOptions()
    options.winsorisedShare = 0
    options.tolerance = 1e-12
    return options
  }

  private func fit(
    _ table: TestTable, weights: [Double]? = nil, clusters: [Int32]? = nil, profiles: FirthProfiles = .none,
    _ change: (inout LogisticOptions) -> Void = { _ in }
  ) throws(ChurnModelError) -> LogisticFit {
    var options = Self.exact()
    options.winsorisedShare = 0.001
    change(&options)
    return try FirthRegression.fit(
      features: table.features, values: table.values, labels: table.labels, weights: weights,
      clusters: clusters, options: options, profiles: profiles)
  }

  /// Coefficient, error, limits, statistic and p value.
  private typealias Digits = (String, Double, Double, Double, Double, Double, Double)

  private func expect(_ fit: LogisticFit, _ published: [Digits]) throws {
    for (name, estimate, error, lower, upper, statistic, pValue) in published {
      let row = try #require(fit.coefficients[name])
      #expect((row.estimate / estimate - 1).magnitude < 1e-9)
      #expect((row.standardError / error - 1).magnitude < 1e-9)
      let profile = try #require(fit.firth?[name])
      #expect((try #require(profile.lower) - lower).magnitude < 1e-7 * error)
      #expect((try #require(profile.upper) - upper).magnitude < 1e-7 * error)
      #expect((profile.statistic / statistic - 1).magnitude < 1e-9)
      #expect((profile.pValue / pValue - 1).magnitude < 1e-8)
    }
  }

  // The digits are those of Scripts/firth.py.

  @Test("separated classes give the coefficients, errors, tests and intervals of a dense maximisation")
  func separatedExample() throws {
    let (features, values, labels) = Self.separated()
    let error = #expect(throws: ChurnModelError.self) {
      var options = Self.exact()
      options.penalty = 0
      return try LogisticRegression.fit(features: features, values: values, labels: labels, options: options)
    }
    #expect(error?.code == .separated)
    #expect(error?.message.contains("Firth") == true && error?.message.contains("--firth") == true)
    let fit = try FirthRegression.fit(
      features: features, values: values, labels: labels, options: Self.exact(), profiles: .all)
    try expect(
      fit,
      [
        (
          "(intercept)", -1.055060883230563, 0.7428008789056803, -2.617244924901284, 0.33052013202916636,
          2.199128257193024, 0.13808881056566227
        ),
        (
          "flag", 4.74700123563144, 1.6864671439204197, 2.251502644417609, 9.784013047968267,
          20.60328729081496, 5.649901695770698e-06
        ),
        (
          "index", 0.03971899596701044, 0.024614091299499364, -0.006436795620020464, 0.09182809631037005,
          2.822118327828221, 0.09297362782357439
        ),
        (
          "height", -0.7570074727670674, 0.45050343985243524, -1.7476084576900366, 0.06472479037285607,
          3.2296315544367147, 0.07231695722030623
        ),
      ])
    #expect((try #require(fit.firth).penalisedLogLikelihood + 21.491938699741276).magnitude < 1e-9)
    #expect(fit.coefficients.method == .firth && fit.coefficients.meaning.contains("Firth"))
    #expect(fit.certificate.gapBound == nil && fit.certificate.gradientNorm <= 1e-12)
    #expect(fit.model.metadata["estimator"] == "firth")
  }

  @Test(
    "Spector's grades give those of a dense maximisation and of brglm2",
    .enabled(if: SharedReference.isThere))
  func spector() throws {
    let rows = try SharedReference.rows("spector.csv").map { try $0.map { try #require(Double($0)) } }
    let fit = try FirthRegression.fit(
      features: [
        FeatureColumn(name: "GPA", kind: .numeric), FeatureColumn(name: "TUCE", kind: .numeric),
        FeatureColumn(name: "PSI", kind: .flag),
      ], values: Matrix(rows.map { Array($0[1...3]) }), labels: rows.map { $0[4] == 1 },
      options: Self.exact(), profiles: .all)
    try expect(
      fit,
      [
        (
          "(intercept)", -10.433270217168422, 4.159000977766053, -20.47673717053091, -3.5345695396449988,
          9.921550109922595, 0.0016335474613068987
        ),
        (
          "GPA", 2.2844646121148258, 1.1235648413964365, 0.3785460720635022, 4.765064352088411,
          5.699266759127429, 0.016972001768080336
        ),
        (
          "TUCE", 0.0705678161229503, 0.1306278907425971, -0.16427058604095235, 0.34180853743637846,
          0.3322097398259345, 0.5643608011720715
        ),
        (
          "PSI", 2.006681900165487, 0.9534228584814437, 0.3144423006700115, 4.107727164913796,
          5.494165767170543, 0.019080028935822273
        ),
      ])
    #expect((try #require(fit.firth).penalisedLogLikelihood + 10.241413144949703).magnitude < 1e-9)
  }

  @Test("a table of two by two gives the logarithm of the odds with a half added to every cell")
  func twoByTwo() throws {
    let counts: [(flag: Double, label: Bool, weight: Double)] = [
      (0, false, 31), (0, true, 4), (1, false, 0), (1, true, 7), (1, false, 1e-300),
    ]
    let fit = try FirthRegression.fit(
      features: [FeatureColumn(name: "flag", kind: .flag)], values: Matrix(counts.map { [$0.flag] }),
      labels: counts.map(\.label), weights: counts.map(\.weight), options: Self.exact())
    let base = log(4.5 / 31.5)
    #expect((fit.coefficients.rows[0].estimate - base).magnitude < 1e-10)
    #expect((fit.coefficients.rows[1].estimate - (log(7.5 / 0.5) - base)).magnitude < 1e-10)
    // A saturated model is where the Hessian of the augmented rows is exact: a handful of steps.
    #expect(fit.model.training.iterations <= 12)
  }

  @Test("the gradient is the slope of the penalised likelihood, measured by differences")
  func gradient() throws {
    let model = try fit(table).model
    let weights = table.labels.indices.map { [0, 0.5, 1, 2.25][$0 % 4] }
    let data = try TrainingData(
      features: table.features, values: table.values, labels: table.labels, weights: weights)
    let pass = FirthPass(
      objective: ObjectivePass(
        expansion: Expansion(features: table.features, columns: model.columns),
        data: data, penalty: 0))
    let workspaces = Workspaces(parallel: Parallel(threads: 1))
    let start = (0...model.columns.count).map { 0.3 * Double($0 % 4) - 0.4 }
    let point = pass.point(start, workspaces)
    let slope = pass.slope(at: try #require(point), workspaces)
    let step = 1e-4
    for index in start.indices {
      var (up, down) = (start, start)
      up[index] += step
      down[index] -= step
      let rise = pass.point(up, workspaces)?.objective ?? .nan
      let fall = pass.point(down, workspaces)?.objective ?? .nan
      #expect((slope.gradient[index] - (rise - fall) / (2 * step)).magnitude < 1e-8)
    }
  }

  @Test("a weight of 2 is the row twice, one of 0 no row")
  func weights() throws {
    let weights = table.labels.indices.map { [2.0, 1, 0, 1][$0 % 4] }
    var repeated = table
    repeated.rows = table.rows.indices.flatMap { [table.rows[$0], table.rows[$0]].prefix(Int(weights[$0])) }
    repeated.labels = table.labels.indices.flatMap {
      [table.labels[$0], table.labels[$0]].prefix(Int(weights[$0]))
    }
    let clusters = table.labels.indices.map { Int32($0 % 97) }
    let repeatedClusters = clusters.indices.flatMap { [clusters[$0], clusters[$0]].prefix(Int(weights[$0])) }
    let weighted = try fit(table, weights: weights, clusters: clusters, profiles: .columns(["loyal"]))
    let twice = try fit(repeated, clusters: repeatedClusters, profiles: .columns(["loyal"]))
    #expect(difference(weighted.model, twice.model) < 1e-10)
    let (first, second) = (try #require(weighted.firth?["loyal"]), try #require(twice.firth?["loyal"]))
    #expect((try #require(first.lower) - (try #require(second.lower))).magnitude < 1e-8)
    for (first, second) in zip(weighted.coefficients.rows, twice.coefficients.rows) {
      for kind in CoefficientTable.ErrorKind.allCases {
        #expect((try #require(first.error(kind)) / (try #require(second.error(kind))) - 1).magnitude < 1e-8)
      }
    }
  }

  @Test("permuted rows and columns in other units change nothing but the units")
  func permutedAndRescaled() throws {
    var changed = table
    let order = table.labels.indices.map { ($0 * 7 + 5) % table.labels.count }
    changed.rows = order.map { row in
      var values = table.rows[row]
      values[0] = values[0] * -365.25 + 7
      return values
    }
    changed.labels = order.map { table.labels[$0] }
    let original = try fit(table, profiles: .columns(["age"]))
    let other = try fit(changed, profiles: .columns(["age"]))
    for (first, second) in zip(original.coefficients.rows.dropFirst(), other.coefficients.rows.dropFirst()) {
      let factor = first.name == "age" ? -365.25 : 1
      #expect((second.estimate * factor / first.estimate - 1).magnitude < 1e-8)
    }
    let (first, second) = (try #require(original.firth?["age"]), try #require(other.firth?["age"]))
    #expect((try #require(second.upper) * -365.25 / (try #require(first.lower)) - 1).magnitude < 1e-6)
    #expect((first.statistic - second.statistic).magnitude < 1e-6)
  }

  @Test("the number of threads changes no bit", arguments: [2, 3, 8])
  func threads(count: Int) throws {
    let table = TestTable(count: 6000)
    let fits = try [1, count].map { threads in
      try fit(table, profiles: .columns(["age", "(intercept)"])) { $0.parallel = Parallel(threads: threads) }
    }
    #expect(fits[0].coefficients == fits[1].coefficients && fits[0].firth == fits[1].firth)
    #expect(fits[0].firth?.profiles.map(\.name) == ["age", "(intercept)"])
    #expect(try fits[0].model.json() == fits[1].model.json())
  }

  @Test("with many rows the coefficients are those of the likelihood up to the order of one row")
  func manyRows() throws {
    let table = TestTable(count: 6000)
    let firth = try fit(table) { $0.tolerance = 1e-10 }
    let plain = try table.fit { $0.penalty = 0 }
    let distance = difference(firth.model, plain.model)
    #expect(distance > 1e-6 && distance < 5e-3)
    #expect(
      firth.coefficients["age"]?.estimate.magnitude ?? 0 < plain.coefficients["age"]?.estimate.magnitude ?? 0)
  }

  @Test("columns that depend on others are dropped and listed")
  func dependentColumns() throws {
    var dependent = TestTable(count: 500, missing: false)
    dependent.features.append(FeatureColumn(name: "sum", kind: .numeric))
    for index in dependent.rows.indices {
      dependent.rows[index].append(dependent.rows[index][0] / 50 + dependent.rows[index][4])
    }
    let fit = try fit(dependent) {
      $0.winsorisedShare = 0
      $0.correlationLimit = 1
    }
    #expect(
      fit.model.columns.contains { $0.name == "age" } && fit.model.columns.contains { $0.name == "gap" })
    #expect(fit.model.droppedFeatures.map(\.column) == ["sum"])
  }

  @Test("tests of terms by the likelihood are refused, the one of the whole model stays below the maximum's")
  func likelihoodRatio() throws {
    let table = TestTable(count: 2000)
    let firth = try fit(table)
    let error = #expect(throws: ChurnModelError.self) {
      try firth.likelihoodRatioTest(without: ["age"], values: table.values, labels: table.labels)
    }
    #expect(error?.code == .invalidOption && error?.message.contains("profiles") == true)
    let plain = try table.fit { $0.penalty = 0 }
    let gap = plain.wholeModelTest.statistic - firth.wholeModelTest.statistic
    #expect(gap > 0 && gap < 1)
  }

  @Test("profiles of unknown columns and levels that are none are errors")
  func badOptions() {
    let unknown = #expect(throws: ChurnModelError.self) { try fit(table, profiles: .columns(["colour"])) }
    #expect(unknown?.code == .invalidFeatures)
    for level in [0, 1, .nan] {
      let error = #expect(throws: ChurnModelError.self) {
        try FirthRegression.fit(
          features: table.features, values: table.values, labels: table.labels, level: level)
      }
      #expect(error?.code == .invalidOption)
    }
  }
}
