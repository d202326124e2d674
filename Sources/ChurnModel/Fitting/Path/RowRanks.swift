/// The rows with a weight, ranked by a key: equal keys have the same rank, and ranks count distinct keys from 0.
struct RowRanks {
  /// One a row; -1 for rows without a weight.
  let ranks: [Int32]
  /// The distinct keys, ascending.
  let keys: [UInt64]

  private struct Entry {
    let key: UInt64
    let row: Int32
  }

  /// Rows a bucket where keys spread evenly.
  private static let rowsTogether = 4
  /// Entries of a bucket that are moved into their order one by one.
  private static let fewEntries = 24

  /// Rows are dealt to buckets by the leading bits of their keys, and sorted within each.
  ///
  /// - Parameter key: different for different values.
  /// - Complexity: O(rows) where keys spread evenly or are few, else O(rows log rows)
  @inline(__always)
  init(_ values: [Int32], weights: [Double], key: (Int32) -> UInt64) {
    var (least, greatest, count) = (UInt64.max, UInt64.min, 0)
    for row in values.indices where weights[row] > 0 {
      let own = key(values[row])
      (least, greatest) = (min(least, own), max(greatest, own))
      count += 1
    }
    let bits = max(UInt64.bitWidth - (count / Self.rowsTogether).leadingZeroBitCount, 1)
    let range = max(least, greatest) - least
    let shift = UInt64(max(UInt64.bitWidth - range.leadingZeroBitCount - bits, 0))
    var ends = [Int](repeating: 0, count: 1 << bits)
    for row in values.indices where weights[row] > 0 {
      ends[Int(truncatingIfNeeded: (key(values[row]) - least) >> shift)] += 1
    }
    var first = 0
    for index in ends.indices { (ends[index], first) = (first, first + ends[index]) }
    var entries = [Entry](unsafeUninitializedCapacity: count) { entries, initialized in
      for row in values.indices where weights[row] > 0 {
        let own = key(values[row])
        let bucket = Int(truncatingIfNeeded: (own - least) >> shift)
        entries.initializeElement(at: ends[bucket], to: Entry(key: own, row: Int32(row)))
        ends[bucket] += 1
      }
      initialized = count
    }
    (ranks, keys) = Self.ranked(&entries, ends, rows: values.count)
  }

  /// - Parameter ends: of the buckets, one after the other.
  private static func ranked(
    _ entries: inout [Entry], _ ends: [Int], rows: Int
  ) -> (ranks: [Int32], keys: [UInt64]) {
    var ranks = [Int32](repeating: -1, count: rows)
    var keys: [UInt64] = []
    keys.reserveCapacity(entries.count)
    entries.withUnsafeMutableBufferPointer { entries in
      var (first, rank, last) = (0, Int32(-1), UInt64.max)
      for end in ends {
        sort(entries, first..<end)
        for place in first..<end {
          let entry = entries[place]
          if rank < 0 || entry.key != last {
            rank += 1
            last = entry.key
            keys.append(last)
          }
          ranks[Int(entry.row)] = rank
        }
        first = end
      }
    }
    return (ranks, keys)
  }

  private static func sort(_ entries: UnsafeMutableBufferPointer<Entry>, _ range: Range<Int>) {
    if range.count > fewEntries {
      entries[range].sort { $0.key < $1.key }
      return
    }
    for place in range.dropFirst() {
      let own = entries[place]
      var target = place
      while target > range.lowerBound, entries[target - 1].key > own.key {
        entries[target] = entries[target - 1]
        target -= 1
      }
      entries[target] = own
    }
  }
}
