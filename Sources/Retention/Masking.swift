/// Personal data made unrecognisable to a stranger, yet still telling to those who know the customer.
public enum Masking {
  private static let star: Character = "*"

  /// A phone number with its middle hidden: `138****1234`; short numbers are hidden whole.
  ///
  /// Blanks, dashes and a leading +86 are dropped, full-width digits are folded.
  public static func phone(_ text: String) -> String {
    var digits = text.compactMap { $0.isASCII || $0.isNumber ? $0.wholeNumberValue : nil }
    if digits.count == mobileLength + 2, digits.starts(with: [8, 6]) { digits.removeFirst(2) }
    let (head, tail) =
      digits.count >= mobileLength ? (3, 4) : digits.count >= landlineLength ? (2, 2) : (0, 0)
    return digits.prefix(head).map(String.init).joined()
      + String(repeating: star, count: digits.count - head - tail)
      + digits.suffix(tail).map(String.init).joined()
  }

  private static let mobileLength = 11
  private static let landlineLength = 7

  /// A name by its first character: `张**`, `J***`. The number of stars says nothing about its length.
  public static func name(_ text: String) -> String {
    guard let first = text.first(where: { !$0.isWhitespace }) else { return "" }
    let isWide = isEastAsian(first)
    return String(first) + String(repeating: star, count: isWide ? 2 : 3)
  }

  /// A plate by its region and last three characters: `粤B·**123`; other plates by their last three.
  public static func plate(_ text: String) -> String {
    let characters = text.filter { !$0.isWhitespace && $0 != "·" && $0 != "-" }
    guard characters.count > plateTail + 1 else {
      return String(repeating: star, count: characters.count)
    }
    guard let first = characters.first, isEastAsian(first), characters.count > plateTail + 2 else {
      return String(repeating: star, count: characters.count - plateTail) + characters.suffix(plateTail)
    }
    return characters.prefix(2) + "·" + String(repeating: star, count: characters.count - 2 - plateTail)
      + characters.suffix(plateTail)
  }

  private static let plateTail = 3

  /// From the CJK radicals on, scripts write names without spaces and in few characters.
  private static func isEastAsian(_ character: Character) -> Bool {
    let firstRadical: UInt32 = 0x2E80
    return character.unicodeScalars.first.map { $0.value >= firstRadical } == true
  }
}
