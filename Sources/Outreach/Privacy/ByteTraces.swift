/// Counts where texts occur among bytes that come piece by piece; a text across two pieces is found, too.
///
/// An occurrence inside a longer word is none: the customer `17` does not occur in `2017`.
struct ByteTraces {
  private let texts: [[UInt8]]
  private let longest: Int
  /// By byte: whether a text begins with it.
  private let begins: [Bool]
  private var pending: [UInt8] = []
  private var isAtStart = true
  private(set) var count = 0

  /// - Parameter texts: what to look for; empty ones are never found.
  init(_ texts: [String]) {
    self.texts = texts.map { Array($0.utf8) }.filter { !$0.isEmpty }
    longest = self.texts.map(\.count).max() ?? 0
    var begins = [Bool](repeating: false, count: 256)
    for text in self.texts { begins[Int(text[0])] = true }
    self.begins = begins
  }

  /// Takes the next bytes.
  mutating func take(_ bytes: some Collection<UInt8>) {
    pending.append(contentsOf: bytes)
    // What begins before here has all its bytes, and the one behind it, in `pending`.
    search(from: isAtStart ? 0 : 1, upTo: pending.count - longest)
    let kept = pending.count - longest - 1
    if kept >= 0 {
      pending.removeFirst(kept)
      isAtStart = false
    }
  }

  /// Says that no more bytes come.
  mutating func finish() {
    search(from: isAtStart ? 0 : 1, upTo: pending.count)
    pending = []
    isAtStart = true
  }

  private mutating func search(from start: Int, upTo end: Int) {
    guard start < end else { return }
    pending.withUnsafeBufferPointer { bytes in
      for place in start..<end where begins[Int(bytes[place])] {
        for text in texts where bytes[place] == text[0] && Self.occurs(text, in: bytes, at: place) {
          count += 1
        }
      }
    }
  }

  private static func occurs(_ text: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    let end = place + text.count
    guard end <= bytes.count else { return false }
    for offset in 1..<text.count where bytes[place + offset] != text[offset] { return false }
    return (place == 0 || !isWord(bytes[place - 1])) && (end == bytes.count || !isWord(bytes[end]))
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
