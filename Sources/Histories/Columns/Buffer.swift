import Foundation

/// A growable column of plain values in one contiguous block.
///
/// A reference type: a column is shared, never copied by accident. Growth is by `realloc`, which moves large blocks
/// without copying on Linux. Writing from several threads is allowed on disjoint ranges.
public final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
  public private(set) var base: UnsafeMutablePointer<Element>
  public private(set) var count: Int
  private var capacity: Int

  public init(capacity: Int = 0) {
    self.capacity = max(capacity, 16)
    base = Self.resize(nil, to: self.capacity)
    count = 0
  }

  public convenience init(repeating value: Element, count: Int) {
    self.init(capacity: count)
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  deinit {
    free(base)
  }

  private static func resize(
    _ old: UnsafeMutablePointer<Element>?, to capacity: Int
  ) -> UnsafeMutablePointer<Element> {
    guard let block = realloc(old, capacity * MemoryLayout<Element>.stride) else {
      fatalError("out of memory: a column of \(capacity) values")
    }
    return block.assumingMemoryBound(to: Element.self)
  }

  @inlinable
  public subscript(index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }

  @inlinable
  public var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

  @inline(__always)
  public func append(_ value: Element) {
    if count == capacity { grow(to: count + 1) }
    base[count] = value
    count += 1
  }

  public func append(contentsOf values: UnsafeBufferPointer<Element>) {
    guard let start = values.baseAddress else { return }
    grow(to: count + values.count)
    (base + count).update(from: start, count: values.count)
    count += values.count
  }

  /// Makes the column `count` values long; new values are `value`.
  public func extend(to count: Int, with value: Element) {
    guard count > self.count else { return }
    grow(to: count)
    (base + self.count).update(repeating: value, count: count - self.count)
    self.count = count
  }

  private func grow(to needed: Int) {
    guard needed > capacity else { return }
    capacity = max(needed, capacity * 2)
    base = Self.resize(base, to: capacity)
  }

  /// Gives back the room that growth left unused.
  public func shrinkToFit() {
    capacity = max(count, 1)
    base = Self.resize(base, to: capacity)
  }
}
