/// Counts equal histories: numbers the times that occur while histories come in, then sorts histories as numbers.
///
/// A table of times by hash stays in the processor's cache, and sorting by digits (radix) reads and writes memory in order:
/// both take a fraction of what comparing histories takes. 28 bytes a history while it lasts.
struct HistoryCounting {
  private struct Numbered: BitwiseCopyable {
    var repeats: Int32
    var age: Int32
    var last: Int32
  }

  private static let mostTimes = Int(Int32.max) / 2

  private var times = WordTable()
  private var histories: [Numbered] = []
  private var lastAge = RecentTime()
  private var lastRecency = RecentTime()

  /// The time looked up last: neighbours often have the same.
  private struct RecentTime {
    var bits: UInt64 = 0
    var place = 0
  }

  init(reserving count: Int) {
    histories.reserveCapacity(count)
    _ = times.place(of: 0)
  }

  mutating func add(_ history: RepeatHistory) {
    let age = Self.place(history.age, &lastAge, &times)
    let last = Self.place(history.last, &lastRecency, &times)
    histories.append(Numbered(repeats: Int32(history.repeats), age: Int32(age), last: Int32(last)))
  }

  @inline(__always)
  private static func place(_ time: Double, _ recent: inout RecentTime, _ times: inout WordTable) -> Int {
    // −0 is 0.
    let bits = (time + 0).bitPattern
    if bits != recent.bits { recent = RecentTime(bits: bits, place: times.place(of: bits)) }
    return recent.place
  }

  /// The times ascending, and the groups by repeats, age and last, their times numbered accordingly; `nil` when there are
  /// too many times to be numbered.
  ///
  /// - Complexity: O(n + m log m) for m times
  consuming func sorted() -> (times: [Double], groups: [RepeatGroups.Group])? {
    guard times.count < Self.mostTimes else { return nil }
    // Positive doubles are in the order of their bits.
    let words = times.words
    let order = words.indices.sorted { words[$0] < words[$1] }
    var rank = [UInt64](repeating: 0, count: order.count)
    for (place, original) in order.enumerated() { rank[original] = UInt64(place) }
    let sortedTimes = order.map { Double(bitPattern: words[$0]) }
    let timeBits = UInt64(Int.bitWidth - (order.count - 1).leadingZeroBitCount)
    let most = histories.reduce(0) { max($0, $1.repeats) }
    let bits = 2 * timeBits + UInt64(Int32.bitWidth - most.leadingZeroBitCount)
    guard bits <= UInt64.bitWidth else { return nil }
    var keys = [UInt64](unsafeUninitializedCapacity: histories.count) { keys, count in
      rank.withUnsafeBufferPointer { rank in
        for (index, history) in histories.enumerated() {
          let age = rank[Int(history.age)]
          keys[index] = UInt64(history.repeats) << (2 * timeBits) | age << timeBits | rank[Int(history.last)]
        }
      }
      count = histories.count
    }
    histories = []
    RadixSort.sort(&keys, bits: Int(bits))
    return (sortedTimes, Self.groups(keys, timeBits))
  }

  private static func groups(_ keys: [UInt64], _ timeBits: UInt64) -> [RepeatGroups.Group] {
    var groups: [RepeatGroups.Group] = []
    let mask = (1 << timeBits) - 1 as UInt64
    keys.withUnsafeBufferPointer { keys in
      var start = 0
      while start < keys.count {
        let key = keys[start]
        var end = start + 1
        while end < keys.count, keys[end] == key { end += 1 }
        groups.append(
          RepeatGroups.Group(
            repeats: Int32(truncatingIfNeeded: key >> (2 * timeBits)),
            last: Int32(truncatingIfNeeded: key & mask),
            age: Int32(truncatingIfNeeded: key >> timeBits & mask), count: Int32(end - start)))
        start = end
      }
    }
    return groups
  }
}

/// Sorting of words by their digits, the lowest first.
enum RadixSort {
  private static let digitBits = 11

  /// - Parameter bits: the words lie below 2 to this power.
  /// - Complexity: O(words · bits)
  static func sort(_ words: inout [UInt64], bits: Int) {
    var other = [UInt64](repeating: 0, count: words.count)
    var shift = 0
    while shift < bits {
      words.withUnsafeBufferPointer { from in
        other.withUnsafeMutableBufferPointer { to in pass(from, to, UInt64(shift)) }
      }
      swap(&words, &other)
      shift += digitBits
    }
  }

  private static func pass(
    _ from: UnsafeBufferPointer<UInt64>, _ to: UnsafeMutableBufferPointer<UInt64>, _ shift: UInt64
  ) {
    let digits = 1 << digitBits
    let mask = UInt64(digits - 1)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: digits) { places in
      places.initialize(repeating: 0)
      for word in from { places[Int(word >> shift & mask)] += 1 }
      var sum = 0
      for digit in 0..<digits { (places[digit], sum) = (sum, sum + places[digit]) }
      for word in from {
        let digit = Int(word >> shift & mask)
        to[places[digit]] = word
        places[digit] += 1
      }
    }
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
