/// The area under the receiver operating characteristic curve: how well scores rank positives above negatives.
public enum ROC {
  /// The area under the curve: the probability that a positive scores above a negative, ties counting one half.
  ///
  /// NaN when there is only one class.
  ///
  /// - Parameters:
  ///   - scores: one finite score a row, greater means more likely positive.
  ///   - labels: one label a row.
  /// - Complexity: O(n log n)
  public static func area(scores: [Double], labels: [Bool]) -> Double {
    precondition(scores.count == labels.count, "as many labels as scores are needed")
    let ranks = Ranks.midranks(scores)
    var positives = 0.0
    var rankSum = 0.0
    for (rank, label) in zip(ranks, labels) where label {
      positives += 1
      rankSum += rank
    }
    let negatives = Double(labels.count) - positives
    guard positives > 0, negatives > 0 else { return .nan }
    return (rankSum - positives * (positives + 1) / 2) / (positives * negatives)
  }

  /// An area with its sampling variance.
  public struct Estimate: Sendable, Equatable {
    /// The area under the curve.
    public let area: Double
    /// Its variance after DeLong, DeLong and Clarke-Pearson (1988).
    public let variance: Double

    /// The interval area ± z·√variance, cut to 0...1.
    ///
    /// - Parameter confidence: between 0 and 1, usually 0.95.
    public func interval(confidence: Double = 0.95) -> ClosedRange<Double> {
      let halfWidth = NormalDistribution.quantile((1 + confidence) / 2) * variance.squareRoot()
      guard halfWidth.isFinite else { return 0...1 }
      return max(area - halfWidth, 0)...min(area + halfWidth, 1)
    }
  }

  /// The area with its DeLong variance; NaN when a class has fewer than two rows.
  ///
  /// - Complexity: O(n log n), by midranks (Sun and Xu 2014).
  public static func estimate(scores: [Double], labels: [Bool]) -> Estimate {
    let placements = Placements(scores: scores, labels: labels)
    return Estimate(area: placements.area, variance: placements.covariance(with: placements))
  }

  /// A comparison of two scores on the same rows.
  public struct Comparison: Sendable, Equatable {
    /// Area of the first score minus area of the second.
    public let difference: Double
    /// Standard error of the difference.
    public let standardError: Double
    /// The difference in standard errors; 0 when both scores rank all rows alike.
    public let z: Double
    /// Two-sided p value of no difference.
    public let pValue: Double
  }

  /// DeLong's paired test of whether two scores have the same area on the same rows.
  ///
  /// - Complexity: O(n log n)
  public static func compare(_ first: [Double], _ second: [Double], labels: [Bool]) -> Comparison {
    let left = Placements(scores: first, labels: labels)
    let right = Placements(scores: second, labels: labels)
    let difference = left.area - right.area
    let variance =
      left.covariance(with: left) + right.covariance(with: right) - 2 * left.covariance(with: right)
    let standardError = max(variance, 0).squareRoot()
    let z = difference == 0 ? 0 : difference / standardError
    return Comparison(
      difference: difference, standardError: variance.isNaN ? .nan : standardError, z: z,
      pValue: NormalDistribution.twoSidedPValue(z))
  }
}

/// For each positive the share of negatives below it, for each negative the share of positives above it.
private struct Placements {
  let area: Double
  private let ofPositives: [Double]
  private let ofNegatives: [Double]

  init(scores: [Double], labels: [Bool]) {
    precondition(scores.count == labels.count, "as many labels as scores are needed")
    let all = Ranks.midranks(scores)
    let positiveRows = labels.indices.filter { labels[$0] }
    let negativeRows = labels.indices.filter { !labels[$0] }
    let withinPositives = Ranks.midranks(positiveRows.map { scores[$0] })
    let withinNegatives = Ranks.midranks(negativeRows.map { scores[$0] })
    let (positives, negatives) = (Double(positiveRows.count), Double(negativeRows.count))
    ofPositives = zip(positiveRows, withinPositives).map { (all[$0] - $1) / negatives }
    ofNegatives = zip(negativeRows, withinNegatives).map { 1 - (all[$0] - $1) / positives }
    area = ROC.area(scores: scores, labels: labels)
  }

  func covariance(with other: Placements) -> Double {
    func part(_ left: [Double], _ right: [Double]) -> Double {
      let count = Double(left.count)
      guard count > 1 else { return .nan }
      var sum = 0.0
      for (x, y) in zip(left, right) { sum += (x - area) * (y - other.area) }
      return sum / (count - 1) / count
    }
    return part(ofPositives, other.ofPositives) + part(ofNegatives, other.ofNegatives)
  }
}
