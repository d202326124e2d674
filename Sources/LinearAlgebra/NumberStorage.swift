internal import Foundation

/// A block of uninitialised numbers that is given back when the object dies.
///
/// Blocks of a mebibyte and more are mapped: the allocator would keep them for later instead of returning them.
final class NumberStorage<Number: BitwiseCopyable> {
  let elements: UnsafeMutableBufferPointer<Number>
  private let mappedBytes: Int

  private static var mappingThreshold: Int { 1 << 20 }
  /// A cache line, which is also the widest vector register.
  private static var alignment: Int { 64 }

  init(count: Int) {
    let bytes = count * MemoryLayout<Number>.stride
    let base: UnsafeMutableRawPointer
    if bytes >= Self.mappingThreshold {
      guard let mapped = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        mapped != MAP_FAILED
      else { fatalError("out of memory: \(bytes) bytes for a matrix were refused") }
      // Fewer page faults and address look-ups; refusal does no harm.
      _ = madvise(mapped, bytes, 14 /* MADV_HUGEPAGE */)
      base = mapped
      mappedBytes = bytes
    } else {
      base = .allocate(byteCount: max(bytes, 1), alignment: Self.alignment)
      mappedBytes = 0
    }
    elements = UnsafeMutableBufferPointer(
      start: base.bindMemory(to: Number.self, capacity: count), count: count)
  }

  convenience init(copying other: NumberStorage) {
    self.init(count: other.elements.count)
    _ = elements.update(fromContentsOf: other.elements)
  }

  deinit {
    guard let base = elements.baseAddress else { return }
    if mappedBytes > 0 {
      munmap(base, mappedBytes)
    } else {
      UnsafeMutableRawPointer(base).deallocate()
    }
  }
}
