import ChurnModel
import Evaluation
import Foundation
import Tables

/// An invented table with every kind of column, the same in every run.
struct InventedTable {
  let header = ["key", "age", "visits", "member", "region", "since", "weight", "fold", "churn"]
  private(set) var rows: [[String]] = []

  init(rows count: Int = 400) {
    var state: UInt64 = 42
    // Knuth's 64-bit linear congruential generator.
    func next(_ range: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % range
    }
    let regions = ["north", "south", "east", "west", "", "NA"]
    for row in 0..<count {
      let (age, visits, isMember, region) = (18 + next(60), next(12), next(2) == 1, next(regions.count))
      let score = Double(age - 48) / 20 - Double(visits) / 4 + (isMember ? -1 : 0.5) + (region == 1 ? 1.5 : 0)
      let hasChurned = Double(next(1000)) / 1000 < 1 / (1 + exp(-score))
      // A region of its own in the first fold: nobody else can learn it.
      let fold = row % 3
      rows.append([
        "K\(row)", next(15) == 0 ? "" : "\(age)", "\(visits)", isMember ? "Yes" : "No",
        fold == 0 && next(20) == 0 ? "centre" : regions[region],
        "20\(10 + next(10))-0\(1 + next(9))-1\(next(10))",
        "\(1 + next(2))", "\(fold)", hasChurned ? "1" : "0",
      ])
    }
  }

  var lines: [String] { lines(rows) }

  func lines(_ rows: [[String]]) -> [String] { ([header] + rows).map { $0.joined(separator: ",") } }

  /// The place of a column.
  func index(_ column: String) -> Int { header.firstIndex(of: column) ?? 0 }

  /// The same rows with the columns in another order.
  func lines(columns order: [Int]) -> [String] {
    ([header] + rows).map { row in order.map { row[$0] }.joined(separator: ",") }
  }

  static func roles(weight: Bool = false, folds: Bool = true, keys: Bool = true) -> TableRoles {
    var roles = TableRoles(label: "churn")
    roles.id = keys ? "key" : nil
    roles.folds = folds ? "fold" : nil
    roles.weight = weight ? "weight" : nil
    roles.drop = weight ? [] : ["weight"]
    if !folds { roles.drop.append("fold") }
    if !keys { roles.drop.append("key") }
    return roles
  }
}

extension TemporaryFolder {
  func table(_ lines: [String], name: String = "table.csv") throws -> TableFile {
    try write(name, lines.joined(separator: "\n") + "\n")
    return try TableFile("\(path)/\(name)")
  }
}

extension TableTraining {
  /// Probabilities of all rows by one model, and the folds' metrics.
  ///
  /// - Parameter choosesPenalty: the choice takes thirty times as long as the fit.
  func everything(
    choosesPenalty: Bool = false, learner: TableLearner? = nil
  ) throws -> (probabilities: [Double], folds: [TableCrossValidation.Fold]) {
    var plan = self
    plan.learner = learner ?? .coefficients(LogisticOptions(), choosesPenalty: choosesPenalty)
    let model = try plan.fit().model
    let folds = try table.folds.map { try TableCrossValidation.run(plan, folds: $0) } ?? []
    return (plan.probabilities(model, rows: Array(table.labels.indices)), folds)
  }
}
