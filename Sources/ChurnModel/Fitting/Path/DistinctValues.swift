/// The distinct values of the rows with a weight, numbered in the order in which they occur.
struct DistinctValues {
  private(set) var values: [Int32] = []
  /// The number of each row's value, -1 for rows without a weight.
  private(set) var places: [Int32]

  /// - Complexity: O(rows)
  init(_ rows: [Int32], weights: [Double]) {
    places = [Int32](repeating: -1, count: rows.count)
    // Open addressing, at most half full.
    var capacity = 16
    while capacity < 2 * rows.count { capacity *= 2 }
    var slots = [Int32](repeating: -1, count: capacity)
    for (row, value) in rows.enumerated() where weights[row] > 0 {
      var slot = Int(truncatingIfNeeded: Self.hash(value)) & (capacity - 1)
      while slots[slot] >= 0, values[Int(slots[slot])] != value { slot = (slot + 1) & (capacity - 1) }
      if slots[slot] < 0 {
        slots[slot] = Int32(values.count)
        values.append(value)
      }
      places[row] = slots[slot]
    }
  }

  /// The rank of each distinct value by a key that is different for different values.
  ///
  /// - Complexity: O(values): keys are sorted by their digits, the last one first.
  func ranks(by key: (Int32) -> UInt64) -> [Int] {
    var entries = values.indices.map { (key: key(values[$0]), place: Int32($0)) }
    var sorted = entries
    for shift in stride(from: 0, to: UInt64.bitWidth, by: Self.digitBits) {
      func digit(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key >> shift) & ((1 << Self.digitBits) - 1) }
      var next = [Int](repeating: 0, count: 1 << Self.digitBits)
      for entry in entries { next[digit(entry.key)] += 1 }
      var first = 0
      for index in next.indices { (next[index], first) = (first, first + next[index]) }
      for entry in entries {
        let own = digit(entry.key)
        sorted[next[own]] = entry
        next[own] += 1
      }
      swap(&entries, &sorted)
    }
    var ranks = [Int](repeating: 0, count: values.count)
    for (rank, entry) in entries.enumerated() { ranks[Int(entry.place)] = rank }
    return ranks
  }

  private static let digitBits = 16

  /// SplitMix64's mixer: neighbouring values get far hashes, different ones different hashes.
  static func hash(_ value: Int32) -> UInt64 {
    SplitMix64.number(UInt64(UInt32(bitPattern: value)))
  }
}
