import BuyTillYouDie
import Histories

/// What the pass over all relations keeps of each for what can only be said when all are known: the models of who is
/// still there, and the quintiles.
struct ValueFacts: BitwiseCopyable {
  /// Days since the start of the relation, −1 before it.
  var age: Int32 = -1
  /// Qualified visits after the day of the start, and days from the start to the last of them.
  var repeats: Int32 = 0
  var lastRepeat: Int32 = 0
  /// Days from the start to the first qualified visit on or after its day, −1 for none.
  var firstSeen: Int32 = -1
  /// Qualified visits of that day.
  var seenFirst: Int32 = 0
  /// Days since the last qualified visit and the last maintenance, −1 for none.
  var sinceQualified: Int32 = -1
  var sinceScheduled: Int32 = -1
  /// Qualified visits in 730 days.
  var qualified730: Int32 = 0
  /// Customer margin of 730 days in minor units, NaN when visits were made and no payment is known.
  var margin730 = 0.0
  var isCurrent = false
  var isInShop = false
  /// Whether the first service is what comes next.
  var awaitsFirstService = false

  static let windowDays: Int32 = 730

  init() {}

  /// Of the relation that is loaded.
  ///
  /// - Complexity: O(visits of 730 days)
  init(_ workspace: RelationWorkspace) {
    let (asOf, start) = (workspace.asOf, workspace.start)
    guard !start.isNone, start <= asOf else { return }
    age = Int32(asOf - start)
    isCurrent = workspace.isCurrent
    isInShop = workspace.isInShop
    awaitsFirstService = workspace.lastScheduled < 0 && workspace.beganNew
    var minorUnits: Int64 = 0
    var visits730 = 0
    var known730 = 0
    let total = workspace.total
    (repeats, lastRepeat) = (total.repeats, total.lastRepeat)
    (firstSeen, seenFirst) = (total.firstSeen, total.seenFirst)
    for index in workspace.firstOf730..<workspace.visits.count {
      let visit = workspace.visits.base[index]
      if visit.isQualified { qualified730 += 1 }
      visits730 += 1
      if visit.hasPayment { known730 += 1 }
      minorUnits += visit.customerMargin
    }
    margin730 = visits730 == 0 || known730 > 0 ? Double(minorUnits) : .nan
    if workspace.lastQualified >= 0 {
      sinceQualified = Int32(asOf - workspace.visits.base[workspace.lastQualified].day)
    }
    if workspace.lastScheduled >= 0 {
      sinceScheduled = Int32(asOf - workspace.visits.base[workspace.lastScheduled].day)
    }
  }

  /// Recency against the expected interval.
  func relativeRecency(interval: Double) -> Double {
    Double(sinceQualified >= 0 ? sinceQualified : age) / interval
  }

  /// Qualified visits for every visit expected.
  func relativeFrequency(regularInterval: Double) -> Double {
    Double(qualified730) / expectedVisits(regularInterval: regularInterval)
  }

  /// Visits that the schedule asks for in 730 days, or since the start; missing in the first 90 days.
  func expectedVisits(regularInterval: Double) -> Double {
    let shortest: Int32 = 90
    return age >= shortest ? Double(min(age, Self.windowDays)) / regularInterval : .nan
  }
}
