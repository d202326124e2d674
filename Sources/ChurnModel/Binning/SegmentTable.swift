internal import Foundation

/// Rates and log-likelihoods of all runs of neighbouring pre-bins.
struct SegmentTable {
  /// Number of pre-bins.
  let count: Int
  /// Σ events·ln(rate) + (weight − events)·ln(1 − rate) of the run start..<end at end·count + start; −∞ for runs that
  /// break a limit.
  let logLikelihoods: [Double]
  /// Share of events, in the same places.
  let rates: [Double]

  /// Share of a limit that may be lost to rounding.
  private static let tolerance = 1e-12

  /// - Parameters:
  ///   - weights: one a pre-bin, greater than 0.
  ///   - events: one a pre-bin.
  ///   - leastWeight: of a run.
  ///   - leastEvents: events of a run, and what else is in it.
  /// - Complexity: O(pre-bins²)
  init(weights: [Double], events: [Double], leastWeight: Double, leastEvents: Double) {
    count = weights.count
    let (weightLimit, eventLimit) = (
      leastWeight * (1 - Self.tolerance), leastEvents * (1 - Self.tolerance)
    )
    var logLikelihoods = [Double](repeating: -.infinity, count: (count + 1) * count)
    var rates = [Double](repeating: 0, count: (count + 1) * count)
    for start in 0..<count {
      var (weight, event) = (0.0, 0.0)
      for end in start + 1...count {
        weight += weights[end - 1]
        event += events[end - 1]
        rates[end * count + start] = event / weight
        guard weight >= weightLimit, event >= eventLimit, weight - event >= eventLimit else { continue }
        logLikelihoods[end * count + start] = Self.logLikelihood(weight: weight, events: event)
      }
    }
    (self.logLikelihoods, self.rates) = (logLikelihoods, rates)
  }

  /// The greatest binomial log-likelihood that one probability for all rows of a bin can reach.
  static func logLikelihood(weight: Double, events: Double) -> Double {
    let others = weight - events
    guard events > 0, others > 0 else { return 0 }
    return events * log(events / weight) + others * log(others / weight)
  }
}
