/// The times between two ownerships of one vehicle by one customer: sold, and bought back later.
///
/// Rare, and therefore kept apart from the columns of relations.
public struct Interruptions: Sendable {
  struct Gap: Sendable, Equatable {
    var relation: Int32
    /// First day without the vehicle.
    var from: Day
    /// First day with it again.
    var until: Day
  }

  /// By relation and day.
  private let gaps: [Gap]

  init(_ gaps: [Gap] = []) {
    self.gaps = gaps.sorted { ($0.relation, $0.from) < ($1.relation, $1.from) }
  }

  public var count: Int { gaps.count }

  /// The gaps between spans of ownership that may overlap; a span without an end lasts.
  init(between spans: [Int32: [(from: Day, to: Day)]]) {
    var gaps: [Gap] = []
    for (relation, spans) in spans {
      var owned: Day?
      for span in spans.sorted(by: { $0.from < $1.from }) {
        if let end = owned, !end.isNone, span.from > end {
          gaps.append(Gap(relation: relation, from: end, until: span.from))
        }
        let latest = owned ?? span.to
        owned = latest.isNone || span.to.isNone ? Day.none : max(latest, span.to)
      }
    }
    self.init(gaps)
  }

  /// The day on which the ownership ended that lasted on a day or ended before it, if an interruption ended it.
  fileprivate func end(of relation: Int, asOf: Day) -> Day? {
    var low = 0
    var high = gaps.count
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].relation < relation { low = middle + 1 } else { high = middle }
    }
    while low < gaps.count, gaps[low].relation == relation {
      if gaps[low].until > asOf { return gaps[low].from }
      low += 1
    }
    return nil
  }
}

extension Relations {
  /// The day on which the ownership ends that lasts on a day, or that ended last before it; `Day.none` while it lasts.
  /// That the customer may buy the vehicle back later is not known then.
  @inline(__always)
  public func end(of relation: Int, asOf: Day) -> Day {
    guard interruptions.count > 0 else { return endsOn.base[relation] }
    return interruptions.end(of: relation, asOf: asOf) ?? endsOn.base[relation]
  }
}
