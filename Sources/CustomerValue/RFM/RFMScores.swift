/// Scores of every customer, in the order of the input.
public struct RFMScores: Sendable {
  /// From 1, the highest for who bought last.
  public let recency: [UInt8]
  /// From 1, the highest for who bought most often.
  public let frequency: [UInt8]
  /// From 1, the highest for who spent most.
  public let monetary: [UInt8]

  public var count: Int { recency.count }

  /// The three scores of a customer.
  public func combination(_ row: Int) -> SegmentRules.Scores {
    SegmentRules.Scores(recency: recency[row], frequency: frequency[row], monetary: monetary[row])
  }

  /// The segment of every customer: its place in `rules.segments`.
  ///
  /// - Complexity: O(n)
  public func segments(_ rules: SegmentRules) -> [UInt8] {
    recency.indices.map {
      rules.place(recency: recency[$0], frequency: frequency[$0], monetary: monetary[$0])
    }
  }
}

extension RFMScheme {
  /// Scores a population, which need not be the one the scheme was fitted on.
  ///
  /// A value that is NaN, such as the recency of a customer who never bought, scores 1.
  /// - Parameters:
  ///   - recency: what has passed since the last purchase, one a customer.
  ///   - frequency: how often customers bought, one a customer.
  ///   - monetary: how much they spent, one a customer.
  /// - Complexity: O(n)
  public func scores(recency: [Double], frequency: [Double], monetary: [Double]) -> RFMScores {
    precondition(
      recency.count == frequency.count && frequency.count == monetary.count, "one value a customer")
    let best = UInt8(self.recency.count)
    return RFMScores(
      recency: recency.map { $0.isNaN ? 1 : best + 1 - self.recency.bin(of: $0) },
      frequency: frequency.map { self.frequency.bin(of: $0) },
      monetary: monetary.map { self.monetary.bin(of: $0) })
  }
}
