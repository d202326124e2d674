internal import Foundation

/// Bins of one column that describe best how the share of events depends on it.
///
/// Among all partitions of the pre-bins that keep the limits of `OptimalBinOptions` the one with the greatest binomial
/// log-likelihood, less the price of its bins. The likelihood is chosen, not the information value, because it is what
/// the regression maximises, it is finite for a bin of one class, and for a given column it ranks partitions as the
/// deviance and the mutual information with the label do; the information value weighs small bins of one class beyond
/// measure. What is missing has a bin of its own, without limits and outside of the order.
public struct OptimalBins: Sendable, Equatable {
  /// One bin.
  public struct Bin: Sendable, Equatable {
    /// Weight of its rows.
    public let weight: Double
    /// Weight of the rows whose label is true.
    public let events: Double
    /// Share of events; the share of all rows where the bin is empty.
    public let rate: Double
    /// Log-odds of the bin less those of all rows; with half a row of each class added to a bin of one class, 0 for an
    /// empty one.
    public let weightOfEvidence: Double
    /// (share of all events − share of all other rows) × weight of evidence.
    public let informationValue: Double
  }

  /// How values are cut: the bins of values in order, then that of what is missing.
  public let bins: ColumnBins
  /// What lies in each of them.
  public let rows: [Bin]
  /// How the rate changes from bin to bin; the one that was found when it was left open, `increasing` for levels.
  public let trend: OptimalBinOptions.Trend
  /// Sum over the bins, what is missing included.
  public let informationValue: Double
  /// Of all rows, with one probability a bin.
  public let logLikelihood: Double
  /// Of all rows, with one probability for all.
  public let nullLogLikelihood: Double

  /// Bins of an ordered column from fine ones.
  ///
  /// - Parameters:
  ///   - histogram: one entry a bin of `edges`, that of what is missing last.
  ///   - edges: of the fine bins.
  /// - Throws: `ChurnModelError` for an option outside of its range.
  /// - Complexity: O(bins × fine bins²)
  public init(
    histogram: BinHistogram, edges: BinEdges, options: OptimalBinOptions = OptimalBinOptions()
  ) throws(ChurnModelError) {
    precondition(histogram.weights.count == edges.count, "a count a bin is needed")
    try options.check()
    // An empty bin belongs to the one before it.
    let filled = (0..<edges.valueBins).filter { histogram.weights[$0] > 0 }
    guard !filled.isEmpty else {
      self.init(histogram: histogram, bins: .intervals(BinEdges([])), groups: [[]], trend: .increasing)
      return
    }
    let choice = PartitionChoice(
      weights: filled.map { histogram.weights[$0] }, events: filled.map { histogram.events[$0] },
      trend: options.trend, options: options)
    let ends = choice.starts.dropFirst() + [filled.count]
    self.init(
      histogram: histogram,
      bins: .intervals(BinEdges(choice.starts.dropFirst().map { edges.edges[filled[$0] - 1] })),
      groups: zip(choice.starts, ends).map { $0..<$1 }.map { $0.map { filled[$0] } }, trend: choice.trend)
  }

  /// Bins of a categorical column: levels in the order of their rates, rare ones pooled, then cut as numbers are.
  ///
  /// The groups of levels with the greatest likelihood are neighbours in that order (Fisher 1958; Breiman, Friedman,
  /// Olshen and Stone 1984, 9.4), so that the result is exact among all groupings where no limit excludes one, and among
  /// the groupings of neighbours in any case. Levels lighter than `leastShare`, and those beyond the 254 heaviest, count
  /// as one; unseen levels go where these are, or to the heaviest bin when there are none.
  ///
  /// - Parameter levels: one entry a level, what is missing last.
  /// - Throws: `ChurnModelError` for an option outside of its range.
  /// - Complexity: O(levels·log levels + bins × 255²)
  public init(
    levels histogram: BinHistogram, options: OptimalBinOptions = OptimalBinOptions()
  ) throws(ChurnModelError) {
    try options.check()
    let ordered = OrderedLevels(histogram, leastShare: options.leastShare)
    guard !ordered.groups.isEmpty else {
      let levels = histogram.weights.count - 1
      self.init(
        histogram: histogram,
        bins: .levels(LevelBins(binOfLevel: Array(repeating: 0, count: levels), valueBins: 1, unseen: 0)),
        groups: [Array(0..<levels)], trend: .increasing)
      return
    }
    let choice = PartitionChoice(
      weights: ordered.weights, events: ordered.events, trend: .free, options: options)
    let ends = choice.starts.dropFirst() + [ordered.groups.count]
    let groups = zip(choice.starts, ends).map { Array(ordered.groups[$0..<$1].joined()) }
    self.init(
      histogram: histogram, bins: .levels(ordered.bins(of: groups)), groups: groups, trend: .increasing)
  }

  /// - Parameter groups: the entries of the histogram that each bin is made of, without what is missing.
  private init(
    histogram: BinHistogram, bins: ColumnBins, groups: [[Int]], trend: OptimalBinOptions.Trend
  ) {
    let all = Counts(histogram, Array(histogram.weights.indices))
    let counts = (groups + [[histogram.weights.count - 1]]).map { Counts(histogram, $0) }
    rows = counts.map { $0.bin(among: all) }
    self.bins = bins
    self.trend = trend
    informationValue = rows.reduce(0) { $0 + $1.informationValue }
    logLikelihood = counts.reduce(0) { $0 + $1.logLikelihood }
    nullLogLikelihood = all.logLikelihood
  }
}

/// Weight and events of some bins.
private struct Counts {
  let weight: Double
  let events: Double

  init(_ histogram: BinHistogram, _ bins: [Int]) {
    weight = bins.reduce(0) { $0 + histogram.weights[$1] }
    events = bins.reduce(0) { $0 + histogram.events[$1] }
  }

  var others: Double { weight - events }
  var logLikelihood: Double { SegmentTable.logLikelihood(weight: weight, events: events) }

  func bin(among all: Counts) -> OptimalBins.Bin {
    let evidence = evidence(among: all)
    return OptimalBins.Bin(
      weight: weight, events: events, rate: weight > 0 ? events / weight : all.events / all.weight,
      weightOfEvidence: evidence,
      informationValue: evidence == 0 ? 0 : (events / all.events - others / all.others) * evidence)
  }

  private func evidence(among all: Counts) -> Double {
    guard weight > 0, all.events > 0, all.others > 0 else { return 0 }
    let added = events > 0 && others > 0 ? 0 : 0.5
    return log((events + added) / (others + added)) - log(all.events / all.others)
  }
}

/// Levels with rows in the order of their rates, the rare ones as one.
private struct OrderedLevels {
  private(set) var groups: [[Int]] = []
  private(set) var weights: [Double] = []
  private(set) var events: [Double] = []
  /// A level of those that count as one, nil when there are none.
  private let pooled: Int?
  private let histogram: BinHistogram

  init(_ histogram: BinHistogram, leastShare: Double) {
    self.histogram = histogram
    let levels = 0..<histogram.weights.count - 1
    let total = levels.reduce(0) { $0 + histogram.weights[$1] }
    let heaviest = levels.filter { histogram.weights[$0] > 0 }
      .sorted { (histogram.weights[$0], $1) > (histogram.weights[$1], $0) }
    let own = heaviest.prefix(BinEdges.greatestEdgeCount)
      .prefix { histogram.weights[$0] >= leastShare * total }
    let rare = Array(heaviest.dropFirst(own.count))
    pooled = rare.first
    let unordered = own.map { [$0] } + (rare.isEmpty ? [] : [rare.sorted()])
    let counted = unordered.map { (levels: $0, counts: Counts(histogram, $0)) }
      .sorted { left, right in
        let (first, second) = (
          left.counts.events / left.counts.weight, right.counts.events / right.counts.weight
        )
        return first == second ? left.levels[0] < right.levels[0] : first < second
      }
    groups = counted.map(\.levels)
    weights = counted.map(\.counts.weight)
    events = counted.map(\.counts.events)
  }

  /// The bin of each level; those without rows go where unseen ones go.
  func bins(of groups: [[Int]]) -> LevelBins {
    let weights = groups.map { Counts(histogram, $0).weight }
    let heaviest = weights.firstIndex(of: weights.max() ?? 0) ?? 0
    let unseen = pooled.flatMap { level in groups.firstIndex { $0.contains(level) } } ?? heaviest
    var binOfLevel = [UInt8](repeating: UInt8(unseen), count: histogram.weights.count - 1)
    for (bin, levels) in groups.enumerated() {
      for level in levels { binOfLevel[level] = UInt8(bin) }
    }
    return LevelBins(binOfLevel: binOfLevel, valueBins: groups.count, unseen: unseen)
  }
}
