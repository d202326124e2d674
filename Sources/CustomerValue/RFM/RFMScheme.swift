/// How the bins of the three scores are found.
public struct RFMBinning: Sendable, Hashable {
  public var recency: BinningRule
  public var frequency: BinningRule
  public var monetary: BinningRule

  public init(recency: BinningRule, frequency: BinningRule, monetary: BinningRule) {
    self.recency = recency
    self.frequency = frequency
    self.monetary = monetary
  }

  /// One rule for all three.
  public init(_ rule: BinningRule) {
    self.init(recency: rule, frequency: rule, monetary: rule)
  }
}

/// The bins of the three RFM scores: fitted on one population, applied to the same or another.
///
/// Recency is reversed, so that the highest score is always the best.
public struct RFMScheme: Sendable, Hashable {
  /// Of what has passed since the last purchase.
  public let recency: ScoreBins
  /// Of how often customers bought.
  public let frequency: ScoreBins
  /// Of how much they spent.
  public let monetary: ScoreBins

  public init(recency: ScoreBins, frequency: ScoreBins, monetary: ScoreBins) {
    self.recency = recency
    self.frequency = frequency
    self.monetary = monetary
  }

  /// The scheme of a population.
  ///
  /// - Parameters:
  ///   - recency: what has passed since the last purchase, one a customer; NaN where there is none.
  ///   - frequency: how often customers bought, one a customer.
  ///   - monetary: how much they spent, one a customer.
  ///   - counts: bins of each score.
  /// - Complexity: see `BinningRule.bins`.
  public init(
    fitting recency: [Double], frequency: [Double], monetary: [Double],
    binning: RFMBinning = RFMBinning(.quantilesPlusOne), counts: ScoreCounts = ScoreCounts(5)
  ) {
    precondition(
      recency.count == frequency.count && frequency.count == monetary.count, "one value a customer")
    self.init(
      recency: binning.recency.bins(of: recency, count: counts.recency),
      frequency: binning.frequency.bins(of: frequency, count: counts.frequency),
      monetary: binning.monetary.bins(of: monetary, count: counts.monetary))
  }

  public var counts: ScoreCounts {
    ScoreCounts(recency: recency.count, frequency: frequency.count, monetary: monetary.count)
  }
}

/// Bins of each score.
public struct ScoreCounts: Sendable, Hashable {
  public let recency: Int
  public let frequency: Int
  public let monetary: Int

  public init(recency: Int, frequency: Int, monetary: Int) {
    self.recency = recency
    self.frequency = frequency
    self.monetary = monetary
  }

  /// As many of each.
  public init(_ count: Int) {
    self.init(recency: count, frequency: count, monetary: count)
  }

  /// Combinations of three scores.
  public var combinations: Int { recency * frequency * monetary }

  /// The place of a combination: recency first, then frequency, then money.
  @inline(__always)
  func place(_ recency: UInt8, _ frequency: UInt8, _ monetary: UInt8) -> Int {
    ((Int(recency) - 1) * self.frequency + Int(frequency) - 1) * self.monetary + Int(monetary) - 1
  }
}
