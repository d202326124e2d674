import ChurnModel
import Foundation
import Statistics
import Tables
import Testing

@testable import Evaluation

@Suite("Calibration and sampled classes of tables")
struct TableCalibrationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func training(
    rows: Int = 600, weight: Bool = false, penalty: Double? = 1e-3
  ) throws -> TableTraining {
    let file = try folder.table(InventedTable(rows: rows).lines)
    var training = TableTraining(try TrainingTable(file, roles: InventedTable.roles(weight: weight)))
    guard let penalty else { return training }
    var options = LogisticOptions()
    options.penalty = penalty
    training.learner = .coefficients(options, choosesPenalty: false)
    return training
  }

  private func all(_ training: TableTraining) -> [Int] { Array(training.table.labels.indices) }

  @Test(
    "held-out rows: groups stay in one fold, rows without weight are left out, of too many groups are sampled"
  )
  func heldOutRows() {
    let groups = (0..<3000).map { Int32($0 / 3) }
    let weights = groups.indices.map { $0 % 10 == 0 ? 0.0 : 1 }
    let own = HeldOutRows(groups: groups, weights: weights)
    #expect(own.rows == groups.indices.filter { $0 % 10 != 0 })
    let foldOf = Dictionary(
      zip(own.rows.map { groups[$0] }, own.folds), uniquingKeysWith: { $0 == $1 ? $0 : -1 })
    #expect(Set(foldOf.values) == Set(0..<HeldOutRows.foldCount))
    for fold in 0..<HeldOutRows.foldCount { #expect((400...700).contains(own.folds.count { $0 == fold })) }
    let few = HeldOutRows(groups: groups, weights: nil, mostRows: 1000)
    #expect((850...1150).contains(few.rows.count) && few.rows.count % 3 == 0)
  }

  @Test("too strong a penalty is undone by the calibrator that is chosen, and held-out folds gain")
  func shrunk() throws {
    var training = try training(penalty: 0.3)
    let calibrated = try training.fit()
    let choice = try #require(calibrated.model.link.calibration)
    #expect(choice.calibrator.kind == .beta && choice.wanted == nil)
    let folds = try #require(training.table.folds)
    let judged = try TableCrossValidation.run(training, folds: folds)
    training.calibration = .none
    #expect(try training.fit().model.link == .logistic)
    let plain = try TableCrossValidation.run(training, folds: folds)
    for (own, other) in zip(judged, plain) {
      #expect(own.metrics.logLoss < other.metrics.logLoss)
      #expect(abs(own.metrics.auc - other.metrics.auc) < 1e-12)
    }
  }

  @Test("a kind that is asked for is taken, for both learners", arguments: [CalibrationRule.beta, .isotonic])
  func asked(rule: CalibrationRule) throws {
    for penalty in [1e-3, nil] {
      var training = try training(rows: 300, penalty: penalty)
      training.calibration = rule
      let choice = try #require(try training.fit().model.link.calibration)
      #expect(choice.calibrator.kind.rawValue == rule.rawValue && choice.wanted == choice.calibrator.kind)
      #expect(choice.candidates.count == 3)
    }
  }

  @Test("classes that held-out scores separate: no calibrator by itself, an error when one is asked for")
  func separated() throws {
    let lines = ["x,churn"] + (0..<80).map { "\($0),\($0 < 40 ? 0 : 1)" }
    let table = try TrainingTable(try folder.table(lines), roles: TableRoles(label: "churn"))
    var training = TableTraining(table)
    training.learner = .coefficients(LogisticOptions(), choosesPenalty: false)
    #expect(try training.fit().model.link.calibration?.calibrator.kind != .beta)
    training.calibration = .beta
    #expect {
      _ = try training.fit()
    } throws: { error in
      (error as? ChurnModelError).map { $0.code == .invalidOption && $0.message.contains("beta calibration") }
        == true
    }
  }

  @Test("the population's share multiplies all odds by one number, and is weighted into the folds' figures")
  func population() throws {
    for penalty in [1e-3, nil] {
      var training = try training(rows: 400, penalty: penalty)
      let plain = try training.fit()
      training.populationRate = 0.03
      let corrected = try training.fit()
      let share = Double(training.table.positives) / Double(training.table.rows)
      let correction = try #require(corrected.model.link.correction)
      #expect(correction.population == 0.03 && abs(correction.sample - share) < 1e-15)
      let odds = exp(correction.interceptShift)
      let (before, after) = (
        training.probabilities(plain.model, rows: all(training)),
        training.probabilities(corrected.model, rows: all(training))
      )
      for (p, q) in zip(before, after) { #expect(abs(q / (1 - q) - odds * p / (1 - p)) < 1e-12) }
      // Weighted to the population the mean probability is about its share of positives.
      let weights = training.table.labels.map { correction.weight(of: $0) }
      let mean = zip(after, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      #expect((0.02...0.04).contains(mean), "\(mean)")
    }
  }

  @Test(
    "the training rows' own share changes nothing, nor do sampled classes change the order of folds' rows")
  func sameShare() throws {
    var training = try training(weight: true)
    let plain = try training.fit()
    let folds = try #require(training.table.folds)
    let before = try TableCrossValidation.run(training, folds: folds)
    let weights = try #require(training.table.weights)
    let positive = zip(weights, training.table.labels).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
    training.populationRate = positive / weights.reduce(0, +)
    let same = training.probabilities(try training.fit().model, rows: all(training))
    for (p, q) in zip(training.probabilities(plain.model, rows: all(training)), same) {
      #expect(abs(p - q) < 1e-14)
    }
    training.populationRate = 0.05
    for (own, other) in zip(try TableCrossValidation.run(training, folds: folds), before) {
      #expect(abs(own.metrics.auc - other.metrics.auc) < 1e-12)
      #expect(own.metrics.calibration.expectedError < 0.1)
    }
  }

  @Test("shares that are none are refused", arguments: [0.0, 1, 3, .nan])
  func nonsense(share: Double) throws {
    var training = try training(rows: 100)
    training.populationRate = share
    #expect {
      _ = try training.fit()
    } throws: {
      ($0 as? ChurnModelError)?.code == .invalidOption
    }
  }

  @Test("what intervals need is kept for both learners when it is asked for")
  func covariance() throws {
    for penalty in [1e-3, nil] {
      var training = try training(rows: 200, penalty: penalty)
      training.keepsCovariance = true
      let fit = try training.fit()
      let scorer = try IntervalScorer(fit.model, covariance: try #require(fit.covariance))
      let found = scorer.intervals(training.table.values)
      #expect(found.probabilities == training.probabilities(fit.model, rows: all(training)))
      training.keepsCovariance = false
      #expect((try training.fit().covariance == nil) == (penalty == nil), "that of terms is large")
    }
  }
}
