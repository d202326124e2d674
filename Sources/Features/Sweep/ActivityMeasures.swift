import Histories
import LinearAlgebra

/// What segments look at of one relation as of a date: when it came last, how often, for how much, and what its schedule
/// would have it do.
///
/// `recencyRatio`, `frequencyRatio` and `margin730` are what the catalogue's `R_score`, `F_score` and `M_score` are the
/// fifths of.
public struct ActivityMeasures: Sendable, BitwiseCopyable {
  /// Days since the last qualified visit; without one, since the start of the relation (`rec_q_days`).
  public let recencyDays: Double
  /// Expected interval in days, of the service that comes next.
  public let expectedInterval: Double
  /// Qualified visits of 730 days (`n_q_730`).
  public let visits730: Double
  /// Visits that the regular schedule asks for in 730 days, or since the start; NaN in the first 90 days.
  public let expectedVisits730: Double
  /// Customer margin of 730 days in currency units: payments less cost, payments alone where the cost is not known; NaN
  /// when visits were made and no payment is known.
  public let margin730: Double
  /// What the customer paid in 730 days in currency units (`cp_730`); NaN as above.
  public let paid730: Double

  /// Recency against the expected interval.
  public var recencyRatio: Double { recencyDays / expectedInterval }
  /// Visits for every visit expected.
  public var frequencyRatio: Double { visits730 / expectedVisits730 }

  /// Of the relation that the workspace has advanced to the date.
  init(_ workspace: RelationWorkspace, _ state: DueState) {
    let fact = ValueFacts(workspace)
    recencyDays = Double(fact.sinceQualified >= 0 ? fact.sinceQualified : fact.age)
    expectedInterval = state.expectedInterval
    visits730 = Double(fact.qualified730)
    expectedVisits730 = fact.expectedVisits(regularInterval: state.regularInterval)
    let scale = workspace.facts.moneyScale
    margin730 = fact.margin730 / scale
    // A margin is known when a payment is.
    paid730 = fact.margin730.isNaN ? .nan : Double(workspace.paid730) / scale
  }
}

extension RelationWorkspace {
  /// What the customer paid in 730 days, in minor units.
  fileprivate var paid730: Int64 {
    var sum: Int64 = 0
    for index in firstOf730..<visits.count { sum += visits.base[index].customerPaid }
    return sum
  }
}

extension AsOfView {
  /// The relations that had begun and not ended, ascending, with their measures.
  ///
  /// - Parameter activeOnly: leaves out those that have lapsed, as the at-risk list does.
  /// - Complexity: O(orders).
  public func activityMeasures(
    activeOnly: Bool
  ) -> (relations: [Int32], measures: [ActivityMeasures]) {
    let found = collect { workspace in
      member(workspace, label: nil, judge: nil, activeOnly: activeOnly).map {
        ActivityMeasures(workspace, $0.state)
      }
    }
    return (found.relations, found.values)
  }

  /// The share of the orders of 730 days that customer or package paid something for whose cost is known; NaN without
  /// such orders.
  ///
  /// - Complexity: O(orders).
  public func costCoverage() -> Double {
    let columns = OrderColumns(histories.orders, items: histories.items)
    var (paid, known) = (0, 0)
    for order in 0..<histories.orders.count
    where columns.openedOn[order] > asOf - Int(ValueFacts.windowDays) && columns.isVisible(order, asOf: asOf)
    {
      guard columns.hasOwnPayment(order) else { continue }
      paid += 1
      if columns.margins[order] != Money.none { known += 1 }
    }
    return paid > 0 ? Double(known) / Double(paid) : .nan
  }
}
