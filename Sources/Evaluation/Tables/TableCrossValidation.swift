public import ChurnModel
internal import Foundation
public import Statistics

/// Judges the learner fold by fold: everything is learned anew from the rows of all other folds.
public enum TableCrossValidation {
  /// One fold: how well a model that has not seen its rows tells them apart.
  public struct Fold: Sendable {
    public let name: String
    public let rows: Int
    public let positives: Int
    public let metrics: TableMetrics
    /// Log loss on the fold's rows of the share of positives among those that were learned from, with weights.
    public let nullLogLoss: Double
    public let fit: TableFit
    /// Rows with a level that no training row of the fold has.
    public let unseen: Int
    /// Of learning; scoring left out.
    public let seconds: Double
  }

  /// - Parameter progress: is told which fold is at work, from 0.
  /// - Throws: `ChurnModelError`.
  /// - Complexity: as many fits as there are folds.
  public static func run(
    _ training: TableTraining, folds: TrainingTable.Folds, progress: (Int) -> Void = { _ in }
  ) throws(ChurnModelError) -> [Fold] {
    let table = training.table
    var result: [Fold] = []
    for (place, name) in folds.names.enumerated() {
      progress(place)
      let inside = table.labels.indices.filter { folds.fold[$0] != place }
      let outside = table.labels.indices.filter { folds.fold[$0] == place }
      let start = ContinuousClock.now
      let fit = try training.fit(rows: inside)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let labels = outside.map { table.labels[$0] }
      let outsideWeights = weights(table, outside, fit.model.link.correction)
      let metrics = TableMetrics(
        probabilities: training.probabilities(fit.model, rows: outside), labels: labels,
        weights: outsideWeights)
      let share = positiveShare(table, inside, weights(table, inside, fit.model.link.correction))
      result.append(
        Fold(
          name: name, rows: outside.count, positives: labels.count { $0 }, metrics: metrics,
          nullLogLoss: ProbabilityScores.logLoss(
            probabilities: labels.map { _ in share }, labels: labels, weights: outsideWeights),
          fit: fit, unseen: unseen(table, inside, outside), seconds: seconds))
    }
    return result
  }

  /// What there is to say about folds that were judged: that the model does no better than one probability for all rows.
  public static func notices(_ folds: [Fold]) -> [TableNotice] {
    guard !folds.isEmpty else { return [] }
    func mean(_ value: (Fold) -> Double) -> Double { folds.map(value).reduce(0, +) / Double(folds.count) }
    let (own, null) = (mean(\.metrics.logLoss), mean(\.nullLogLoss))
    guard !(own < null) else { return [] }
    let (ownText, nullText) = (String(format: "%.4f", own), String(format: "%.4f", null))
    return [
      TableNotice(
        .noBetterThanShare, [],
        "On rows it has not seen the model does no better than the same probability for all (log loss \(ownText), that one \(nullText)): "
          + "do not use it. More rows or other columns may help.",
        "在未见过的行上，模型不优于对所有行给同一概率（对数损失 \(ownText)，后者 \(nullText)）：请勿使用。可增加行数或更换列。")
    ]
  }

  private static func positiveShare(_ table: TrainingTable, _ rows: [Int], _ weights: [Double]?) -> Double {
    var (positive, total) = (0.0, 0.0)
    for (place, row) in rows.enumerated() {
      let weight = weights?[place] ?? 1
      total += weight
      if table.labels[row] { positive += weight }
    }
    return positive / total
  }

  /// Where one class was sampled, probabilities are the population's, and rows are weighted to stand for it.
  private static func weights(
    _ table: TrainingTable, _ rows: [Int], _ correction: PriorCorrection?
  ) -> [Double]? {
    let own = table.weights.map { all in rows.map { all[$0] } }
    guard let correction else { return own }
    return rows.enumerated().map { place, row in
      (own?[place] ?? 1) * correction.weight(of: table.labels[row])
    }
  }

  private static func unseen(_ table: TrainingTable, _ inside: [Int], _ outside: [Int]) -> Int {
    var unseen = Set<Int>()
    table.values.withUnsafeElements { elements in
      for (column, feature) in table.features.enumerated() {
        guard case .category(let levels) = feature.kind else { continue }
        var known = [Bool](repeating: false, count: levels.count)
        for row in inside where (table.weights?[row] ?? 1) > 0 {
          let value = elements[row * table.features.count + column]
          if !value.isNaN { known[Int(value)] = true }
        }
        for row in outside {
          let value = elements[row * table.features.count + column]
          if !value.isNaN, !known[Int(value)] { unseen.insert(row) }
        }
      }
    }
    return unseen.count
  }
}

/// How good probabilities are on weighted rows.
public struct TableMetrics: Sendable {
  public let auc: Double
  public let logLoss: Double
  public let brier: Double
  public let calibration: Calibration

  /// - Parameter weights: one a row, or nil for 1 each.
  /// - Complexity: O(n log n)
  public init(probabilities: [Double], labels: [Bool], weights: [Double]?) {
    auc =
      weights.map { ROC.area(scores: probabilities, labels: labels, weights: $0) }
      ?? ROC.area(scores: probabilities, labels: labels)
    logLoss = ProbabilityScores.logLoss(probabilities: probabilities, labels: labels, weights: weights)
    brier = ProbabilityScores.brier(probabilities: probabilities, labels: labels, weights: weights)
    calibration = Calibration(probabilities: probabilities, labels: labels, weights: weights)
  }
}
