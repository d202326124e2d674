extension ROC {
  /// The area under the curve of weighted rows: a row of weight 2 counts like the same row twice, one of weight 0 not at
  /// all.
  ///
  /// NaN when there is only one class.
  ///
  /// - Parameters:
  ///   - scores: one finite score a row, greater means more likely positive.
  ///   - labels: one label a row.
  ///   - weights: one a row, at least 0.
  /// - Complexity: O(n log n)
  public static func area(scores: [Double], labels: [Bool], weights: [Double]) -> Double {
    precondition(
      scores.count == labels.count && weights.count == labels.count,
      "as many labels and weights as scores are needed")
    let order = Ranks.ascendingOrder(scores)
    // Weight of the negatives below, and twice the weight of pairs that are ordered rightly.
    var (below, doubled, positives) = (0.0, 0.0, 0.0)
    Ranks.forEachTie(order, scores) { tie in
      var (positive, negative) = (0.0, 0.0)
      for position in tie {
        let row = order[position]
        if labels[row] { positive += weights[row] } else { negative += weights[row] }
      }
      doubled += positive * (2 * below + negative)
      below += negative
      positives += positive
    }
    guard positives > 0, below > 0 else { return .nan }
    return doubled / (2 * positives * below)
  }
}
