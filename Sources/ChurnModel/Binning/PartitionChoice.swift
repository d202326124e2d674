internal import Foundation

/// The partition of ordered pre-bins that the options ask for.
struct PartitionChoice {
  /// Where the bins start, upwards; the first at 0.
  let starts: [Int]
  let logLikelihood: Double
  let trend: OptimalBinOptions.Trend

  /// The one of all partitions within the limits that has the best criterion: log-likelihood less the price of each bin
  /// but the first, and of a turning point. When no partition keeps the limits all is one bin.
  ///
  /// - Parameters:
  ///   - weights: one a pre-bin, greater than 0, at least one.
  ///   - events: one a pre-bin.
  init(weights: [Double], events: [Double], trend: OptimalBinOptions.Trend, options: OptimalBinOptions) {
    let total = weights.reduce(0, +)
    let table = SegmentTable(
      weights: weights, events: events, leastWeight: options.leastShare * total,
      leastEvents: options.leastEvents)
    let mostBins = min(Self.mostBins(options), weights.count)
    let price = Self.price(options, total)
    let trends = Self.trends(trend)
    let free = trend == .free ? FreeSearch(table, mostBins: mostBins) : nil
    let turned = trend == .free ? nil : TrendSearch(table, mostBins: mostBins, trends: trends)
    var best: (criterion: Double, trend: OptimalBinOptions.Trend, bins: Int, value: Double)?
    for trend in trends {
      for bins in 1...mostBins {
        let value = free?.logLikelihood(bins: bins) ?? turned?.logLikelihood(trend, bins: bins) ?? -.infinity
        guard value > -.infinity else { continue }
        let turns = bins > 1 && (trend == .peak || trend == .valley) && trends.count > 1
        let criterion = value - price * Double(bins - 1 + (turns ? 1 : 0))
        let isBetter = best.map { best in
          Self.isGiven(options) && bins != best.bins ? bins > best.bins : criterion > best.criterion
        }
        if isBetter ?? true { best = (criterion, trend, bins, value) }
      }
    }
    guard let best else {
      starts = [0]
      logLikelihood = SegmentTable.logLikelihood(weight: total, events: events.reduce(0, +))
      self.trend = trends[0]
      return
    }
    logLikelihood = best.value
    self.trend = best.trend
    starts =
      free?.partition(bins: best.bins) ?? turned?.partition(best.trend, bins: best.bins) ?? [0]
  }

  private static func isGiven(_ options: OptimalBinOptions) -> Bool {
    if case .given = options.number { return true }
    return false
  }

  private static func mostBins(_ options: OptimalBinOptions) -> Int {
    if case .given(let bins) = options.number { return bins }
    return options.maximumBins
  }

  private static func price(_ options: OptimalBinOptions, _ total: Double) -> Double {
    if case .priced(let price) = options.number { return price }
    return max(log(total), 0) / 2
  }

  private static func trends(_ trend: OptimalBinOptions.Trend) -> [OptimalBinOptions.Trend] {
    trend == .auto ? [.increasing, .decreasing, .peak, .valley] : [trend]
  }
}
