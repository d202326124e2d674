internal import Foundation
public import LinearAlgebra
internal import Statistics

/// Intervals of the repeats to expect of many histories and of all together.
///
/// What the parameters leave open comes from their covariance (Laplace approximation, on the logarithm of the
/// expectation); what visits differ from their expectation, from the model: by the law of total variance the variance of
/// actual visits is the sum of both. Histories are independent given the parameters, so that in a total the former adds
/// up and the latter evens out.
public struct RepeatIntervals: Sendable {
  /// Two ends, the lower first.
  public struct Interval: Sendable, Hashable {
    public let lower: Double
    public let upper: Double
  }

  /// What is expected, one value a history.
  public let expected: [Double]
  /// Standard deviation of the logarithm of the expectation by what the parameters leave open, one value a history.
  public let logDeviations: [Double]
  /// Standard deviation of the actual number of visits, parameters included, one value a history; empty for a discounted
  /// horizon.
  public let actualDeviations: [Double]
  /// Of all histories together.
  public let total: Double
  public let totalLogDeviation: Double
  /// 0 for a discounted horizon.
  public let totalActualDeviation: Double

  /// - Parameter horizon: intervals of actual visits are given for one that does not discount.
  /// - Returns: `nil` when the fit has no covariance.
  /// - Complexity: nine forecasts of the histories, and one of their variance
  public init?(
    _ histories: [RepeatHistory], _ fit: RepeatModelFit, _ horizon: RepeatHorizon,
    parallel: Parallel = .standard
  ) {
    guard let spread = ParameterSpread(fit) else { return nil }
    self.init(histories, RepeatModels(fit.model), spread, horizon, parallel: parallel)
  }

  /// - Parameters:
  ///   - models: of these histories, in their order.
  ///   - spread: of the same fit.
  package init(
    _ histories: [RepeatHistory], _ models: RepeatModels, _ spread: ParameterSpread, _ horizon: RepeatHorizon,
    parallel: Parallel = .standard
  ) {
    let centre = RepeatForecast(histories, models, [horizon], parallel: parallel)
    var variances = [Double](repeating: 0, count: histories.count)
    var totalVariance = 0.0
    for pair in spread.pairs {
      let above = RepeatForecast(histories, pair.above, [horizon], parallel: parallel).expected
      let below = RepeatForecast(histories, pair.below, [horizon], parallel: parallel).expected
      var (allAbove, allBelow) = (0.0, 0.0)
      for index in variances.indices {
        (allAbove, allBelow) = (allAbove + above[index], allBelow + below[index])
        guard above[index] > 0, below[index] > 0 else { continue }
        let half = log(above[index] / below[index]) / 2
        variances[index] += half * half
      }
      if allAbove > 0, allBelow > 0 { totalVariance += pow(log(allAbove / allBelow) / 2, 2) }
    }
    expected = centre.expected
    logDeviations = variances.map { $0.squareRoot() }
    total = centre.expected.reduce(0, +)
    totalLogDeviation = totalVariance.squareRoot()
    guard let time = horizon.undiscountedTime else {
      (actualDeviations, totalActualDeviation) = ([], 0)
      return
    }
    let spreads = RepeatForecast.values(histories, parallel) { index, history in
      let moments = models[index].momentsIfAlive(history, within: time)
      let alive = centre.probabilityAlive[index]
      return max(alive * moments.square - alive * alive * moments.mean * moments.mean, 0)
    }
    actualDeviations = histories.indices.map {
      (spreads[$0] + variances[$0] * centre.expected[$0] * centre.expected[$0]).squareRoot()
    }
    totalActualDeviation =
      (spreads.reduce(0, +) + totalVariance * total * total).squareRoot()
  }

  /// The interval of what is expected of one history.
  ///
  /// - Parameter level: 0.95 for 95 %.
  public func ofExpected(_ index: Int, level: Double = 0.95) -> Interval {
    Self.interval(expected[index], logDeviations[index], level)
  }

  /// The interval of what is expected of all together.
  public func ofExpectedTotal(level: Double = 0.95) -> Interval {
    Self.interval(total, totalLogDeviation, level)
  }

  /// The interval of the actual visits of all together; as that of what is expected for a discounted horizon.
  public func ofActualTotal(level: Double = 0.95) -> Interval {
    guard totalActualDeviation > 0 else { return ofExpectedTotal(level: level) }
    let reach = Self.reach(level) * totalActualDeviation
    return Interval(lower: max(total - reach, 0), upper: total + reach)
  }

  private static func reach(_ level: Double) -> Double { NormalDistribution.quantile((1 + level) / 2) }

  private static func interval(_ centre: Double, _ deviation: Double, _ level: Double) -> Interval {
    let factor = exp(reach(level) * deviation)
    return Interval(lower: centre / factor, upper: centre * factor)
  }
}

extension RepeatModelFit {
  /// The interval of the number of visits within some time of somebody with this history: at most (1 − level)/2 of the
  /// probability lies on either side of it.
  ///
  /// The probabilities are the mean over parameters that stand for their uncertainty (`ParameterSpread.sigmaPoints`), or
  /// those of the fit where it has no covariance.
  ///
  /// - Complexity: nine times the probabilities of as many visits as may come
  public func actualInterval(
    of history: RepeatHistory, within time: Double, level: Double = 0.95
  ) -> ClosedRange<Int> {
    let spread = ParameterSpread(self)?.sigmaPoints ?? []
    let models = spread.isEmpty ? [model] : spread.map(\.base)
    var most = 16
    while true {
      var cumulative = [Double](repeating: 0, count: most + 1)
      for model in models {
        let own = model.probabilities(upTo: most, of: history, within: time)
        for index in own.indices { cumulative[index] += own[index] / Double(models.count) }
      }
      for index in 1...most { cumulative[index] += cumulative[index - 1] }
      let tail = (1 - level) / 2
      if let upper = cumulative.firstIndex(where: { $0 >= 1 - tail }) {
        return min(cumulative.firstIndex { $0 > tail } ?? upper, upper)...upper
      }
      guard most < RepeatHistory.mostRepeats else { return 0...most }
      most *= 4
    }
  }
}
