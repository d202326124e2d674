internal import Foundation

/// Lines of a mail's head: ASCII, folded, other characters as encoded words (RFC 2047).
enum MailHeader {
  /// An encoded word is no longer than this, its marks included.
  private static let longestWord = 75
  private static let wordStart = "=?UTF-8?B?"
  private static let wordEnd = "?="
  private static let longestPlain = 70

  /// Unstructured text: itself where it is short ASCII, else encoded words on lines of their own.
  static func text(_ value: String) -> String {
    let line = String(
      String.UnicodeScalarView(value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    let isPlain =
      line.utf8.allSatisfy { $0 < 0x7F } && line.utf8.count <= longestPlain && !line.contains("=?")
    return isPlain ? line : words(line).joined(separator: "\r\n ")
  }

  /// A display name for an address: an atom, a quoted text, or encoded words.
  static func phrase(_ name: String) -> String {
    let encoded = text(name)
    guard !encoded.hasPrefix(wordStart) else { return encoded }
    let isAtom = encoded.utf8.allSatisfy { byte in
      byte == UInt8(ascii: " ") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }
    if isAtom { return encoded }
    return "\"" + encoded.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  /// Whole characters only in each word.
  private static func words(_ line: String) -> [String] {
    let room = (longestWord - wordStart.utf8.count - wordEnd.utf8.count) / 4 * 3
    var words: [String] = []
    var bytes: [UInt8] = []
    func close() {
      words.append(wordStart + Data(bytes).base64EncodedString() + wordEnd)
      bytes.removeAll()
    }
    for scalar in line.unicodeScalars {
      let next = Array(String(scalar).utf8)
      if bytes.count + next.count > room { close() }
      bytes += next
    }
    if !bytes.isEmpty { close() }
    return words
  }
}
