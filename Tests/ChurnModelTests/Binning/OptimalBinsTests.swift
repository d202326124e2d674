import Foundation
import Testing

@testable import ChurnModel

@Suite("Optimal bins are the best of all partitions")
struct OptimalBinsExactnessTests {
  /// Small counts with ties, bins of one class and equal neighbours.
  private struct Counts {
    var weights: [Double] = []
    var events: [Double] = []

    init(seed: Int, most: Int) {
      var random = RandomNumbers(seed: UInt64(seed))
      for _ in 0..<1 + Int(random.uniform() * Double(most)) {
        let weight = 1 + (random.uniform() * 20).rounded()
        weights.append(weight)
        events.append((random.uniform() * weight).rounded())
      }
    }

    /// The histogram with an empty bin for what is missing.
    var histogram: BinHistogram { BinHistogram(weights: weights + [0], events: events + [0]) }
  }

  private static func logLikelihood(_ weight: Double, _ events: Double) -> Double {
    let term = { (count: Double) in count > 0 ? count * log(count / weight) : 0 }
    return term(events) + term(weight - events)
  }

  private static func follows(_ rates: [Double], _ trend: OptimalBinOptions.Trend) -> Bool {
    let steps = zip(rates, rates.dropFirst()).map { $1 - $0 }
    switch trend {
    case .free, .auto: return true
    case .increasing: return steps.allSatisfy { $0 >= 0 }
    case .decreasing: return steps.allSatisfy { $0 <= 0 }
    case .peak: return steps.drop { $0 >= 0 }.allSatisfy { $0 <= 0 }
    case .valley: return steps.drop { $0 <= 0 }.allSatisfy { $0 >= 0 }
    }
  }

  /// The greatest log-likelihood for each number of bins, by looking at every partition.
  private static func bruteForce(
    _ counts: Counts, _ trend: OptimalBinOptions.Trend, leastShare: Double, leastEvents: Double
  ) -> [Int: Double] {
    let total = counts.weights.reduce(0, +)
    var best: [Int: Double] = [:]
    for cuts in 0..<1 << (counts.weights.count - 1) {
      var bins: [(weight: Double, events: Double)] = [(0, 0)]
      for (index, weight) in counts.weights.enumerated() {
        if index > 0, cuts >> (index - 1) & 1 == 1 { bins.append((0, 0)) }
        bins[bins.count - 1].weight += weight
        bins[bins.count - 1].events += counts.events[index]
      }
      guard
        bins.allSatisfy({
          $0.weight >= leastShare * total * (1 - 1e-12)
            && min($0.events, $0.weight - $0.events) >= leastEvents
        }), follows(bins.map { $0.events / $0.weight }, trend)
      else { continue }
      let value = bins.reduce(0) { $0 + logLikelihood($1.weight, $1.events) }
      best[bins.count] = max(best[bins.count] ?? -.infinity, value)
    }
    return best
  }

  @Test("for every trend, number of bins and limit, over 400 random columns", arguments: 0..<8)
  func everyNumber(group: Int) throws {
    for seed in group * 50..<(group + 1) * 50 {
      let counts = Counts(seed: seed, most: 8)
      for trend in OptimalBinOptions.Trend.allCases where trend != .auto {
        var options = OptimalBinOptions()
        options.trend = trend
        options.leastShare = seed.isMultiple(of: 2) ? 0 : 0.15
        options.leastEvents = Double(seed % 3)
        let best = Self.bruteForce(
          counts, trend, leastShare: options.leastShare, leastEvents: options.leastEvents)
        for bins in 1...counts.weights.count {
          options.number = .given(bins)
          let found = try OptimalBins(
            histogram: counts.histogram, edges: BinEdges((1..<counts.weights.count).map(Double.init)),
            options: options)
          // Fewer bins where the limits or the trend allow no partition in so many; one where they allow none.
          let allowed = best.keys.filter { $0 <= bins }.max()
          #expect(found.bins.valueBins == allowed ?? 1)
          let rates = found.rows.dropLast().map(\.rate)
          #expect(allowed == nil || Self.follows(rates, trend))
          let expected =
            allowed.flatMap { best[$0] }
            ?? Self.logLikelihood(counts.weights.reduce(0, +), counts.events.reduce(0, +))
          #expect((found.logLikelihood - expected).magnitude < 1e-9)
        }
      }
    }
  }

  @Test("for a price a bin, and for the trend that is left open", arguments: 0..<4)
  func prices(group: Int) throws {
    for seed in 1_000 + group * 50..<1_000 + (group + 1) * 50 {
      let counts = Counts(seed: seed, most: 8)
      for price in [0, 0.7, 3] {
        func criterion(_ best: [Int: Double], _ turns: Double) -> Double {
          best.map { $1 - price * (Double($0 - 1) + ($0 > 1 ? turns : 0)) }.max() ?? -.infinity
        }
        func best(_ trend: OptimalBinOptions.Trend) -> [Int: Double] {
          Self.bruteForce(counts, trend, leastShare: 0.1, leastEvents: 1)
        }
        var options = OptimalBinOptions()
        (options.leastShare, options.leastEvents, options.number) = (0.1, 1, .priced(price))
        for trend in OptimalBinOptions.Trend.allCases {
          options.trend = trend
          let found = try OptimalBins(
            histogram: counts.histogram, edges: BinEdges((1..<counts.weights.count).map(Double.init)),
            options: options)
          let expected =
            trend == .auto
            ? [(best(.increasing), 0.0), (best(.decreasing), 0), (best(.peak), 1), (best(.valley), 1)]
              .map(criterion).max()!
            : criterion(best(trend), 0)
          let turns = trend == .auto && (found.trend == .peak || found.trend == .valley) ? 1.0 : 0
          let bins = found.bins.valueBins
          let value = found.logLikelihood - price * (Double(bins - 1) + (bins > 1 ? turns : 0))
          #expect(expected == -.infinity ? bins == 1 : (value - expected).magnitude < 1e-9)
        }
      }
    }
  }

  /// All ways to put levels into groups.
  private static func groupings(_ count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return groupings(count - 1).flatMap { before in
      (0...((before.max() ?? -1) + 1)).map { before + [$0] }
    }
  }

  @Test("for levels, among all groupings in any order", arguments: 0..<4)
  func levels(group: Int) throws {
    for seed in 2_000 + group * 20..<2_000 + (group + 1) * 20 {
      let counts = Counts(seed: seed, most: 6)
      var options = OptimalBinOptions()
      (options.leastShare, options.leastEvents) = (0, 0)
      for bins in 1...counts.weights.count {
        options.number = .given(bins)
        let found = try OptimalBins(levels: counts.histogram, options: options)
        var best = -Double.infinity
        for grouping in Self.groupings(counts.weights.count) where (grouping.max() ?? 0) + 1 == bins {
          var value = 0.0
          for group in 0..<bins {
            let own = grouping.indices.filter { grouping[$0] == group }
            value += Self.logLikelihood(
              own.reduce(0) { $0 + counts.weights[$1] }, own.reduce(0) { $0 + counts.events[$1] })
          }
          best = max(best, value)
        }
        #expect(found.bins.valueBins == bins)
        #expect((found.logLikelihood - best).magnitude < 1e-9)
      }
    }
  }
}
