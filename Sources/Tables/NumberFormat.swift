import Foundation

/// How the texts of a column write their numbers.
public enum NumberFormat: String, CaseIterable, Sendable {
  /// `-1234.5`, `1e-3`, `inf`.
  case plain
  /// `1,234,567.8`: commas between groups of three digits; numbers below a thousand are plain.
  case groupedByCommas
  /// `1234,5`: a decimal comma.
  case decimalComma
  /// `1.234.567,8`: points between groups of three digits and a decimal comma.
  case groupedByPoints
  /// `12.5%`, a share in hundredths.
  case percent

  /// The number, or nil when the text is none in this format.
  func number(_ text: String) -> Double? {
    switch self {
    case .plain:
      return Self.plainNumber(text)
    case .groupedByCommas:
      return Self.grouped(text, separator: ",", point: ".")
    case .decimalComma:
      guard !text.contains("."), text.count(where: { $0 == "," }) <= 1 else { return nil }
      return Self.plainNumber(text.replacing(",", with: "."))
    case .groupedByPoints:
      return Self.grouped(text, separator: ".", point: ",")
    case .percent:
      guard text.hasSuffix("%") else { return nil }
      return Self.plainNumber(text.dropLast().trimmingCharacters(in: .whitespaces)).map { $0 / 100 }
    }
  }

  /// A decimal number, or an infinite one, which is refused later with its place.
  private static func plainNumber(_ text: String) -> Double? {
    guard let first = text.utf8.first else { return nil }
    let isPlain = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    }
    if isPlain { return first == UInt8(ascii: "e") || first == UInt8(ascii: "E") ? nil : Double(text) }
    let bare = text.lowercased().drop { $0 == "-" || $0 == "+" }
    guard bare == "inf" || bare == "infinity" else { return nil }
    return first == UInt8(ascii: "-") ? -.infinity : .infinity
  }

  private static let digitsPerGroup = 3

  private static func grouped(_ text: String, separator: Character, point: Character) -> Double? {
    let parts = text.split(separator: point, omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, !text.utf8.contains(where: { "eE".utf8.contains($0) })
    else { return nil }
    let groups = whole.drop { $0 == "-" || $0 == "+" }
      .split(separator: separator, omittingEmptySubsequences: false)
    if groups.count > 1 {
      guard (1...digitsPerGroup).contains(groups[0].count), groups[0].first != "0",
        groups.dropFirst().allSatisfy({ $0.count == digitsPerGroup })
      else { return nil }
    }
    let decimals = parts.count == 2 ? "." + parts[1] : ""
    return plainNumber(whole.filter { $0 != separator } + decimals)
  }
}
