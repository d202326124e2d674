public import BuyTillYouDie
import Foundation
import Histories
import LinearAlgebra

/// What buy-till-you-die models need of one relation as of a date: the same numbers that `p_alive` and `clv_36` are made of.
public struct RelationVisits: Sendable, BitwiseCopyable {
  /// Qualified visits after the day of the start; times in weeks.
  public let history: RepeatHistory
  /// Σ ln of the intervals between successive ones, from the start on, in weeks.
  public let logIntervals: Double
  /// Qualified visits of 730 days.
  public let qualified730: Int32
  /// Customer margin of 730 days in currency units; NaN when visits were made and no payment is known.
  public let margin730: Double
  /// Code in `Vocabularies.powertrain`, beyond its words for unknown ones.
  public let powertrain: UInt8

  private static let daysPerWeek = 7.0

  /// Of the relation that the workspace has advanced to the date, which had begun.
  init(_ workspace: RelationWorkspace) {
    let fact = ValueFacts(workspace)
    history = fact.history
    qualified730 = fact.qualified730
    margin730 = fact.margin730 / workspace.facts.moneyScale
    powertrain = UInt8(AliveModels.index(powertrain: workspace.facts.powertrains[workspace.vehicle]))
    var sum = 0.0
    workspace.forEachRepeat { day, before in sum += log(Double(day - before) / Self.daysPerWeek) }
    logIntervals = sum
  }
}

extension AsOfView {
  /// The relations that had begun and not ended, ascending, lapsed ones included, with their visits: those that the models
  /// behind `p_alive` are fitted to.
  ///
  /// - Complexity: O(orders).
  public func relationVisits() -> (relations: [Int32], visits: [RelationVisits]) {
    let found = collect { workspace in workspace.isCurrent ? RelationVisits(workspace) : nil }
    return (found.relations, found.values)
  }
}
