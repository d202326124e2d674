internal import BuyTillYouDie
internal import Foundation
internal import Statistics

/// Between which numbers a customer's visits and value will lie: what the process leaves to chance, and what is not known
/// of the parameters (Laplace).
///
/// Visits follow the mean of P(X = n) over parameters that stand for what is not known of them (`ParameterSpread`). The
/// value given some visit is taken as log-normal with the moments that visits, the customer's own mean and the amounts
/// around it give; without a visit it is 0.
public struct ValueIntervals: Sendable {
  private let histories: PurchaseHistories
  private let valuation: LifetimeValuation
  private let spend: SpendIntervals?
  /// p of the spend: amounts vary by mean/√p around a customer's own mean.
  private let shape: Double
  /// By group.
  private let points: [[RepeatModels]]
  /// Group of each customer; empty for one group.
  private let groups: [UInt8]
  private let horizon: Double
  private let tail: Double

  public init(
    _ histories: PurchaseHistories, _ valuation: LifetimeValuation, groups: [LifetimeValuation.Group],
    spend: SpendModel?
  ) {
    self.histories = histories
    self.valuation = valuation
    let options = valuation.options
    self.spend = spend.flatMap { model in
      histories.spend.map {
        SpendIntervals(model, counts: $0.counts, confidence: options.confidence)
      }
    }
    shape = spend?.fit?.model.p ?? .nan
    points = groups.map { group in
      let spread = group.spread?.sigmaPoints ?? []
      return spread.isEmpty ? [group.models] : spread
    }
    var own = [UInt8](repeating: 0, count: groups.count > 1 ? histories.count : 0)
    if groups.count > 1 {
      for (index, group) in groups.enumerated() {
        for customer in group.customers ?? [] { own[Int(customer)] = UInt8(index) }
      }
    }
    self.groups = own
    horizon = Double(options.horizonMonths) * options.daysPerMonth / histories.unit.days
    tail = (1 - options.confidence) / 2
  }

  /// The ends of a customer's intervals.
  public struct Ends: Sendable {
    public let visits: ClosedRange<Int>
    /// `nil` without a model of spend.
    public let value: ClosedRange<Double>?
  }

  /// - Complexity: O(visits that may come), for each of the points.
  public func callAsFunction(_ customer: Int) -> Ends {
    let chances = chances(customer)
    let visits = quantile(chances, tail)...quantile(chances, 1 - tail)
    return Ends(visits: visits, value: value(customer, chances))
  }

  /// Chances that are left out at the end.
  private static let negligible = 1e-5
  private static let firstCount = 15
  private static let mostCount = 2_000

  /// P(X = n) up to where next to nothing is left.
  private func chances(_ customer: Int) -> [Double] {
    // Groups of some customers have one model for all of them.
    let own = points[groups.isEmpty ? 0 : Int(groups[customer])].map { $0[customer] }
    var most = Self.firstCount
    while true {
      var mean = [Double](repeating: 0, count: most + 1)
      for point in own {
        let chances = point.probabilities(upTo: most, of: histories.visits[customer], within: horizon)
        for index in chances.indices { mean[index] += chances[index] / Double(own.count) }
      }
      if 1 - mean.reduce(0, +) < Self.negligible || most >= Self.mostCount { return mean }
      most *= 2
    }
  }

  private func quantile(_ chances: [Double], _ probability: Double) -> Int {
    var sum = 0.0
    for (count, chance) in chances.enumerated() {
      sum += chance
      if sum >= probability - .ulpOfOne { return count }
    }
    return chances.count - 1
  }

  private func value(_ customer: Int, _ chances: [Double]) -> ClosedRange<Double>? {
    guard let spends = valuation.expectedSpend, let amounts = histories.spend,
      let interval = spend?.interval(count: amounts.counts[customer], mean: amounts.means[customer])
    else { return nil }
    let some = 1 - chances[0]
    let expected = valuation.expectedVisits[customer]
    guard some > tail, expected > 0 else { return 0...0 }
    let discount = valuation.discountedVisits[customer] / expected
    let mean = spends[customer] * discount
    var (first, second) = (0.0, 0.0)
    for (count, chance) in chances.enumerated() {
      first += chance * Double(count)
      second += chance * Double(count) * Double(count)
    }
    // Moments of the value given a visit: a squared mean spend counts with its variance, an amount with its own.
    let ofMean = mean * mean * exp(interval.logDeviation * interval.logDeviation)
    let (one, two) = (first * mean / some, ofMean * (second + first / shape) / some)
    let variance = max(log(two / (one * one)), 0)
    let middle = log(one) - variance / 2
    func end(_ probability: Double) -> Double {
      let given = (probability - chances[0]) / some
      return given <= 0 ? 0 : exp(middle + NormalDistribution.quantile(given) * variance.squareRoot())
    }
    return end(tail)...end(1 - tail)
  }
}
