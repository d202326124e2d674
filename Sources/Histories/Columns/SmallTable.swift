/// Remembers what a handful of different texts mean, by their hashes, so that each is read once.
///
/// Made for columns such as a status: the first slots are full of the common values, and further ones are read anew.
final class SmallTable<Value: BitwiseCopyable> {
  private static var slotCount: Int { 256 }

  private struct Slot: BitwiseCopyable {
    var hash: UInt64
    var value: Value
  }

  private let slots: UnsafeMutablePointer<Slot?>

  init() {
    slots = .allocate(capacity: Self.slotCount)
    slots.initialize(repeating: nil, count: Self.slotCount)
  }

  deinit {
    slots.deallocate()
  }

  /// What `read` makes of the text; `read` must depend on the text alone.
  @inline(__always)
  func value(of text: UnsafeRawBufferPointer, _ read: (UnsafeRawBufferPointer) -> Value) -> Value {
    let hash = KeyHash.hash(text)
    let position = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
    if let slot = slots[position], slot.hash == hash { return slot.value }
    let value = read(text)
    slots[position] = Slot(hash: hash, value: value)
    return value
  }
}
