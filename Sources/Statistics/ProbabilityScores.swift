internal import Foundation

/// Proper scores of predicted probabilities; smaller is better.
public enum ProbabilityScores {
  /// The weighted mean of −log(probability given to what happened).
  ///
  /// A probability of 0 or 1 that turned out wrong gives infinity, as it should.
  ///
  /// - Parameters:
  ///   - probabilities: of a positive, one a row.
  ///   - weights: one a row, or nil for 1 each.
  /// - Complexity: O(n)
  public static func logLoss(probabilities: [Double], labels: [Bool], weights: [Double]? = nil) -> Double {
    weightedMean(probabilities, labels, weights) { probability, label in
      label ? -log(probability) : -log1p(-probability)
    }
  }

  /// The weighted mean of (probability − outcome)² (Brier 1950).
  ///
  /// - Complexity: O(n)
  public static func brier(probabilities: [Double], labels: [Bool], weights: [Double]? = nil) -> Double {
    weightedMean(probabilities, labels, weights) { probability, label in
      let error = probability - (label ? 1 : 0)
      return error * error
    }
  }

  private static func weightedMean(
    _ probabilities: [Double], _ labels: [Bool], _ weights: [Double]?, _ loss: (Double, Bool) -> Double
  ) -> Double {
    precondition(
      probabilities.count == labels.count && (weights.map { $0.count == labels.count } ?? true),
      "as many labels and weights as probabilities are needed")
    var sum = 0.0
    var total = 0.0
    for row in labels.indices {
      let weight = weights?[row] ?? 1
      guard weight != 0 else { continue }
      sum += weight * loss(probabilities[row], labels[row])
      total += weight
    }
    return sum / total
  }
}
