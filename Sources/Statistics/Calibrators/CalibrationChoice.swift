internal import Foundation

/// The calibrator that does best on rows it was not fitted to.
///
/// Scores are out of fold already: no row's score comes from a model that saw it. Each kind of calibrator is fitted to
/// all folds but one and judged on that one, fold after fold, by log loss. From the simplest kind (identity, beta,
/// isotonic) to the most flexible, a kind takes the place of the best one so far when its mean log loss is smaller by
/// more than two standard errors of the difference, paired by row: a tie and a gain within the noise go to the simpler
/// one. The chosen kind is fitted again to all rows.
///
/// That error is of the losses that were seen. Where the scores of all folds but one separate the classes, no row shows what
/// a row on the wrong side costs: an isotonic curve is a step somewhere in the gap, its loss is next to 0 with next to no
/// error, and the first row that falls beyond the step costs the logarithm of all rows of its class. Such rows do not
/// determine where the step is, as they do not determine beta calibration's slopes: neither kind is judged by them, and
/// neither is taken unless it is asked for.
public struct CalibrationChoice: Codable, Sendable, Equatable {
  /// What is known about one kind.
  public struct Candidate: Codable, Sendable, Equatable {
    public let kind: Calibrator.Kind
    /// Mean log loss on rows it was not fitted to; nil when the rows of all folds but one did not determine it (one class or
    /// one score only, or classes that are separated).
    public let logLoss: Double?
    /// By how much the mean log loss is smaller than that of the kind it was compared with; nil for identity and for
    /// what was not fitted.
    public let gain: Double?
    /// Standard error of the gain.
    public let gainError: Double?
  }

  /// Fitted to all rows.
  public let calibrator: Calibrator
  /// One a kind, from the simplest to the most flexible.
  public let candidates: [Candidate]
  /// The kind that was asked for, whatever it gains; nil where the best was taken.
  public let wanted: Calibrator.Kind?

  /// Standard errors that the gain of a more flexible kind must exceed.
  private static let leastErrors = 2.0

  /// Mean log loss of a kind on rows it was not fitted to; nil when some rows did not determine it.
  public func logLoss(of kind: Calibrator.Kind) -> Double? {
    candidates.first { $0.kind == kind }?.logLoss
  }

  /// - Parameters:
  ///   - probabilities: out-of-fold scores between 0 and 1, one a row; for the loss they are kept 1e-12 away from both.
  ///   - labels: one a row.
  ///   - weights: at least 0, one a row, or nil for 1 each; they count as repeated rows.
  ///   - folds: the fold of each row, any numbers, at least two different ones; rows that depend on each other (of one
  ///     customer) belong in one fold.
  ///   - wanted: the kind to take, whatever it gains; nil for the best.
  /// - Throws: `CalibrationError` for scores or weights that are none, for fewer than two folds, and when the rows do not
  ///   determine the wanted kind.
  /// - Complexity: O(folds × n log n)
  public init(
    probabilities: [Double], labels: [Bool], weights: [Double]? = nil, folds: [Int],
    wanted: Calibrator.Kind? = nil
  ) throws(CalibrationError) {
    let rows = try ScoredRows(probabilities: probabilities, labels: labels, weights: weights, folds: folds)
    let identity = rows.losses(.identity) ?? []
    var best = (kind: Calibrator.Kind.identity, losses: identity)
    var candidates = [
      Candidate(kind: .identity, logLoss: rows.mean(identity).mean, gain: nil, gainError: nil)
    ]
    for kind in [Calibrator.Kind.beta, .isotonic] {
      guard let losses = rows.losses(kind) else {
        candidates.append(Candidate(kind: kind, logLoss: nil, gain: nil, gainError: nil))
        continue
      }
      let gain = rows.mean(zip(best.losses, losses).map { $0 - $1 })
      candidates.append(
        Candidate(kind: kind, logLoss: rows.mean(losses).mean, gain: gain.mean, gainError: gain.error))
      if gain.mean > Self.leastErrors * gain.error { best = (kind, losses) }
    }
    self.candidates = candidates
    self.wanted = wanted
    if let wanted {
      guard let asked = rows.fit(wanted, without: nil) else {
        throw CalibrationError(
          .notDetermined,
          "the rows do not determine a calibrator of the kind \(wanted.rawValue): the scores separate the classes or are all "
            + "the same")
      }
      calibrator = asked
      return
    }
    // What the rows of all folds but one determine, all rows determine.
    calibrator = rows.fit(best.kind, without: nil) ?? .identity
  }
}

/// Out-of-fold scores after they were checked.
private struct ScoredRows {
  let probabilities: [Double]
  let labels: [Bool]
  let weights: [Double]
  let folds: [Int]

  init(
    probabilities: [Double], labels: [Bool], weights: [Double]?, folds: [Int]
  ) throws(CalibrationError) {
    precondition(
      labels.count == probabilities.count && folds.count == labels.count
        && (weights.map { $0.count == labels.count } ?? true),
      "as many labels, folds and weights as probabilities are needed")
    for (row, probability) in probabilities.enumerated() where !(0...1).contains(probability) {
      throw CalibrationError(
        .invalidProbability,
        "the score of row \(row + 1) is \(probability); calibration needs probabilities between 0 and 1")
    }
    let weights = weights ?? Array(repeating: 1, count: labels.count)
    for (row, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
      throw CalibrationError(
        .invalidWeight, "the weight of row \(row + 1) is \(weight); weights must be finite and at least 0")
    }
    let used = labels.indices.filter { weights[$0] > 0 }
    guard !used.isEmpty else {
      throw CalibrationError(.invalidWeight, "no row has a positive weight, so nothing can be calibrated")
    }
    guard Set(used.map { folds[$0] }).count > 1 else {
      throw CalibrationError(
        .oneFold, "all rows are in one fold; give at least two folds, so that calibrators can be judged")
    }
    self.probabilities = used.map { probabilities[$0] }
    self.labels = used.map { labels[$0] }
    self.weights = used.map { weights[$0] }
    self.folds = used.map { folds[$0] }
  }

  /// A calibrator fitted to the rows of all folds but one.
  func fit(_ kind: Calibrator.Kind, without fold: Int?) -> Calibrator? {
    let rows = labels.indices.filter { folds[$0] != fold }
    return Calibrator(
      kind, probabilities: rows.map { probabilities[$0] }, labels: rows.map { labels[$0] },
      weights: rows.map { weights[$0] })
  }

  /// Whether some positive of all folds but one has a smaller score than some negative of them.
  private func overlaps(without fold: Int) -> Bool {
    var (leastPositive, greatestNegative) = (Double.infinity, -Double.infinity)
    for row in labels.indices where folds[row] != fold {
      if labels[row] {
        leastPositive = min(leastPositive, probabilities[row])
      } else {
        greatestNegative = max(greatestNegative, probabilities[row])
      }
    }
    return leastPositive < greatestNegative
  }

  /// The log loss of every row by a calibrator fitted to the other folds; nil when one could not be fitted.
  func losses(_ kind: Calibrator.Kind) -> [Double]? {
    var calibrators: [Int: Calibrator] = [:]
    for fold in Set(folds) {
      guard kind == .identity || overlaps(without: fold), let calibrator = fit(kind, without: fold) else {
        return nil
      }
      calibrators[fold] = calibrator
    }
    var losses = [Double](repeating: 0, count: labels.count)
    for (fold, calibrator) in calibrators {
      for row in labels.indices where folds[row] == fold {
        let probability = BetaCalibrator.inside(calibrator.probability(probabilities[row]))
        losses[row] = labels[row] ? -log(probability) : -log1p(-probability)
      }
    }
    return losses
  }

  /// The weighted mean and its standard error.
  func mean(_ values: [Double]) -> (mean: Double, error: Double) {
    var (sum, total) = (0.0, 0.0)
    for (value, weight) in zip(values, weights) {
      sum += weight * value
      total += weight
    }
    let mean = sum / total
    var squares = 0.0
    for (value, weight) in zip(values, weights) { squares += weight * (value - mean) * (value - mean) }
    return (mean, squares.squareRoot() / total)
  }
}
