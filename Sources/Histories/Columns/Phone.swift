/// Phone numbers as systems and people type them.
enum Phone {
  private static let shortest = 7
  /// ITU-T E.164.
  private static let longest = 15
  private static let mobileLength = 11

  enum Kind {
    /// China's mobile networks: 1, then 3 to 9, then nine digits.
    case mobile
    /// A fixed line, or a number of another country.
    case other
    case none
  }

  /// What kind of number the digits of a phone column are.
  static func kind(_ digits: UnsafeRawBufferPointer) -> Kind {
    guard digits.count >= shortest, digits.count <= longest else { return .none }
    guard digits.count == mobileLength, digits[0] == UInt8(ascii: "1") else { return .other }
    return digits[1] >= UInt8(ascii: "3") ? .mobile : .none
  }

  /// Appends the number's digits to a column, nothing for a missing cell or a dummy.
  ///
  /// Full-width digits, separators and China's country code are folded. Numbers that are too short, or repeat one digit
  /// after the network's prefix (such as 13800000000), are dummies.
  ///
  /// - Returns: whether the cell is no dummy.
  static func append(_ cell: UnsafeRawBufferPointer, to column: TextColumn) -> Bool {
    withDigits(cell) { digits in
      let isDummy = isDummy(digits: digits)
      column.append(isDummy ? UnsafeRawBufferPointer(start: nil, count: 0) : digits)
      return !isDummy || KeyText.isBlank(cell)
    }
  }

  /// Whether a cell holds a number that is nobody's.
  static func isDummy(_ cell: UnsafeRawBufferPointer) -> Bool {
    !KeyText.isBlank(cell) && withDigits(cell) { isDummy(digits: $0) }
  }

  @inline(__always)
  private static func withDigits<Result>(
    _ cell: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    if isPlain(cell) { return body(cell) }
    var digits = KeyText.folded(cell, upperCase: false).filter { $0.isASCII && $0.isNumber }
    for code in ["86", "0086"] where digits.count == 11 + code.count && digits.hasPrefix(code) {
      digits.removeFirst(code.count)
    }
    return digits.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }

  /// Digits only, and no country code.
  private static func isPlain(_ cell: UnsafeRawBufferPointer) -> Bool {
    if cell.count == 13 || cell.count == 15 { return false }
    for byte in cell where byte < UInt8(ascii: "0") || byte > UInt8(ascii: "9") { return false }
    return true
  }

  private static func isDummy(digits: UnsafeRawBufferPointer) -> Bool {
    guard digits.count >= shortest else { return true }
    let prefix = digits.count > 8 ? 3 : 0
    for index in (prefix + 1)..<digits.count where digits[index] != digits[prefix] { return false }
    return true
  }
}
