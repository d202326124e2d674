extension Pseudonym {
  /// Reads the 32 hexadecimal digits of `text`, in small or capital letters.
  public init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 2 * Self.byteCount, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let high = UInt64(hex.prefix(Self.byteCount), radix: 16),
      let low = UInt64(hex.dropFirst(Self.byteCount), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }
}
