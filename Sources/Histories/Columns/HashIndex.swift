/// An open-addressing table from 64-bit hashes to row numbers.
///
/// Lookups are read-only and may run on several threads at once.
final class HashIndex: @unchecked Sendable {
  private struct Slot: BitwiseCopyable {
    var hash: UInt64
    var row: Int32
  }

  private var slots: Buffer<Slot>
  private var mask: Int
  private(set) var count = 0

  init(expected: Int = 0) {
    let size = Self.size(for: expected)
    slots = Buffer(repeating: Slot(hash: 0, row: -1), count: size)
    mask = size - 1
  }

  private static func size(for count: Int) -> Int {
    var size = 64
    while size < count * 2 { size *= 2 }
    return size
  }

  /// Makes room for `count` rows in all, so that inserting them moves nothing.
  func reserve(_ count: Int) {
    let size = Self.size(for: count)
    if size > mask + 1 { resize(to: size) }
  }

  /// The first row under this hash for which `matches` holds.
  @inline(__always)
  func find(_ hash: UInt64, where matches: (Int32) -> Bool) -> Int32? {
    var position = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots.base[position]
      if slot.row < 0 { return nil }
      if slot.hash == hash, matches(slot.row) { return slot.row }
      position = (position + 1) & mask
    }
  }

  /// The rows under many hashes at once; −1 where there is none.
  ///
  /// Two different keys among the rows never share a hash unnoticed when they were inserted with a comparison; a key
  /// that is looked up here is taken to be the one with its hash. A wrong match among n keys has a probability of
  /// n / 2⁶⁴ a look-up. The loads of one loop do not depend on each other, so that the processor overlaps them.
  func find(_ hashes: UnsafePointer<UInt64>, count: Int, into rows: UnsafeMutablePointer<Int32>) {
    let slots = slots.base
    let mask = mask
    for index in 0..<count {
      let slot = slots[Int(truncatingIfNeeded: hashes[index]) & mask]
      rows[index] = slot.row < 0 ? -1 : slot.hash == hashes[index] ? slot.row : -2
    }
    for index in 0..<count where rows[index] == -2 {
      var position = (Int(truncatingIfNeeded: hashes[index]) + 1) & mask
      while slots[position].row >= 0, slots[position].hash != hashes[index] {
        position = (position + 1) & mask
      }
      rows[index] = slots[position].row
    }
  }

  func insert(_ hash: UInt64, row: Int32) {
    if (count + 1) * 2 > mask + 1 { resize(to: (mask + 1) * 2) }
    place(Slot(hash: hash, row: row))
    count += 1
  }

  private func place(_ slot: Slot) {
    var position = Int(truncatingIfNeeded: slot.hash) & mask
    while slots.base[position].row >= 0 { position = (position + 1) & mask }
    slots.base[position] = slot
  }

  private func resize(to size: Int) {
    let old = slots
    slots = Buffer(repeating: Slot(hash: 0, row: -1), count: size)
    mask = slots.count - 1
    for slot in old.values where slot.row >= 0 { place(slot) }
  }
}
