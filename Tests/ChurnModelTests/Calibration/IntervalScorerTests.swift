import Foundation
import LinearAlgebra
import Statistics
import Testing

@testable import ChurnModel

@Suite("Intervals of probabilities")
struct IntervalScorerTests {
  /// Standard normal quantile at 0.975.
  private static let z = 1.959963984540054

  /// A table without the rare level, whose few rows are of one class: coefficients without a penalty are finite.
  private static func commonLevels(count: Int) -> TestTable {
    var table = TestTable(count: count)
    for row in table.rows.indices where table.rows[row][2] == 4 { table.rows[row][2] = 0 }
    return table
  }

  /// Variances of the margins that a scorer uses, from the widths of its intervals.
  private static func variances(_ scorer: IntervalScorer, _ values: Matrix) -> [Double] {
    let found = scorer.intervals(values)
    func margin(_ p: Double) -> Double { log(p / (1 - p)) }
    return zip(found.lower, found.upper).map { lower, upper in
      let error = (margin(upper) - margin(lower)) / (2 * z)
      return error * error
    }
  }

  /// The weight of row i, raised by ε, moves its margin by ε·(yᵢ − pᵢ)·xᵢᵀVxᵢ.
  private static func variance(
    weight: Double, label: Bool, probability: Double, _ margin: (_ weight: Double) throws -> Double
  ) rethrows -> Double {
    let change = 1e-3
    let slope = (try margin(weight + change) - margin(weight - change)) / (2 * change)
    return slope / ((label ? 1 : 0) - probability)
  }

  @Test("coefficients: variances are what a change of a row's weight does to its margin")
  func coefficientVariances() throws {
    let table = Self.commonLevels(count: 400)
    func fit(_ weights: [Double]) throws -> LogisticFit {
      try table.fit(weights: weights) {
        $0.penalty = 0
        $0.tolerance = 1e-11
        // Bounds of the values would move with the weights.
        $0.winsorisedShare = 0
      }
    }
    let weights = (0..<400).map { 0.5 + Double($0 % 3) }
    let whole = try fit(weights)
    let model = AnyModel.coefficients(whole.model)
    let variances = Self.variances(
      try IntervalScorer(model, covariance: MarginCovariance(whole)), table.values)
    let probabilities = model.probabilities(table.values)
    for row in [0, 3, 57, 203, 399] {
      let expected = try Self.variance(
        weight: weights[row], label: table.labels[row], probability: probabilities[row]
      ) { weight in
        var changed = weights
        changed[row] = weight
        return try fit(changed).model.margins([table.rows[row]])[0]
      }
      #expect((variances[row] / expected - 1).magnitude < 1e-4, "row \(row)")
    }
  }

  @Test("terms and pairs: variances are what a change of a row's weight does to its margin, penalties held")
  func termVariances() throws {
    let table = TestTable.bent(count: 500)
    let fit = try table.terms { $0.mostPairs = 1 }
    let solution = try #require(fit.solution)
    #expect(fit.pairs.count == 1)
    let rows = (0..<500).map(Int32.init)
    func margin(_ row: Int, _ weight: Double) throws -> Double {
      var weights = [Double](repeating: 1, count: 500)
      weights[row] = weight
      let data = try TrainingData(
        features: table.features, values: table.values, labels: table.labels, weights: weights)
      var placed = PlacedRows(data, rows: rows)
      for shape in solution.layout.shapes {
        let columns = shape.axes.map {
          PlacedColumn($0.scale, values: data.values, feature: $0.feature, rows: rows)
        }
        placed.append(first: columns[0], second: columns.count == 2 ? columns[1] : nil)
      }
      let objective = TermObjective(layout: solution.layout, rows: placed, parallel: Parallel(threads: 1))
      var solver = TermSolver(objective, state: solution.state)
      let state = try solver.converge(tolerance: 1e-11, maximumIterations: 50).state
      let p = objective.look(state).residuals[row] / weight + (table.labels[row] ? 1 : 0)
      return log(p / (1 - p))
    }
    let model = AnyModel.terms(fit.model)
    let variances = Self.variances(
      try IntervalScorer(model, covariance: try #require(MarginCovariance(fit))), table.values)
    let probabilities = model.probabilities(table.values)
    for row in [0, 41, 212, 499] {
      let expected = try Self.variance(
        weight: 1, label: table.labels[row], probability: probabilities[row]
      ) { try margin(row, $0) }
      #expect((variances[row] / expected - 1).magnitude < 1e-3, "row \(row)")
    }
  }

  @Test(
    "coefficients: intervals of 95 % hold the true probability in about 95 % of samples, calibrated or not")
  func coefficientCoverage() throws {
    let features = ["a", "b"].map { FeatureColumn(name: $0, kind: .numeric) }
    let place = [0.8, -0.5]
    let truth = 1 / (1 + exp(-(-0.7 + 1.2 * place[0] + 0.4 * place[1])))
    let scores = (0..<200).map { (Double($0) + 0.5) / 200 }
    let choice = try CalibrationChoice(
      probabilities: scores, labels: (0..<200).map { $0 * 37 % 200 < 40 + $0 / 2 },
      folds: (0..<200).map { $0 % 4 },
      wanted: .beta)
    let link = ProbabilityLink(
      calibration: choice, correction: try PriorCorrection(population: 0.1, sample: 0.4))
    let mapped = link.probabilities([log(truth / (1 - truth))])[0]
    let (repeats, rows) = (300, 250)
    var (covered, coveredMapped) = (0, 0)
    var options = LogisticOptions()
    options.penalty = 0
    options.winsorisedShare = 0
    for seed in 0..<repeats {
      var random = RandomNumbers(seed: UInt64(seed))
      let values = (0..<rows).map { _ in [random.normal(), random.uniform() * 2 - 1] }
      let labels = values.map { random.uniform() < 1 / (1 + exp(-(-0.7 + 1.2 * $0[0] + 0.4 * $0[1]))) }
      let fit = try LogisticRegression.fit(
        features: features, values: Matrix(values), labels: labels, options: options)
      var model = AnyModel.coefficients(fit.model)
      let plain = try IntervalScorer(model, covariance: MarginCovariance(fit)).intervals(Matrix([place]))
      covered += plain.lower[0] <= truth && truth <= plain.upper[0] ? 1 : 0
      model.link = link
      let own = try IntervalScorer(model, covariance: MarginCovariance(fit)).intervals(Matrix([place]))
      coveredMapped += own.lower[0] <= mapped && mapped <= own.upper[0] ? 1 : 0
    }
    // 285 expected; standard deviation 3.8.
    #expect((272...297).contains(covered))
    #expect(coveredMapped == covered)
  }

  @Test("terms: intervals of 95 % hold the true probability at about 95 % of all places, over many samples")
  func termCoverage() throws {
    let features = ["a", "b"].map { FeatureColumn(name: $0, kind: .numeric) }
    func truth(_ row: [Double]) -> Double { 1 / (1 + exp(-(sin(2 * row[0]) + 0.6 * row[1] - 0.4))) }
    var options = TermOptions()
    options.knots = 14
    options.mostPairs = 0
    var (covered, places) = (0, 0)
    for seed in 0..<40 {
      var random = RandomNumbers(seed: UInt64(seed))
      let rows = (0..<600).map { _ in [random.uniform() * 4 - 2, random.uniform() * 2 - 1] }
      let fit = try TermRegression.fit(
        features: features, values: Matrix(rows), labels: rows.map { random.uniform() < truth($0) },
        options: options)
      let sample = Array(rows.prefix(50))
      let found = try IntervalScorer(.terms(fit.model), covariance: try #require(MarginCovariance(fit)))
        .intervals(Matrix(sample))
      for (index, row) in sample.enumerated() {
        covered += found.lower[index] <= truth(row) && truth(row) <= found.upper[index] ? 1 : 0
        places += 1
      }
    }
    let share = Double(covered) / Double(places)
    #expect((0.92...0.98).contains(share), "\(share)")
  }

  @Test(
    "probabilities are those without intervals to the bit, ends lie around them, threads and blocks change nothing"
  )
  func sameProbabilities() throws {
    let table = TestTable(count: 700)
    let fit = try table.fit()
    let bent = TestTable.bent(count: 700)
    let terms = try bent.terms()
    for (model, covariance, values) in [
      (AnyModel.coefficients(fit.model), MarginCovariance(fit), table.values),
      (.terms(terms.model), try #require(MarginCovariance(terms)), bent.values),
    ] {
      var model = model
      model.link.correction = try PriorCorrection(population: 0.2, sample: 0.5)
      let scorer = try IntervalScorer(model, covariance: covariance)
      let found = scorer.intervals(values)
      #expect(found.probabilities == model.probabilities(values))
      let offsets = (0..<values.rows).map { Double($0 % 7) / 10 }
      let moved = scorer.intervals(values, offsets: offsets)
      #expect(moved.probabilities == model.probabilities(values, offsets: offsets))
      #expect(zip(moved.upper, found.upper).allSatisfy { $0 >= $1 } && moved != found)
      #expect(zip(found.lower, found.probabilities).allSatisfy { $0 < $1 && $0 > 0 })
      #expect(zip(found.upper, found.probabilities).allSatisfy { $0 > $1 && $0 < 1 })
      for threads in [1, 3] {
        #expect(scorer.intervals(values, parallel: Parallel(threads: threads)) == found)
      }
      let narrow = try IntervalScorer(model, covariance: covariance, confidence: 0.5).intervals(values)
      #expect(zip(narrow.lower, found.lower).allSatisfy { $0 > $1 })
      #expect(zip(narrow.upper, found.upper).allSatisfy { $0 < $1 })
    }
  }

  @Test("a weight of 2 gives the intervals of the row twice")
  func weights() throws {
    let table = TestTable(count: 300)
    var twice = table
    for row in 0..<300 where row % 2 == 0 {
      twice.rows.append(table.rows[row])
      twice.labels.append(table.labels[row])
    }
    let fits = [try table.fit(weights: (0..<300).map { $0 % 2 == 0 ? 2 : 1 }), try twice.fit()]
    let found = try fits.map {
      try IntervalScorer(.coefficients($0.model), covariance: MarginCovariance($0)).intervals(table.values)
    }
    #expect(greatestDifference(found[0].lower, found[1].lower) < 1e-9)
    #expect(greatestDifference(found[0].upper, found[1].upper) < 1e-9)
  }

  @Test("a level that training never showed has the interval of a pooled one, and missing values have theirs")
  func unseenLevel() throws {
    let table = TestTable(count: 400)
    let fit = try table.fit()
    #expect(fit.model.columns.contains { $0.name == "region=other" })
    let scorer = try IntervalScorer(.coefficients(fit.model), covariance: MarginCovariance(fit))
    let rows = [-1.0, 4, 9, .nan, 0].map { region in [40, 100, region, 1, 1] }
    let found = scorer.intervals(Matrix(rows))
    #expect(found.lower[0] == found.lower[1] && found.lower[2] == found.lower[1])
    #expect(found.upper[0] == found.upper[1] && found.upper[2] == found.upper[1])
    #expect(found.upper[3] != found.upper[1] && found.upper[3] != found.upper[4])
  }

  @Test("held coefficients are certain: the interval is that of the model without them")
  func bounds() throws {
    let table = Self.commonLevels(count: 400)
    var options = LogisticOptions()
    options.penalty = 0
    // The truth rises with age: the bound holds it at 0.
    let held = try ConstrainedRegression.fit(
      features: table.features, values: table.values, labels: table.labels, bounds: ["age": .nonPositive],
      options: options)
    #expect(held.constraints?.binding == 1)
    let scorer = try IntervalScorer(.coefficients(held.model), covariance: MarginCovariance(held))
    // A change of age alone changes neither end.
    let found = scorer.intervals(Matrix([[30, 100, 1, 0, 1], [60, 100, 1, 0, 1]]))
    #expect(found.lower[0] == found.lower[1] && found.upper[0] == found.upper[1])
    #expect(found.lower[0] < found.probabilities[0])
  }

  @Test("JSON gives the covariance back to the bit, and a damaged one is an error")
  func json() throws {
    let table = TestTable(count: 300)
    let fit = try table.fit()
    let bent = TestTable.bent(count: 400)
    let terms = try bent.terms { $0.mostPairs = 1 }
    let both: [(model: AnyModel, covariance: MarginCovariance, values: Matrix)] = [
      (.coefficients(fit.model), MarginCovariance(fit), table.values),
      (.terms(terms.model), try #require(MarginCovariance(terms)), bent.values),
    ]
    for (model, covariance, values) in both {
      let data = try covariance.json()
      let back = try MarginCovariance(json: data)
      let found = try IntervalScorer(model, covariance: back).intervals(values)
      #expect(found == (try IntervalScorer(model, covariance: covariance).intervals(values)))
      #expect(try back.json() == data)
      let text = String(decoding: data, as: UTF8.self)
      for (old, new) in [
        ("\"positions\" : [", "\"positions\" : [ 99999,"), ("\"factor\" : \"", "\"factor\" : \"AAAA"),
        ("\"columns\"", "\"rows\""),
      ] {
        #expect(throws: ChurnModelError.self) {
          try MarginCovariance(json: Data(text.replacing(old, with: new).utf8))
        }
      }
      let later = text.replacing("\"formatVersion\" : 1", with: "\"formatVersion\" : 7")
      #expect {
        _ = try MarginCovariance(json: Data(later.utf8))
      } throws: {
        ($0 as? ChurnModelError)?.code == .otherFormat
      }
    }
    #expect(throws: ChurnModelError.self) {
      try IntervalScorer(both[0].model, covariance: both[1].covariance)
    }
    #expect(throws: ChurnModelError.self) {
      try IntervalScorer(both[1].model, covariance: both[0].covariance)
    }
    #expect(throws: ChurnModelError.self) {
      try IntervalScorer(both[0].model, covariance: both[0].covariance, confidence: 95)
    }
  }
}
