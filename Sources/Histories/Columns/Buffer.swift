import Foundation

/// A growable column of plain values in one contiguous block.
///
/// A reference type: a column is shared, never copied by accident. Large blocks lie in huge pages, which
/// makes random access several times faster, or where memory is bounded in a file of a `ColumnStore`. Writing from
/// several threads is allowed on disjoint ranges. In hot loops take `base` once.
public final class Buffer<Element: BitwiseCopyable>: @unchecked Sendable {
  public private(set) var base: UnsafeMutablePointer<Element>
  public private(set) var count: Int
  private var capacity: Int
  private var block: Block

  public convenience init(capacity: Int = 0) {
    self.init(capacity: capacity, in: nil)
  }

  /// - Parameter store: where the column lies; `nil` for memory.
  init(capacity: Int = 0, in store: ColumnStore?) {
    self.capacity = max(capacity, 16)
    block = Block(byteCount: self.capacity * MemoryLayout<Element>.stride, store: store)
    base = block.base.assumingMemoryBound(to: Element.self)
    count = 0
  }

  public convenience init(repeating value: Element, count: Int) {
    self.init(repeating: value, count: count, in: nil)
  }

  convenience init(repeating value: Element, count: Int, in store: ColumnStore?) {
    self.init(capacity: count, in: store)
    base.initialize(repeating: value, count: count)
    self.count = count
  }

  deinit {
    block.free()
  }

  /// Where the column lies; `nil` for memory.
  var store: ColumnStore? { block.store }

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
    let result = Buffer(capacity: order.count, in: block.store)
    let target = result.appendUninitialised(order.count)
    let source = base
    let places = order.base
    let stretch = 1 << 20
    for first in stride(from: 0, to: order.count, by: stretch) {
      for position in first..<min(first + stretch, order.count) {
        target[position] = source[Int(places[position])]
      }
      block.store?.relieve()
    }
    return result
  }

  private func grow(to needed: Int) {
    guard needed > capacity else { return }
    changeCapacity(to: max(needed, capacity * 2))
  }

  private func changeCapacity(to larger: Int) {
    block.grow(to: larger * MemoryLayout<Element>.stride, keeping: count * MemoryLayout<Element>.stride)
    base = block.base.assumingMemoryBound(to: Element.self)
    capacity = larger
  }
}

/// A column of whatever type.
protocol StoredColumn: AnyObject {
  /// Bytes that its values take.
  var byteCount: Int { get }
  /// Moves an empty column into a store.
  func settle(in store: ColumnStore)
}

extension Buffer: StoredColumn {
  var byteCount: Int { count * MemoryLayout<Element>.stride }

  func settle(in store: ColumnStore) {
    precondition(count == 0, "a column settles before it has values")
    block.free()
    block = Block(byteCount: capacity * MemoryLayout<Element>.stride, store: store)
    base = block.base.assumingMemoryBound(to: Element.self)
  }
}

/// The memory of one column: of the system's allocator, large blocks in huge pages, or a file of a store.
private struct Block {
  private(set) var base: UnsafeMutableRawPointer
  let store: ColumnStore?
  private var file: ColumnFile?

  private static let hugeFrom = 1 << 20
  private static let pageSize = 4096
  private static let adviseHugePages: Int32 = 14

  init(byteCount: Int, store: ColumnStore?) {
    self.store = store
    file = store?.makeFile(byteCount: byteCount)
    base = file?.base ?? Self.resize(nil, to: byteCount)
  }

  /// Makes the block larger, with the same content as far as it is used.
  mutating func grow(to byteCount: Int, keeping used: Int) {
    guard let file, let store else {
      base = Self.resize(base, to: byteCount)
      return
    }
    if file.grow(to: byteCount) {
      base = file.base
      return
    }
    // No room on the disk: the column goes on in memory.
    store.noteRefused()
    let block = Self.resize(nil, to: byteCount)
    block.copyMemory(from: file.base, byteCount: used)
    store.remove(file)
    self.file = nil
    base = block
  }

  func free() {
    if let file { store?.remove(file) } else { Foundation.free(base) }
  }

  /// A block of another size with the same content. The system's allocator moves the pages of large blocks as they are:
  /// growing copies nothing and clears none twice.
  private static func resize(_ old: UnsafeMutableRawPointer?, to bytes: Int) -> UnsafeMutableRawPointer {
    guard let block = realloc(old, bytes) else { fatalError("out of memory: a column of \(bytes) bytes") }
    if bytes >= hugeFrom {
      let start = (Int(bitPattern: block) + pageSize - 1) / pageSize * pageSize
      let end = (Int(bitPattern: block) + bytes) / pageSize * pageSize
      madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, adviseHugePages)
    }
    return block
  }
}
