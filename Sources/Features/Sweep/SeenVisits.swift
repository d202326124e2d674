import BuyTillYouDie

/// What data that begin some day show of a relation's visits: those after an origin.
///
/// A relation that began with the data's beginning or later is seen from its start. An older one came before nobody knows
/// how often; it is seen from its first qualified visit in the data on, as a customer in a log of purchases is. Without
/// any, it is seen to stay away since the data began: that says something of itself, but nothing of others, for whether
/// it was still there then is not known.
struct SeenVisits: BitwiseCopyable {
  /// Days from the start of the relation to the origin.
  let origin: Int32
  /// Qualified visits after the origin, days from there to the last of them and to the as-of date.
  let repeats: Int32
  let last: Int32
  let age: Int32
  /// Whether it was there at the origin, so that models may be fitted to it.
  let wasThere: Bool

  /// Models of who is still there count in weeks.
  static let daysPerUnit = 7.0

  /// - Parameters:
  ///   - fact: of a relation that had begun.
  ///   - dataAge: days from the beginning of the data to the as-of date.
  init(_ fact: ValueFacts, dataAge: Int32) {
    let isOlder = fact.age > dataAge
    wasThere = !isOlder || fact.firstSeen >= 0
    origin = isOlder ? (wasThere ? fact.firstSeen : fact.age - dataAge) : 0
    // The visits of the day on which an older relation is seen first are no repeats any more.
    repeats = isOlder && fact.firstSeen > 0 ? fact.repeats - fact.seenFirst : fact.repeats
    last = repeats > 0 ? fact.lastRepeat - origin : 0
    age = fact.age - origin
  }

  var history: RepeatHistory {
    RepeatHistory(
      repeats: Int(repeats), last: Double(last) / Self.daysPerUnit, age: Double(age) / Self.daysPerUnit)
  }
}

/// When data began, told by the visits themselves.
enum DataBeginning {
  /// The share of relations whose first visits may be strays from before.
  private static let strays = 0.01

  /// Days from the beginning of the data to the as-of date: to the day by which one in a hundred of the relations with
  /// qualified visits since their start had had the first; the greatest number where there are none.
  ///
  /// - Complexity: O(relations + days)
  static func age(_ facts: UnsafeBufferPointer<ValueFacts>) -> Int32 {
    var byAge: [Int] = []
    var count = 0
    for fact in facts where fact.age >= 0 && fact.firstSeen >= 0 {
      let age = Int(fact.age - fact.firstSeen)
      if age >= byAge.count { byAge += repeatElement(0, count: age + 1 - byAge.count) }
      byAge[age] += 1
      count += 1
    }
    let wanted = Int((Double(count) * strays).rounded(.up))
    var older = 0
    for age in byAge.indices.reversed() {
      older += byAge[age]
      if older >= wanted { return Int32(age) }
    }
    return .max
  }
}
