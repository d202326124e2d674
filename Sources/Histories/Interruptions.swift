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
    /// Code of `Vocabularies.endReason`.
    var reason: UInt8
  }

  /// From when to when a customer owned a vehicle, and why it ended.
  struct Span {
    var from: Day
    /// `Day.none` while it lasts.
    var to: Day
    var reason: UInt8
  }

  /// By relation and day.
  private let gaps: [Gap]

  init(_ gaps: [Gap] = []) {
    self.gaps = gaps.sorted { ($0.relation, $0.from) < ($1.relation, $1.from) }
  }

  public var count: Int { gaps.count }

  /// The gaps between spans of ownership that may overlap.
  init(between spans: [Int32: [Span]]) {
    var gaps: [Gap] = []
    for (relation, spans) in spans {
      let spans = spans.sorted { $0.from < $1.from }
      guard var owned = spans.first else { continue }
      for span in spans.dropFirst() where !owned.to.isNone {
        if span.from > owned.to {
          gaps.append(Gap(relation: relation, from: owned.to, until: span.from, reason: owned.reason))
        }
        if span.to.isNone || span.to > owned.to { owned = span }
      }
    }
    self.init(gaps)
  }

  /// The interruption that ends the ownership that lasts on a day, or that ended last before it; `nil` where none does.
  fileprivate func end(of relation: Int, asOf: Day) -> Gap? {
    var low = 0
    var high = gaps.count
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].relation < relation { low = middle + 1 } else { high = middle }
    }
    while low < gaps.count, gaps[low].relation == relation {
      if gaps[low].until > asOf { return gaps[low] }
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
    return interruptions.end(of: relation, asOf: asOf)?.from ?? endsOn.base[relation]
  }

  /// Whether a relation had begun by a day and lasted beyond it.
  @inline(__always)
  public func isHeld(_ relation: Int, asOf: Day) -> Bool {
    let start = startsOn.base[relation]
    guard !start.isNone, start <= asOf else { return false }
    let end = end(of: relation, asOf: asOf)
    return end.isNone || end > asOf
  }

  /// Why that ownership ends: a code of `Vocabularies.endReason`.
  public func endReason(of relation: Int, asOf: Day) -> UInt8 {
    guard interruptions.count > 0 else { return endReasons.base[relation] }
    return interruptions.end(of: relation, asOf: asOf)?.reason ?? endReasons.base[relation]
  }
}
