/// A column of texts (UTF-8) in one contiguous block of bytes; a missing text is empty.
public final class TextColumn: @unchecked Sendable {
  private let bytes = Buffer<UInt8>(capacity: 1 << 12)
  // offsets[i] ..< offsets[i + 1] are the bytes of text i.
  private let offsets = Buffer<UInt64>(capacity: 1 << 10)

  public init() {
    offsets.append(0)
  }

  /// - Parameter store: where the texts lie; `nil` for memory.
  convenience init(in store: ColumnStore?) {
    self.init()
    if let store { settle(in: store) }
  }

  /// Moves the column, empty still, into a store.
  func settle(in store: ColumnStore) {
    precondition(count == 0, "a column settles before it has values")
    bytes.settle(in: store)
    offsets.removeAll()
    offsets.settle(in: store)
    offsets.append(0)
  }

  public var count: Int { offsets.count - 1 }

  @inline(__always)
  public func append(_ text: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: text.assumingMemoryBound(to: UInt8.self))
    offsets.append(UInt64(bytes.count))
  }

  public func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  @inline(__always)
  public func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    let start = Int(offsets[index])
    return UnsafeRawBufferPointer(start: bytes.base + start, count: Int(offsets[index + 1]) - start)
  }

  public subscript(index: Int) -> String {
    String(decoding: bytes(index), as: UTF8.self)
  }

  /// The text, or `nil` when it is missing.
  public func value(_ index: Int) -> String? {
    let text = bytes(index)
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }
}
