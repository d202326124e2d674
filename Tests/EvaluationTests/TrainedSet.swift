import Evaluation
import Features
import Foundation
import Histories
import Simulation

/// Simulated histories and one training on them, shared by the suites.
enum TrainedSet {
  static let dataEnd = Day(year: 2026, month: 6, day: 30)
  static let testDate = dataEnd - 540
  static let dates = [testDate - 182, testDate - 91, testDate]

  static var histories: Histories { loaded.histories }
  /// The true probability of lapse at the test date, by relation.
  static var truth: [Int32: Double] { loaded.truth }

  private static let loaded: (histories: Histories, truth: [Int32: Double]) = {
    let folder = try! TemporaryFolder()
    let path = folder.path + "/data"
    let options = SimulationOptions(customers: 2000, seed: 8, until: dataEnd, asOf: [testDate])
    _ = try! Simulator(options: options).write(to: URL(fileURLWithPath: path))
    let histories = try! Histories.load(path)
    return (histories, try! histories.trueProbabilities(file: path + "/truth.parquet", asOf: testDate))
  }()

  static func train(_ estimator: ChurnEstimator = .ridge) throws -> ChurnTraining.Result {
    var training = ChurnTraining()
    training.estimator = estimator
    training.testShare = 0.4
    return try training.run(histories, dates: dates.reversed(), metadata: ["who": "test"])
  }

  static let result = try! train()
}
