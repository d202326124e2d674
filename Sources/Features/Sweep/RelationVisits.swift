public import BuyTillYouDie
import Foundation
public import Histories
import LinearAlgebra

/// What buy-till-you-die models need of one relation as of a date: the same numbers that `p_alive` and `clv_36` are made of.
public struct RelationVisits: Sendable, BitwiseCopyable {
  /// Qualified visits after the origin; times in weeks.
  public let history: RepeatHistory
  /// The day of the start, or of the first visit seen where the relation is older than the data.
  public let origin: Day
  /// Whether it was there at the origin; of older relations without any visit nobody knows, and models are fitted without
  /// them.
  public let wasThere: Bool
  /// Σ ln of the intervals between successive visits, from the origin on, in weeks.
  public let logIntervals: Double
  /// Qualified visits after the day of the start.
  public let sinceStart: Int32
  /// Qualified visits of 730 days.
  public let qualified730: Int32
  /// Customer margin of 730 days in currency units; NaN when visits were made and no payment is known.
  public let margin730: Double
  /// Code in `Vocabularies.powertrain`, beyond its words for unknown ones.
  public let powertrain: UInt8

  /// Of the relation that the workspace has advanced to the date, which had begun.
  ///
  /// - Parameter dataAge: days from the beginning of the data to the date.
  init(_ workspace: RelationWorkspace, dataAge: Int32) {
    let fact = ValueFacts(workspace)
    let seen = SeenVisits(fact, dataAge: dataAge)
    history = seen.history
    origin = workspace.start + Int(seen.origin)
    wasThere = seen.wasThere
    sinceStart = fact.repeats
    qualified730 = fact.qualified730
    margin730 = fact.margin730 / workspace.facts.moneyScale
    powertrain = UInt8(AliveModels.index(powertrain: workspace.facts.powertrains[workspace.vehicle]))
    var sum = 0.0
    workspace.forEachRepeat(after: origin) { day, before in
      sum += log(Double(day - before) / SeenVisits.daysPerUnit)
    }
    logIntervals = sum
  }
}

extension AsOfView {
  /// The relations that had begun and not ended, ascending, lapsed ones included, with their visits: those that the models
  /// behind `p_alive` speak of.
  ///
  /// - Complexity: O(orders).
  public func relationVisits() -> (relations: [Int32], visits: [RelationVisits]) {
    let dataAge = peers.value.alive.dataAge
    let found = collect { workspace in
      workspace.isCurrent ? RelationVisits(workspace, dataAge: dataAge) : nil
    }
    return (found.relations, found.values)
  }
}
