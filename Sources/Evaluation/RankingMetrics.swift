public import Statistics

/// How well probabilities, or any scores, tell lapse from loyalty on one set of relations.
public struct RankingMetrics: Sendable {
  public let rows: Int
  public let positives: Int
  /// Area under the ROC curve, with DeLong's 95 % interval.
  public let auc: Double
  public let aucInterval: ClosedRange<Double>
  /// Share of lapses in the top decile against the share in all.
  public let liftTopDecile: Double
  /// Share of lapses among the top decile.
  public let precisionTopDecile: Double
  /// What only probabilities have; `nil` for plain scores.
  public let probability: ProbabilityMetrics?

  public struct ProbabilityMetrics: Sendable {
    public let logLoss: Double
    public let brier: Double
    public let calibration: Calibration
  }

  /// - Parameter areProbabilities: whether the scores are probabilities of lapse.
  /// - Complexity: O(n log n).
  public init(scores: [Double], labels: [Bool], areProbabilities: Bool) {
    precondition(scores.count == labels.count, "one label a score is needed")
    rows = labels.count
    positives = labels.count { $0 }
    let estimate = ROC.estimate(scores: scores, labels: labels)
    auc = estimate.area
    aucInterval = estimate.interval()
    let top = Lift.top(share: 0.1, scores: scores, labels: labels)
    liftTopDecile = top.lift
    precisionTopDecile = top.precision
    probability =
      areProbabilities
      ? ProbabilityMetrics(
        logLoss: ProbabilityScores.logLoss(probabilities: scores, labels: labels),
        brier: ProbabilityScores.brier(probabilities: scores, labels: labels),
        calibration: Calibration(probabilities: scores, labels: labels)) : nil
  }
}
