/// Chinese number plates (GA 36): a province's character and the letter of the issuing authority lead.
enum Plate {
  private static let headLength = 4

  /// Calls `body` with the head of a plate, such as 浙A; `nil` when the text does not begin with one.
  static func withHead<Result>(
    of text: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    if isHead(text) { return body(UnsafeRawBufferPointer(rebasing: text[..<headLength])) }
    guard !text.isEmpty else { return nil }
    var folded = KeyText.folded(text, upperCase: true)
    return folded.withUTF8 { bytes in
      let raw = UnsafeRawBufferPointer(bytes)
      return isHead(raw) ? body(UnsafeRawBufferPointer(rebasing: raw[..<headLength])) : nil
    }
  }

  /// Whether a character of the unified Han block (three bytes of UTF-8, the first E4 to E9) and a capital lead.
  private static func isHead(_ text: UnsafeRawBufferPointer) -> Bool {
    text.count > headLength && (0xE4...0xE9).contains(text[0])
      && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(text[3])
  }
}
