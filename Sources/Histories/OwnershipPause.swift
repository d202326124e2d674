/// A time between two ownerships of the same vehicle by the same customer.
public struct OwnershipPause: Sendable, BitwiseCopyable {
  /// Day on which the earlier ownership ended.
  public let from: Day
  /// Day on which the next one began.
  public let to: Day

  /// Whether the vehicle was somebody else's at the end of a day.
  @inline(__always)
  public func holds(on day: Day) -> Bool { from <= day && day < to }
}

/// The ownerships of pairs that have several, on their way to pauses.
struct RepeatedOwnerships {
  private var spans: [Int32: [(from: Day, to: Day)]] = [:]

  /// Adds a further ownership of a relation whose first one is given, too.
  mutating func add(_ relation: Int32, from: Day, to: Day, first: (from: Day, to: Day)) {
    spans[relation, default: [first]].append((from, to))
  }

  /// What lies between the ownerships of each relation, by day; relations without a pause are left out.
  var pauses: [Int32: [OwnershipPause]] {
    var result: [Int32: [OwnershipPause]] = [:]
    for (relation, spans) in spans {
      var own: [OwnershipPause] = []
      var end: Day?
      for span in spans.sorted(by: {
        ($0.from, $0.to.isNone ? .max : $0.to.number) < ($1.from, $1.to.isNone ? .max : $1.to.number)
      }) {
        if let end, !end.isNone, span.from > end { own.append(OwnershipPause(from: end, to: span.from)) }
        end = Self.later(end, span.to)
      }
      if !own.isEmpty { result[relation] = own }
    }
    return result
  }

  private static func later(_ end: Day?, _ other: Day) -> Day {
    guard let end else { return other }
    return end.isNone || other.isNone ? .none : max(end, other)
  }
}
