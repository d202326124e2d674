import ChurnModel
import LinearAlgebra
import Testing

/// Rows made by a generator that Scripts/elastic_net_reference.py repeats.
struct ReferenceTable {
  let features = (0..<6).map { FeatureColumn(name: "x\($0)", kind: .numeric) }
  private(set) var rows: [[Double]] = []
  private(set) var labels: [Bool] = []
  private(set) var weights: [Double] = []
  private(set) var offsets: [Double] = []

  init(count: Int = 200) {
    var state: UInt64 = 7
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    for _ in 0..<count {
      let common = uniform()
      let row = (0..<6).map { _ in uniform() + common }
      let noise = uniform() + uniform() - 1
      rows.append(row)
      labels.append(row[0] - row[1] + 0.5 * row[2] - 0.4 + noise > 0)
      weights.append(0.5 + uniform())
      offsets.append(uniform() - 0.5)
    }
  }

  var values: Matrix { Matrix(rows) }

  /// Columns as they are.
  var options: LogisticOptions {
    var options = LogisticOptions()
    options.winsorisedShare = 0
    options.correlationLimit = 1
    options.parallel = Parallel(threads: 2)
    return options
  }
}

@Suite("Elastic nets against other programs")
struct ElasticNetReferenceTests {
  private let table = ReferenceTable()

  @Test("weighted elastic nets, lasso and ridge are those of scikit-learn's saga to 1e-8")
  func scikitLearn() throws {
    // scikit-learn 1.9.1, Scripts/elastic_net_reference.py.
    let published: [(mixing: Double, penalty: Double, coefficients: [Double])] = [
      (
        1.0, 0.02,
        [
          0.3018365690130892, 1.3522612871186261, -1.1754374873750448, 0.40975233843958003, 0.0,
          -0.17143280807204853, 0.0,
        ]
      ),
      (
        0.5, 0.02,
        [
          0.3014918065083732, 1.3247867453708575, -1.1596390173979707, 0.4606391019264817, 0.0,
          -0.24624692984766192, 0.030006751381563987,
        ]
      ),
      (
        0.5, 0.1,
        [
          0.24398250717955897, 0.6647733835055449, -0.47555513056787063, 0.09524692195414806, 0.0, 0.0, 0.0,
        ]
      ),
      (
        0.0, 0.02,
        [
          0.3010658456657252, 1.2833094844060247, -1.177557848907393, 0.48915476236110217,
          0.06969111451665068, -0.3368518107761311, 0.104156697364912,
        ]
      ),
    ]
    for (mixing, penalty, expected) in published {
      var path = RegularisationPath.Options()
      path.mixing = mixing
      path.penalties = [penalty]
      path.tolerance = 1e-11
      let point = try RegularisationPath.fit(
        features: table.features, values: table.values, labels: table.labels, weights: table.weights,
        options: table.options, path: path
      ).points[0]
      for (own, other) in zip([point.intercept] + point.coefficients, expected) {
        #expect((own - other).magnitude < 1e-8)
        #expect((own == 0) == (other == 0))
      }
      #expect(point.violation <= 1e-11)
    }
  }

  @Test(
    "offsets and penalty factors give the coefficients of glmnet to 1e-8, its λ scaled by the mean factor")
  func glmnet() throws {
    // glmnet 4.1-6 on R 4.2.2, Scripts/elastic_net_reference.R.
    let published: [[Double]] = [
      [0.23479492101121, 0.082435076543198, 0, 0, 0.13442665338941, 0, 0],
      [0.24787920976554, 0.5733011477126, -0.21125698472379, 0.14700453556391, -0.053568340660691, 0, 0],
      [
        0.28468472520645, 1.0989104092972, -0.83247106052545, 0.38786368558431, 0.015699595452707,
        -0.19647999306217, 0,
      ],
    ]
    var options = table.options
    options.penaltyFactors = ["x1": 2, "x2": 0.5, "x3": 0, "x5": 3]
    var path = RegularisationPath.Options()
    path.mixing = 0.5
    path.penalties = [0.03, 0.3, 0.1]
    path.tolerance = 1e-11
    let points = try RegularisationPath.fit(
      features: table.features, values: table.values, labels: table.labels, weights: table.weights,
      offsets: table.offsets, options: options, path: path
    ).points
    #expect(points.map(\.penalty) == [0.3, 0.1, 0.03])
    for (point, expected) in zip(points, published) {
      for (own, other) in zip([point.intercept] + point.coefficients, expected) {
        #expect((own - other).magnitude < 1e-8)
      }
    }
  }

  @Test("the λ of a path are those of glmnet")
  func penalties() throws {
    var path = RegularisationPath.Options()
    path.mixing = 0.5
    let points = try RegularisationPath.fit(
      features: table.features, values: table.values, labels: table.labels, weights: table.weights,
      options: table.options, path: path
    ).points
    // glmnet 4.1-6 on R 4.2.2, Scripts/elastic_net_reference.R.
    #expect(points.count == 100)
    for (index, expected) in [(0, 0.39594872402873), (1, 0.36077373066643), (49, 0.0041480212058947)] {
      #expect((points[index].penalty / expected - 1).magnitude < 1e-12)
    }
    #expect(points[0].nonzero == 0)
    #expect(points[1].nonzero > 0)
  }
}
