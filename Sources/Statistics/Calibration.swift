internal import Foundation

/// How well predicted probabilities agree with what happened.
public struct Calibration: Sendable, Equatable {
  /// One group of rows with similar probabilities.
  public struct Bin: Sendable, Equatable {
    /// Number of rows.
    public let count: Int
    /// Number of positives.
    public let positives: Int
    /// Weighted mean of the predicted probabilities.
    public let meanPredicted: Double
    /// Weighted share of positives.
    public let observed: Double
    /// Sum of the rows' weights.
    public let weight: Double
  }

  /// Groups of about equal weight, from the lowest probabilities to the highest.
  ///
  /// Rows with equal probabilities stay in one group (that of their midrank), so that the order of the rows has no
  /// say; a group that receives no row is left out.
  public let bins: [Bin]
  /// Slope b of logit(P(positive)) = a + b·logit(probability) (Cox 1958, Biometrika 45); 1 is ideal, below 1 the
  /// predictions are too extreme.
  ///
  /// NaN when it cannot be estimated: one class only, one probability only, or classes that it separates.
  public let slope: Double
  /// Intercept a of the same regression; 0 is ideal.
  public let intercept: Double
  /// Standard error of the slope, from the observed information; NaN when the slope is.
  public let slopeError: Double
  /// Standard error of the intercept, from the observed information; NaN when the intercept is.
  public let interceptError: Double
  /// Expected calibration error: mean of |mean predicted − observed| over the groups, by their weight.
  public let expectedError: Double

  /// Measures the calibration of `probabilities`.
  ///
  /// - Parameters:
  ///   - probabilities: one a row, between 0 and 1; for the slope they are kept 1e-12 away from both.
  ///   - labels: one a row.
  ///   - weights: one a row, at least 0, or nil for 1 each; a row of weight 2 counts like the same row twice.
  ///   - bins: number of groups, usually 10 (deciles).
  /// - Complexity: O(n log n)
  public init(probabilities: [Double], labels: [Bool], weights: [Double]? = nil, bins: Int = 10) {
    precondition(probabilities.count == labels.count, "as many labels as probabilities are needed")
    precondition(weights.map { $0.count == labels.count } ?? true, "as many weights as labels are needed")
    precondition(bins > 0, "at least one group is needed")
    let used = weights.map { weights in labels.indices.filter { weights[$0] > 0 } }
    let probabilities = used.map { $0.map { probabilities[$0] } } ?? probabilities
    let labels = used.map { $0.map { labels[$0] } } ?? labels
    let weights =
      used.flatMap { used in weights.map { weights in used.map { weights[$0] } } }
      ?? Array(repeating: 1, count: labels.count)
    self.bins = Self.groups(probabilities, labels, weights, bins)
    let line = Self.line(probabilities, labels, weights)
    intercept = line?.coefficients[0] ?? .nan
    slope = line?.coefficients[1] ?? .nan
    interceptError = line?.covariance[0].squareRoot() ?? .nan
    slopeError = line?.covariance[4].squareRoot() ?? .nan
    var error = 0.0
    for bin in self.bins { error += bin.weight * (bin.meanPredicted - bin.observed).magnitude }
    expectedError = error / weights.reduce(0, +)
  }

  private static func groups(
    _ probabilities: [Double], _ labels: [Bool], _ weights: [Double], _ bins: Int
  ) -> [Bin] {
    let order = Ranks.ascendingOrder(probabilities)
    let total = weights.reduce(0, +)
    var counts = [Int](repeating: 0, count: bins)
    var positives = counts
    var sums = [Double](repeating: 0, count: bins)
    var totals = sums
    var positiveTotals = sums
    var before = 0.0
    Ranks.forEachTie(order, probabilities) { tie in
      var (weight, positiveWeight) = (0.0, 0.0)
      for position in tie {
        weight += weights[order[position]]
        positiveWeight += labels[order[position]] ? weights[order[position]] : 0
      }
      let bin = min(Int((before + weight / 2) / total * Double(bins)), bins - 1)
      before += weight
      counts[bin] += tie.count
      positives[bin] += tie.reduce(into: 0) { $0 += labels[order[$1]] ? 1 : 0 }
      totals[bin] += weight
      positiveTotals[bin] += positiveWeight
      sums[bin] += probabilities[order[tie.lowerBound]] * weight
    }
    return (0..<bins).filter { counts[$0] > 0 }.map {
      Bin(
        count: counts[$0], positives: positives[$0], meanPredicted: sums[$0] / totals[$0],
        observed: positiveTotals[$0] / totals[$0], weight: totals[$0])
    }
  }

  /// Distance that probabilities keep from 0 and 1 before their logit is taken.
  private static let leastProbability = 1e-12

  /// logit(P(positive)) on logit(probability), from the ideal line (0, 1); nil when it is not determined.
  private static func line(
    _ probabilities: [Double], _ labels: [Bool], _ weights: [Double]
  ) -> SmallLogisticRegression? {
    let logits = probabilities.map { probability in
      let inside = min(max(probability, leastProbability), 1 - leastProbability)
      return log(inside) - log1p(-inside)
    }
    return SmallLogisticRegression(
      SmallLogisticRegression.Data(first: logits, second: [], labels: labels, weights: weights),
      usesSecond: false, start: [0, 1, 0])
  }
}
