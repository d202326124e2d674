import Foundation

/// A growable column of plain values in one contiguous block.
///
/// A reference type: a column is shared, never copied by accident. Large blocks lie in huge pages, which
/// makes random access several times faster. Writing from several threads is
/// allowed on disjoint ranges. In hot loops take `base` once.
public final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
  public private(set) var base: UnsafeMutablePointer<Element>
  public private(set) var count: Int
  private var capacity: Int

  public init(capacity: Int = 0) {
    self.capacity = max(capacity, 16)
    let block = Block.resize(nil, to: self.capacity * MemoryLayout<Element>.stride)
    base = block.assumingMemoryBound(to: Element.self)
    count = 0
  }

  public convenience init(repeating value: Element, count: Int) {
    self.init(capacity: count)
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  deinit {
    Block.free(base)
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

  func removeAll() {
    count = 0
  }

  /// Makes room for further values, which the caller sets all.
  ///
  /// - Returns: where they begin.
  func appendUninitialised(_ further: Int) -> UnsafeMutablePointer<Element> {
    grow(to: count + further)
    let start = base + count
    count += further
    return start
  }

  /// Makes the column `count` values long; new values are `value`.
  public func extend(to count: Int, with value: Element) {
    guard count > self.count else { return }
    grow(to: count)
    (base + self.count).update(repeating: value, count: count - self.count)
    self.count = count
  }

  /// Makes the column exactly `count` values long; new values are `value`.
  func resize(to count: Int, with value: Element) {
    extend(to: count, with: value)
    self.count = count
  }

  /// Makes room for `count` values in all, so that growing to them copies nothing.
  func reserve(_ count: Int) {
    if count > capacity { changeCapacity(to: count) }
  }

  /// A column of this one's values in another order.
  ///
  /// - Parameter order: for every place of the new column, where its value stands in this one.
  func gathered(by order: Buffer<Int32>) -> Buffer {
    guard count > 0 else { return self }
    let result = Buffer(capacity: order.count)
    let target = result.appendUninitialised(order.count)
    let source = base
    let places = order.base
    for position in 0..<order.count { target[position] = source[Int(places[position])] }
    return result
  }

  private func grow(to needed: Int) {
    guard needed > capacity else { return }
    changeCapacity(to: max(needed, capacity * 2))
  }

  private func changeCapacity(to larger: Int) {
    let stride = MemoryLayout<Element>.stride
    let block = Block.resize(UnsafeMutableRawPointer(base), to: larger * stride)
    base = block.assumingMemoryBound(to: Element.self)
    capacity = larger
  }
}

/// Memory of columns, large blocks in huge pages.
private enum Block {
  private static let hugeFrom = 1 << 20
  private static let pageSize = 4096
  private static let adviseHugePages: Int32 = 14

  /// A block of another size with the same content. The system's allocator moves the pages of large blocks as they are:
  /// growing copies nothing and clears none twice.
  static func resize(_ old: UnsafeMutableRawPointer?, to bytes: Int) -> UnsafeMutableRawPointer {
    guard let block = realloc(old, bytes) else { fatalError("out of memory: a column of \(bytes) bytes") }
    if bytes >= hugeFrom {
      let start = (Int(bitPattern: block) + pageSize - 1) / pageSize * pageSize
      let end = (Int(bitPattern: block) + bytes) / pageSize * pageSize
      madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, adviseHugePages)
    }
    return block
  }

  static func free(_ block: UnsafeMutableRawPointer) {
    Foundation.free(block)
  }
}
