import ChurnModel
import CustomerValue
import Evaluation
import Features
import Foundation
import Histories
import Retention
import Simulation

/// Simulated histories, a model of their past and the list of one date, shared by the suites.
enum RetentionSet {
  static let dataEnd = Day(year: 2026, month: 6, day: 30)
  /// A day half a year before the end of the data on which some car stands in the workshop.
  static let asOf: Day = {
    let orders = histories.orders
    let stays = (0..<orders.count).filter {
      (dataEnd - 220...dataEnd - 180).contains(orders.openedOn[$0])
        && orders.closedOn[$0] > orders.openedOn[$0]
    }
    return orders.openedOn[stays.min { orders.openedOn[$0] < orders.openedOn[$1] }!]
  }()

  static let histories: Histories = {
    let folder = try! TemporaryFolder()
    let url = folder.url.appendingPathComponent("data")
    _ = try! Simulator(options: SimulationOptions(customers: 1200, seed: 77, until: dataEnd)).write(to: url)
    return try! Histories.load(url.path)
  }()

  static let model = trained(.ridge)
  static let models = [model, trained(.terms)]

  private static func trained(_ estimator: ChurnEstimator) -> AnyModel {
    var training = ChurnTraining()
    training.testShare = 0
    training.estimator = estimator
    return try! training.run(histories, dates: [asOf - 540, asOf - 450]).fit.model
  }

  static let view = AsOfView(histories: histories, asOf: asOf)
  static let english = list()
  static let chinese = list(language: .chinese)

  static func list(_ filter: AtRiskBuilder.Filter = .init(), language: Language = .english) -> AtRiskList {
    try! AtRiskBuilder(view: view, model: model, modelName: "test@1", language: language).build(filter)
  }

  /// The relation of a row.
  static func relation(_ row: AtRiskRow) -> Int32 {
    relationOf["\(row.customerID) \(row.vin)"]!
  }

  private static let relationOf: [String: Int32] = {
    let relations = histories.relations
    return Dictionary(
      uniqueKeysWithValues: (0..<relations.count).map { relation in
        let customer = histories.customers.ids.texts[Int(relations.customers[relation])]
        let vin = histories.vehicles.vins.texts[Int(relations.vehicles[relation])]
        return ("\(customer) \(vin)", Int32(relation))
      })
  }()
}
