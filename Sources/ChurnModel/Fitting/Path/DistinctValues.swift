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
  /// - Complexity: O(values log values)
  func ranks(by key: (Int32) -> UInt64) -> [Int] {
    let keys = values.map(key)
    let order = keys.indices.map { (keys[$0], Int32($0)) }.sorted { $0.0 < $1.0 }
    var ranks = [Int](repeating: 0, count: values.count)
    for (rank, entry) in order.enumerated() { ranks[Int(entry.1)] = rank }
    return ranks
  }

  /// SplitMix64's mixer: neighbouring values get far hashes, different ones different hashes.
  static func hash(_ value: Int32) -> UInt64 {
    var bits = UInt64(UInt32(bitPattern: value)) &* 0x9e37_79b9_7f4a_7c15
    bits = (bits ^ (bits &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits &>> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits &>> 31)
  }
}
