/// Hashes and rows of the keys of one chunk, reused from chunk to chunk.
final class KeyBatch {
  private(set) var hashes: UnsafeMutablePointer<UInt64>
  /// What the keys were found to be; −1 for none.
  private(set) var rows: UnsafeMutablePointer<Int32>
  private var capacity = 2048

  init() {
    hashes = .allocate(capacity: capacity)
    rows = .allocate(capacity: capacity)
  }

  deinit {
    hashes.deallocate()
    rows.deallocate()
  }

  /// Room for the hashes of `count` keys.
  @discardableResult
  func reserve(_ count: Int) -> UnsafeMutablePointer<UInt64> {
    guard count > capacity else { return hashes }
    hashes.deallocate()
    rows.deallocate()
    capacity = count
    hashes = .allocate(capacity: capacity)
    rows = .allocate(capacity: capacity)
    return hashes
  }

  /// Hashes the folded keys of a chunk and finds their codes; empty cells have none.
  func find(_ cells: TextCells, count: Int, upperCase: Bool, in dictionary: TextDictionary) {
    reserve(count)
    for row in 0..<count {
      let cell = cells[row]
      hashes[row] =
        KeyText.isPlain(cell, upperCase: upperCase)
        ? KeyHash.hash(cell) : KeyText.withFolded(cell, upperCase: upperCase) { $1 }
    }
    dictionary.codes(of: hashes, count: count, into: rows)
    for row in 0..<count where cells[row].isEmpty { rows[row] = -1 }
  }

  /// Hashes pairs of cells as they stand, and finds the rows of the pairs.
  func find(_ first: TextCells, _ second: TextCells, count: Int, in index: HashIndex) {
    reserve(count)
    for row in 0..<count {
      hashes[row] = KeyHash.combine(KeyHash.hash(first[row]), KeyHash.hash(second[row]))
    }
    index.find(hashes, count: count, into: rows)
  }

  /// Replaces every row found by what a column says of it.
  func follow(_ column: Buffer<Int32>, count: Int) {
    let values = column.base
    for row in 0..<count where rows[row] >= 0 { rows[row] = values[Int(rows[row])] }
  }
}
