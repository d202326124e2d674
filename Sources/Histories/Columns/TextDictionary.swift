/// Distinct texts with dense codes 0, 1, 2 … in order of first appearance.
public final class TextDictionary: @unchecked Sendable {
  public let texts = TextColumn()
  private let index: HashIndex

  public init(expected: Int = 0) {
    index = HashIndex(expected: expected)
  }

  public var count: Int { texts.count }

  /// Makes room for `count` texts in all.
  func reserve(_ count: Int) {
    index.reserve(count)
  }

  /// The code of a text, or `nil` when it was never added.
  @inline(__always)
  func code(of text: UnsafeRawBufferPointer, hash: UInt64) -> Int32? {
    index.find(hash) { Self.same(texts.bytes(Int($0)), text) }
  }

  /// The codes of many texts by their hashes alone; −1 where there is none. See `HashIndex.find(_:count:into:)`.
  func codes(of hashes: UnsafePointer<UInt64>, count: Int, into codes: UnsafeMutablePointer<Int32>) {
    index.find(hashes, count: count, into: codes)
  }

  public func code(of text: String) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      return code(of: raw, hash: KeyHash.hash(raw))
    }
  }

  /// The code of a text, which is added when it is new.
  func add(_ text: UnsafeRawBufferPointer, hash: UInt64) -> (code: Int32, isNew: Bool) {
    if let code = code(of: text, hash: hash) { return (code, false) }
    let code = Int32(texts.count)
    texts.append(text)
    index.insert(hash, row: code)
    return (code, true)
  }

  /// The code of a text, which is added when it is new.
  public func add(_ text: UnsafeRawBufferPointer) -> Int32 {
    add(text, hash: KeyHash.hash(text)).code
  }

  @inline(__always)
  static func same(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count else { return false }
    for index in 0..<a.count where a[index] != b[index] { return false }
    return true
  }
}
