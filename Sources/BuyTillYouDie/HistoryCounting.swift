/// Counts equal histories while they come in: a table of the times that occur, and one of the histories.
///
/// Both are open-addressing hash tables of words, half full at most: counting is faster than sorting as long as many
/// histories are equal, and needs 16 bytes a distinct one.
struct HistoryCounting {
  /// Bits of a time's number in a history's key, which leaves 20 for the number of repeats. When more times than that
  /// occur, next to no two histories are equal, and those that still come are not compared.
  private static let timeBits: UInt64 = 22
  private static let mostTimes = Int(Int32.max) / 2

  private var times = WordTable()
  private var keys = WordTable()
  private var counts: [Int32] = []
  /// Histories that are not compared.
  private var loose: [RepeatGroups.Group] = []
  private var lastAge = RecentTime()
  private var lastRecency = RecentTime()

  /// The time looked up last: neighbours often have the same.
  private struct RecentTime {
    var bits: UInt64 = 0
    var place = 0
  }

  init() {
    _ = times.place(of: 0)
  }

  /// - Returns: whether the history could be numbered.
  mutating func add(_ history: RepeatHistory) -> Bool {
    let age = Self.place(history.age, &lastAge, &times)
    let last = Self.place(history.last, &lastRecency, &times)
    if times.count > 1 << Self.timeBits {
      loose.append(
        RepeatGroups.Group(repeats: Int32(history.repeats), last: Int32(last), age: Int32(age), count: 1))
      return times.count < Self.mostTimes
    }
    let key =
      UInt64(history.repeats) << (2 * Self.timeBits) | UInt64(age) << Self.timeBits | UInt64(last)
    let place = keys.place(of: key)
    if place == counts.count { counts.append(1) } else { counts[place] += 1 }
    return true
  }

  @inline(__always)
  private static func place(_ time: Double, _ recent: inout RecentTime, _ times: inout WordTable) -> Int {
    // −0 is 0.
    let bits = (time + 0).bitPattern
    if bits != recent.bits { recent = RecentTime(bits: bits, place: times.place(of: bits)) }
    return recent.place
  }

  /// The times ascending, and the groups by repeats, age and last, their times numbered accordingly.
  ///
  /// - Complexity: O(m log m)
  consuming func sorted() -> (times: [Double], groups: [RepeatGroups.Group]) {
    // Positive doubles are in the order of their bits.
    let order = times.words.indices.sorted { times.words[$0] < times.words[$1] }
    var rank = [Int32](repeating: 0, count: order.count)
    for (place, original) in order.enumerated() { rank[original] = Int32(place) }
    let sortedTimes = order.map { Double(bitPattern: times.words[$0]) }
    let mask = (1 << Self.timeBits) - 1 as UInt64
    var groups: [RepeatGroups.Group] = []
    groups.reserveCapacity(counts.count + loose.count)
    for (key, count) in zip(keys.words, counts) {
      groups.append(
        RepeatGroups.Group(
          repeats: Int32(truncatingIfNeeded: key >> (2 * Self.timeBits)),
          last: rank[Int(key & mask)], age: rank[Int(key >> Self.timeBits & mask)], count: count))
    }
    for group in loose {
      groups.append(
        RepeatGroups.Group(
          repeats: group.repeats, last: rank[Int(group.last)], age: rank[Int(group.age)], count: 1))
    }
    groups.sort { ($0.repeats, $0.age, $0.last) < ($1.repeats, $1.age, $1.last) }
    return (sortedTimes, groups)
  }
}

/// Numbers distinct words in the order in which they first come.
private struct WordTable {
  /// The distinct words.
  private(set) var words: [UInt64] = []
  /// One more than the number of the word there, 0 for none.
  private var slots: [Int32]
  private var shift: UInt64

  var count: Int { words.count }

  init() {
    slots = [Int32](repeating: 0, count: 1 << 12)
    shift = 64 - 12
  }

  @inline(__always)
  mutating func place(of word: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Self.slot(word, shift)
    while true {
      let number = Int(slots[slot])
      if number == 0 { break }
      if words[number - 1] == word { return number - 1 }
      slot = (slot + 1) & mask
    }
    words.append(word)
    slots[slot] = Int32(words.count)
    if 2 * words.count > slots.count { grow() }
    return words.count - 1
  }

  /// Fibonacci hashing after a mix, for the low bits of whole times are all 0.
  @inline(__always)
  private static func slot(_ word: UInt64, _ shift: UInt64) -> Int {
    Int(((word ^ (word >> 32)) &* 0x9E37_79B9_7F4A_7C15) >> shift)
  }

  private mutating func grow() {
    shift -= 2
    slots = [Int32](repeating: 0, count: 4 * slots.count)
    let mask = slots.count - 1
    for (number, word) in words.enumerated() {
      var slot = Self.slot(word, shift)
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(number + 1)
    }
  }
}
