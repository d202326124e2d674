/// How much denser positives are among the highest scores than among all rows.
public enum Lift {
  /// The result for one share.
  public struct Result: Sendable, Equatable {
    /// Number of rows in the top.
    public let rows: Int
    /// Expected positives in the top; not whole when the border runs through equal scores.
    public let positives: Double
    /// Share of positives in the top.
    public let precision: Double
    /// Share of all positives that are in the top.
    public let recall: Double
    /// Precision over the share of positives among all rows.
    public let lift: Double
  }

  /// The lift among the `share` highest scores (the nearest whole number of rows, at least one).
  ///
  /// Where equal scores straddle the border, each of them is in the top with the same probability, and positives are
  /// counted by expectation, so that the order of the rows has no say. NaN when there is no row or no positive.
  ///
  /// - Parameter share: greater than 0, at most 1.
  /// - Complexity: O(n log n)
  public static func top(share: Double, scores: [Double], labels: [Bool]) -> Result {
    precondition(share > 0 && share <= 1, "a share lies above 0 and is at most 1")
    let rows = min(max(Int((share * Double(scores.count)).rounded()), 1), scores.count)
    return top(rows: rows, scores: scores, labels: labels)
  }

  /// The lift among the `rows` highest scores.
  ///
  /// - Complexity: O(n log n)
  public static func top(rows: Int, scores: [Double], labels: [Bool]) -> Result {
    precondition(scores.count == labels.count, "as many labels as scores are needed")
    precondition(rows >= 0 && rows <= scores.count, "the top cannot have more rows than there are")
    let order = Ranks.ascendingOrder(scores.map { -$0 })
    var taken = 0.0
    Ranks.forEachTie(order, scores) { tie in
      let free = rows - tie.lowerBound
      guard free > 0 else { return }
      let positives = tie.reduce(into: 0.0) { $0 += labels[order[$1]] ? 1 : 0 }
      taken += free >= tie.count ? positives : positives * Double(free) / Double(tie.count)
    }
    let all = labels.reduce(into: 0.0) { $0 += $1 ? 1 : 0 }
    let precision = taken / Double(rows)
    return Result(
      rows: rows, positives: taken, precision: precision, recall: taken / all,
      lift: precision / (all / Double(labels.count)))
  }
}
