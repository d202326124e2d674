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
  /// Slope b of logit(P(positive)) = a + b·logit(probability); 1 is ideal, below 1 the predictions are too extreme.
  ///
  /// NaN when it cannot be estimated: one class only, one probability only, or classes that it separates.
  public let slope: Double
  /// Intercept a of the same regression; 0 is ideal.
  public let intercept: Double
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
    (intercept, slope) = Self.line(probabilities, labels, weights)
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

  /// Newton's method on the two-parameter logistic regression, from the ideal line (0, 1).
  private static func line(
    _ probabilities: [Double], _ labels: [Bool], _ weights: [Double]
  ) -> (intercept: Double, slope: Double) {
    let undefined = (intercept: Double.nan, slope: Double.nan)
    guard labels.contains(true), labels.contains(false) else { return undefined }
    let logits = probabilities.map { probability in
      let inside = min(max(probability, leastProbability), 1 - leastProbability)
      return log(inside) - log1p(-inside)
    }
    var line = (intercept: 0.0, slope: 1.0)
    var loss = meanLoss(line, logits, labels, weights)
    let total = weights.reduce(0, +)
    for _ in 0..<100 {
      var (g0, g1, h00, h01, h11) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for row in logits.indices {
        let x = logits[row]
        let probability = 1 / (1 + exp(-(line.intercept + line.slope * x)))
        let residual = weights[row] * (probability - (labels[row] ? 1 : 0))
        let weight = weights[row] * probability * (1 - probability)
        g0 += residual
        g1 += residual * x
        h00 += weight
        h01 += weight * x
        h11 += weight * x * x
      }
      let determinant = h00 * h11 - h01 * h01
      // A determinant of rounding error alone: no spread of probabilities, or classes that are separated.
      guard determinant > 1e-12 * h00 * h11, h00 > 1e-9 * total else { return undefined }
      var step = (
        intercept: (h11 * g0 - h01 * g1) / determinant, slope: (h00 * g1 - h01 * g0) / determinant
      )
      var next = (intercept: line.intercept - step.intercept, slope: line.slope - step.slope)
      var nextLoss = meanLoss(next, logits, labels, weights)
      for _ in 0..<50 where !(nextLoss <= loss * (1 + 1e-14)) {
        step = (step.intercept / 2, step.slope / 2)
        next = (line.intercept - step.intercept, line.slope - step.slope)
        nextLoss = meanLoss(next, logits, labels, weights)
      }
      (line, loss) = (next, nextLoss)
      if max(step.intercept.magnitude, step.slope.magnitude) < 1e-11 { return line }
    }
    return undefined
  }

  private static func meanLoss(
    _ line: (intercept: Double, slope: Double), _ logits: [Double], _ labels: [Bool], _ weights: [Double]
  ) -> Double {
    var (sum, total) = (0.0, 0.0)
    for row in logits.indices {
      let margin = line.intercept + line.slope * logits[row]
      sum += weights[row] * (max(margin, 0) + log1p(exp(-margin.magnitude)) - (labels[row] ? margin : 0))
      total += weights[row]
    }
    return sum / total
  }
}
