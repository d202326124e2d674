/// Finds orders by the hash of their id: four to eight bytes an order.
///
/// Two ids that share a 64-bit hash would be taken for one; among n orders that has a probability of about n² / 2⁶⁵.
struct OrderFinder {
  private let identities: Buffer<UInt64>
  /// Open addressing; −1 is an empty slot.
  private let slots: Buffer<Int32>
  private let mask: Int

  static let blockSize = 2048

  /// - Parameters:
  ///   - identities: the hash of each order's id.
  ///   - isIncluded: whether an order can be found.
  ///   - comesBefore: which of two orders with the same id is the one that is found.
  /// - Complexity: O(orders).
  init(
    identities: Buffer<UInt64>, isIncluded: (Int) -> Bool = { _ in true },
    comesBefore: (Int, Int) -> Bool = { _, _ in false }
  ) {
    var size = 64
    // Two thirds to a third full.
    while size * 2 < identities.count * 3 { size *= 2 }
    self.identities = identities
    slots = Buffer(repeating: -1, count: size)
    mask = size - 1
    let slots = slots.base
    let hashes = identities.base
    for order in 0..<identities.count where isIncluded(order) {
      let hash = hashes[order]
      var position = Int(truncatingIfNeeded: hash) & mask
      while slots[position] >= 0, hashes[Int(slots[position])] != hash { position = (position + 1) & mask }
      if slots[position] < 0 || comesBefore(order, Int(slots[position])) { slots[position] = Int32(order) }
    }
  }

  /// The orders under up to `blockSize` hashes; −1 where there is none. The loads of one loop do not depend on each
  /// other, so that the processor overlaps them.
  func find(_ hashes: UnsafePointer<UInt64>, count: Int, into orders: UnsafeMutablePointer<Int32>) {
    let slots = slots.base
    let identities = identities.base
    for index in 0..<count { orders[index] = slots[Int(truncatingIfNeeded: hashes[index]) & mask] }
    for index in 0..<count where orders[index] >= 0 && identities[Int(orders[index])] != hashes[index] {
      var position = (Int(truncatingIfNeeded: hashes[index]) + 1) & mask
      while slots[position] >= 0, identities[Int(slots[position])] != hashes[index] {
        position = (position + 1) & mask
      }
      orders[index] = slots[position]
    }
  }
}
