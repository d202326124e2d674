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

  private static let folder = try! TemporaryFolder()
  static let path = folder.path + "/data"
  static let truthFile = path + "/truth.parquet"

  static let histories: Histories = {
    let options = SimulationOptions(customers: 2000, seed: 8, until: dataEnd, asOf: [testDate])
    _ = try! Simulator(options: options).write(to: URL(fileURLWithPath: path))
    return try! Histories.load(path)
  }()

  static func train() throws -> ChurnTraining.Result {
    var training = ChurnTraining()
    training.testShare = 0.4
    return try training.run(histories, dates: dates.reversed(), metadata: ["who": "test"])
  }

  static let result = try! train()
}
