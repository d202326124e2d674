/// Folding of keys as people and systems type them.
///
/// Full-width characters (U+FF01 to U+FF5E, U+3000) become their half-width twins, white space around goes, and where
/// asked letters become capitals, so that one key has one spelling.
enum KeyText {
  /// Whether the bytes need no folding; the common case, decided in one pass.
  @inline(__always)
  static func isPlain(_ text: UnsafeRawBufferPointer, upperCase: Bool) -> Bool {
    guard let first = text.first, let last = text.last else { return true }
    if first <= 32 || last <= 32 { return false }
    for byte in text where byte >= 0x80 || (upperCase && byte >= 0x61 && byte <= 0x7A) { return false }
    return true
  }

  /// Whether nothing is left of the text after folding, such as of the spaces that fill a fixed-width column.
  @inline(__always)
  static func isBlank(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let first = text.first else { return true }
    // All white space beyond ASCII begins with a smaller byte than 0xE4, with which the Han characters begin.
    if first > 32, first < 0x80 || first >= 0xE4 { return false }
    return folded(text, upperCase: false).isEmpty
  }

  static func folded(_ text: UnsafeRawBufferPointer, upperCase: Bool) -> String {
    var result = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0xFF01...0xFF5E: result.unicodeScalars.append(Unicode.Scalar(scalar.value - 0xFEE0)!)
      case 0x3000: result.append(" ")
      default: result.unicodeScalars.append(scalar)
      }
    }
    while result.first?.isWhitespace == true { result.removeFirst() }
    while result.last?.isWhitespace == true { result.removeLast() }
    return upperCase ? result.uppercased() : result
  }

  /// Calls `body` with the folded bytes and their hash.
  @inline(__always)
  static func withFolded<Result>(
    _ text: UnsafeRawBufferPointer, upperCase: Bool, _ body: (UnsafeRawBufferPointer, UInt64) -> Result
  ) -> Result {
    if isPlain(text, upperCase: upperCase) { return body(text, KeyHash.hash(text)) }
    var folded = folded(text, upperCase: upperCase)
    return folded.withUTF8 { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      return body(raw, KeyHash.hash(raw))
    }
  }
}
