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
    SplitMix64.number(UInt64(UInt32(bitPattern: value)))
  }
}
