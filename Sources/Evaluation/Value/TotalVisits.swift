internal import BuyTillYouDie
internal import CustomerValue
internal import Foundation
internal import LinearAlgebra
internal import Statistics

/// The visits of all customers together within the horizon, and between which numbers they will lie.
///
/// What the parameters leave open moves all customers of a group alike, what is left to chance evens out
/// (`RepeatIntervals`); groups have fits of their own and are independent.
public struct TotalVisits: Sendable {
  public let expected: Double
  public let interval: ClosedRange<Double>

  /// `nil` when a fit does not say how sure it is.
  ///
  /// - Throws: `RepeatModelError` for a horizon that is not possible.
  /// - Complexity: nine forecasts of all customers, more with covariates
  init?(
    _ histories: PurchaseHistories, _ models: VisitModels, _ options: ValueOptions, parallel: Parallel
  ) throws(RepeatModelError) {
    let horizon = try RepeatHorizon(
      time: Double(options.horizonMonths) * options.daysPerMonth / histories.unit.days)
    var (sum, variance) = (0.0, 0.0)
    for group in models.groups {
      guard let spread = group.spread else { return nil }
      let own = RepeatIntervals(
        group.visits(histories), group.models, spread, horizon, parallel: parallel)
      sum += own.total
      variance += own.totalActualDeviation * own.totalActualDeviation
    }
    let reach = NormalDistribution.quantile((1 + options.confidence) / 2) * variance.squareRoot()
    expected = sum
    interval = max(sum - reach, 0)...sum + reach
  }
}
