/// When somebody came again, in the three numbers that buy-till-you-die models need.
public struct RepeatHistory: Sendable, Hashable {
  /// x: events after the origin.
  public var repeats: Int
  /// t_x: days from the origin to the last of them, 0 without any.
  public var lastDay: Int
  /// T: days from the origin to the end of observation.
  public var age: Int

  public init(repeats: Int, lastDay: Int, age: Int) {
    self.repeats = repeats
    self.lastDay = lastDay
    self.age = age
  }
}

/// The sufficient statistics of many histories: the distinct ones and how often each stands there.
///
/// Sums over them do not depend on the order in which the histories came.
public struct RepeatGroups: Sendable {
  /// One distinct history and its count.
  struct Group: BitwiseCopyable {
    var repeats: Int32
    var lastDay: Int32
    var age: Int32
    var count: Int32
  }

  /// By repeats, then age, then last day.
  let groups: [Group]
  /// Number of histories.
  public let count: Int
  /// The most repeats and the highest age in days.
  public let maximumRepeats: Int
  public let maximumAge: Int

  private static let fieldBits: UInt64 = 21
  private static let fieldLimit = 1 << 21

  /// Counts equal histories; repeats and days must lie between 0 and two million.
  ///
  /// - Complexity: O(n log n)
  public init(_ histories: some Sequence<RepeatHistory>) {
    var keys = histories.map { history in
      precondition(
        history.repeats >= 0 && history.lastDay >= 0 && history.age >= history.lastDay
          && history.repeats < Self.fieldLimit && history.age < Self.fieldLimit,
        "a history lasts from its origin to its age")
      return UInt64(history.repeats) << (2 * Self.fieldBits) | UInt64(history.age) << Self.fieldBits
        | UInt64(history.lastDay)
    }
    keys.sort()
    var groups: [Group] = []
    var maximumAge = 0
    let mask = UInt64(Self.fieldLimit - 1)
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end] == keys[start] { end += 1 }
      let key = keys[start]
      let age = Int32(truncatingIfNeeded: key >> Self.fieldBits & mask)
      groups.append(
        Group(
          repeats: Int32(truncatingIfNeeded: key >> (2 * Self.fieldBits)),
          lastDay: Int32(truncatingIfNeeded: key & mask), age: age, count: Int32(end - start)))
      maximumAge = max(maximumAge, Int(age))
      start = end
    }
    self.groups = groups
    count = keys.count
    maximumRepeats = Int(groups.last?.repeats ?? 0)
    self.maximumAge = maximumAge
  }

  /// Every `step`-th of the distinct histories.
  func thinned(by step: Int) -> RepeatGroups {
    RepeatGroups(groups: stride(from: 0, to: groups.count, by: step).map { groups[$0] })
  }

  private init(groups: [Group]) {
    self.groups = groups
    count = groups.reduce(0) { $0 + Int($1.count) }
    maximumRepeats = groups.reduce(0) { max($0, Int($1.repeats)) }
    maximumAge = groups.reduce(0) { max($0, Int($1.age)) }
  }

  /// Number of distinct histories.
  public var distinctCount: Int { groups.count }
}
