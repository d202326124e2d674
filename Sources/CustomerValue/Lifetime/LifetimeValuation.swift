public import BuyTillYouDie
internal import Foundation
public import LinearAlgebra

/// What every customer is worth: whether they are still there, how often they will come and what that brings.
///
/// All follows from one model of visits and one of spend, so that the numbers agree: the value is the discounted visits
/// times the expected spend, P(alive) bounds all of them, a longer horizon never gives less and one of 0 gives 0.
public struct LifetimeValuation: Sendable {
  public let options: ValueOptions
  /// P(alive), one a customer, as all that follows.
  public let probabilityAlive: [Double]
  /// Visits to expect within the horizon, not discounted.
  public let expectedVisits: [Double]
  /// Visits to expect within the horizon, discounted.
  public let discountedVisits: [Double]
  /// Discounted visits to expect ever; `nil` without a discount, as the sum need not be finite.
  public let residualVisits: [Double]?
  /// Amount of a visit to expect; `nil` when no amounts are known.
  public let expectedSpend: [Double]?

  public var count: Int { probabilityAlive.count }

  /// The discounted value of the horizon: visits times spend, in the unit of amounts.
  public func value(_ customer: Int) -> Double {
    expectedSpend.map { discountedVisits[customer] * $0[customer] } ?? .nan
  }

  /// The discounted value of all visits that are still to come.
  public func residualValue(_ customer: Int) -> Double {
    guard let residualVisits, let expectedSpend else { return .nan }
    return residualVisits[customer] * expectedSpend[customer]
  }

  /// Customers and the fit that speaks for them.
  public struct Group: Sendable {
    /// Their numbers; `nil` for all.
    public let customers: [Int32]?
    /// In the order of the customers.
    public let models: RepeatModels
    /// What the fit leaves open; `nil` where it does not say.
    package let spread: ParameterSpread?

    public init(customers: [Int32]? = nil, fit: RepeatModelFit) {
      self.customers = customers
      models = RepeatModels(fit.model)
      spread = ParameterSpread(fit)
    }

    /// All customers, each with a model of their own.
    public init(fit: RepeatCovariateFit) {
      customers = nil
      models = fit.models
      spread = ParameterSpread(fit)
    }

    /// The visits of these customers.
    public func visits(_ histories: PurchaseHistories) -> [RepeatHistory] {
      customers.map { rows in rows.map { histories.visits[Int($0)] } } ?? histories.visits
    }
  }

  /// - Parameters:
  ///   - groups: every customer in one of them.
  ///   - spend: `nil` when no amounts are known.
  /// - Throws: `RepeatModelError` for a horizon or a discount that is not possible.
  /// - Complexity: O(customers), on all threads.
  public init(
    _ histories: PurchaseHistories, groups: [Group], spend: SpendModel?, options: ValueOptions,
    parallel: Parallel = .standard
  ) throws(RepeatModelError) {
    self.options = options
    let unitsPerMonth = options.daysPerMonth / histories.unit.days
    let plain = try RepeatHorizon(time: Double(options.horizonMonths) * unitsPerMonth)
    let discounted = try RepeatHorizon(
      months: options.horizonMonths, monthlyRate: options.monthlyRate, unitsPerMonth: unitsPerMonth)
    let isEndless = options.monthlyRate >= RepeatHorizon.leastEndlessRate
    let endless =
      isEndless
      ? try RepeatHorizon(months: nil, monthlyRate: options.monthlyRate, unitsPerMonth: unitsPerMonth) : nil
    let count = histories.count
    var columns = [[Double]](repeating: [], count: isEndless ? 4 : 3)
    for group in groups {
      let forecast = RepeatForecast(
        group.visits(histories), group.models, [plain, discounted] + (endless.map { [$0] } ?? []),
        parallel: parallel)
      let values = [forecast.probabilityAlive] + forecast.expectedWithin
      if let rows = group.customers {
        for index in columns.indices {
          if columns[index].isEmpty { columns[index] = [Double](repeating: 0, count: count) }
          for (row, value) in zip(rows, values[index]) { columns[index][Int(row)] = value }
        }
      } else {
        columns = values
      }
    }
    probabilityAlive = columns[0]
    expectedVisits = columns[1]
    discountedVisits = columns[2]
    residualVisits = isEndless ? columns[3] : nil
    expectedSpend = spend.map { spend in
      histories.spend.map { own in
        own.counts.indices.map { spend.expected(count: own.counts[$0], mean: own.means[$0]) }
      } ?? []
    }
  }
}
