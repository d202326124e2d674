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
    var size = 64
    while size < expected * 2 { size *= 2 }
    slots = Buffer(repeating: Slot(hash: 0, row: -1), count: size)
    mask = size - 1
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

  func insert(_ hash: UInt64, row: Int32) {
    if (count + 1) * 2 > mask + 1 { grow() }
    place(Slot(hash: hash, row: row))
    count += 1
  }

  private func place(_ slot: Slot) {
    var position = Int(truncatingIfNeeded: slot.hash) & mask
    while slots.base[position].row >= 0 { position = (position + 1) & mask }
    slots.base[position] = slot
  }

  private func grow() {
    let old = slots
    slots = Buffer(repeating: Slot(hash: 0, row: -1), count: old.count * 2)
    mask = slots.count - 1
    for slot in old.values where slot.row >= 0 { place(slot) }
  }
}
