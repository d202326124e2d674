internal import Foundation

/// Rows of cells separated by commas (RFC 4180: CRLF, quotes doubled), safe to open in a spreadsheet.
///
/// A text that a spreadsheet would run (its first character is `=`, `+`, `-`, `@`, their full-width forms, tab, CR or LF)
/// gets an apostrophe before it; a phone number in E.164 is left as it is.
struct CSVText {
  /// The encodings that a list is written in.
  enum Encoding: Sendable {
    case utf8, utf8WithMark, gb18030
  }

  private static let starters: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠",
  ]
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Data files that a program reads again keep their texts as they are.
  private let isForSpreadsheets: Bool
  private var text = ""

  init(isForSpreadsheets: Bool = true) {
    self.isForSpreadsheets = isForSpreadsheets
  }

  mutating func add(_ cells: [String]) {
    for (place, cell) in cells.enumerated() {
      if place > 0 { text += "," }
      text += Self.quoted(isForSpreadsheets ? Self.harmless(cell) : cell)
    }
    text += "\r\n"
  }

  /// - Throws: `badData` when the text has no form in the encoding.
  func bytes(_ encoding: Encoding) throws(OutreachError) -> [UInt8] {
    switch encoding {
    case .utf8: Array(text.utf8)
    case .utf8WithMark: Self.byteOrderMark + Array(text.utf8)
    case .gb18030: try GB18030.bytes(text)
    }
  }

  /// The text as no spreadsheet runs it.
  static func harmless(_ text: String) -> String {
    guard let first = text.unicodeScalars.first, starters.contains(first), !PhoneText.isE164(text) else {
      return text
    }
    return "'" + text
  }

  private static func quoted(_ text: String) -> String {
    // By scalars: CR and LF together are one character.
    guard text.unicodeScalars.contains(where: { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }) else {
      return text
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
