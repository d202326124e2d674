/// The likeliest partitions of pre-bins in 1, 2, … bins whose rates rise, fall, or turn once.
///
/// Dynamic programming over the last bin as a whole, because the condition is about neighbours:
/// best(k, start..<end) = log-likelihood + max over h of best(k − 1, h..<start) where the rates are in order. For each
/// start, runs that end there and runs that begin there are sorted by rate once; one walk along both lists then serves
/// all ends, so that a layer costs O(pre-bins²) instead of O(pre-bins³). It goes through all partitions: its result is
/// exact.
struct TrendSearch {
  /// A bin after the one before it: in a chain that rises or falls all the way, or behind the turning point.
  private enum Chain: Int {
    case rising, falling, fallingAfterPeak, risingAfterValley

    var rises: Bool { self == .rising || self == .risingAfterValley }
    /// The chain before the turning point.
    var origin: Chain? {
      switch self {
      case .rising, .falling: nil
      case .fallingAfterPeak: .rising
      case .risingAfterValley: .falling
      }
    }
  }

  private let table: SegmentTable
  private let mostBins: Int
  private let before: SortedRuns
  private let behind: SortedRuns
  /// One layer of runs a number of bins, for each chain; empty for those that nobody asked for.
  private var layers: [[[Double]]] = [[], [], [], []]

  /// - Complexity: O(pre-bins²·(bins + log pre-bins))
  init(_ table: SegmentTable, mostBins: Int, trends: [OptimalBinOptions.Trend]) {
    self.table = table
    self.mostBins = mostBins
    before = SortedRuns(table, endingAtBorder: true)
    behind = SortedRuns(table, endingAtBorder: false)
    if trends.contains(.increasing) || trends.contains(.peak) { fill(.rising) }
    if trends.contains(.decreasing) || trends.contains(.valley) { fill(.falling) }
    if trends.contains(.peak) { fill(.fallingAfterPeak) }
    if trends.contains(.valley) { fill(.risingAfterValley) }
  }

  private mutating func fill(_ chain: Chain) {
    var own: [[Double]] = []
    for bins in 1...mostBins {
      var layer = [Double](repeating: -.infinity, count: table.logLikelihoods.count)
      if bins > 1 {
        // Behind a turning point comes what turned before, or turns here.
        let origin = chain.origin.map { layers[$0.rawValue][bins - 2] }
        let previous = origin.map { zip(own[bins - 2], $0).map(max) } ?? own[bins - 2]
        extend(previous, to: &layer, rises: chain.rises)
      } else if chain.origin == nil {
        for end in 1...table.count { layer[end * table.count] = table.logLikelihoods[end * table.count] }
      }
      own.append(layer)
    }
    layers[chain.rawValue] = own
  }

  /// Puts one more bin behind each chain of `previous`.
  private func extend(_ previous: [Double], to layer: inout [Double], rises: Bool) {
    let count = table.count
    // What falls is what rises with the sign turned round, in lists read backwards.
    let sign = rises ? 1.0 : -1.0
    previous.withUnsafeBufferPointer { previous in
      layer.withUnsafeMutableBufferPointer { layer in
        table.logLikelihoods.withUnsafeBufferPointer { logLikelihoods in
          for border in 1..<max(count, 1) {
            before.withRuns(at: border) { starts, startRates in
              behind.withRuns(at: border) { ends, endRates in
                var best = -Double.infinity
                var taken = 0
                for position in 0..<ends.count {
                  let place = rises ? position : ends.count - 1 - position
                  let limit = sign * endRates[place]
                  while taken < starts.count {
                    let next = rises ? taken : starts.count - 1 - taken
                    guard sign * startRates[next] <= limit else { break }
                    best = max(best, previous[border * count + Int(starts[next])])
                    taken += 1
                  }
                  let target = Int(ends[place]) * count + border
                  layer[target] = best + logLikelihoods[target]
                }
              }
            }
          }
        }
      }
    }
  }

  /// The log-likelihood of the best partition in so many bins; −∞ when there is none.
  func logLikelihood(_ trend: OptimalBinOptions.Trend, bins: Int) -> Double {
    chains(trend).map { last($0, bins).value }.max() ?? -.infinity
  }

  /// Where the bins of the best partition start, upwards.
  func partition(_ trend: OptimalBinOptions.Trend, bins: Int) -> [Int] {
    let candidates = chains(trend).map { (chain: $0, last: last($0, bins)) }
    guard var (chain, run) = candidates.max(by: { $0.last.value < $1.last.value }) else { return [0] }
    var (end, layer, result) = (table.count, bins, [run.start])
    while layer > 1 {
      let found = predecessor(of: run.start, end, chain, layer)
      (end, layer) = (run.start, layer - 1)
      (chain, run.start) = found
      result.append(found.start)
    }
    return result.reversed()
  }

  private func chains(_ trend: OptimalBinOptions.Trend) -> [Chain] {
    switch trend {
    case .increasing: [.rising]
    case .decreasing: [.falling]
    case .peak: [.fallingAfterPeak, .rising]
    case .valley: [.risingAfterValley, .falling]
    case .free, .auto: []
    }
  }

  /// The best last bin of a chain of so many.
  private func last(_ chain: Chain, _ bins: Int) -> (value: Double, start: Int) {
    let layer = layers[chain.rawValue][bins - 1]
    var best = (value: -Double.infinity, start: 0)
    for start in 0..<table.count where layer[table.count * table.count + start] > best.value {
      best = (layer[table.count * table.count + start], start)
    }
    return best
  }

  /// The bin before the run, found again by its value instead of having been written down.
  private func predecessor(of start: Int, _ end: Int, _ chain: Chain, _ bins: Int) -> (Chain, start: Int) {
    let place = end * table.count + start
    let value = layers[chain.rawValue][bins - 1][place]
    for candidate in [chain, chain.origin].compactMap({ $0 }) {
      let previous = layers[candidate.rawValue][bins - 2]
      for first in 0..<start {
        let own = start * table.count + first
        let fits =
          chain.rises ? table.rates[own] <= table.rates[place] : table.rates[own] >= table.rates[place]
        if fits, previous[own] + table.logLikelihoods[place] == value { return (candidate, first) }
      }
    }
    preconditionFailure("every chain of bins has a first one")
  }
}

/// For each border, the runs that end (or begin) there and keep the limits, by ascending rate.
private struct SortedRuns {
  /// The other ends of the runs.
  private var others: [UInt8] = []
  private var rates: [Double] = []
  private var offsets = [0]

  init(_ table: SegmentTable, endingAtBorder: Bool) {
    for border in 0...table.count {
      let candidates = endingAtBorder ? 0..<border : border..<table.count
      var runs: [(rate: Double, other: UInt8)] = []
      for other in candidates {
        let place = endingAtBorder ? border * table.count + other : (other + 1) * table.count + border
        guard table.logLikelihoods[place] > -.infinity else { continue }
        runs.append((table.rates[place], UInt8(endingAtBorder ? other : other + 1)))
      }
      runs.sort { $0.rate < $1.rate }
      for run in runs {
        others.append(run.other)
        rates.append(run.rate)
      }
      offsets.append(others.count)
    }
  }

  @inline(__always)
  func withRuns(
    at border: Int, _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<Double>) -> Void
  ) {
    let range = offsets[border]..<offsets[border + 1]
    others.withUnsafeBufferPointer { others in
      rates.withUnsafeBufferPointer { rates in
        body(UnsafeBufferPointer(rebasing: others[range]), UnsafeBufferPointer(rebasing: rates[range]))
      }
    }
  }
}
