/// Vehicle identification numbers (ISO 3779; check digit as in GB 16735 and 49 CFR 565).
public enum VIN {
  public enum Verdict: Sendable {
    case valid, malformed, wrongCheckDigit
  }

  private static let weights: [Int] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
  /// Value of each ASCII character, −1 where it is not allowed.
  private static let values: [Int] = {
    var table = [Int](repeating: -1, count: 128)
    for digit in 0...9 { table[48 + digit] = digit }
    for (letters, start) in [("ABCDEFGH", 1), ("JKLMN", 1), ("P", 7), ("R", 9), ("STUVWXYZ", 2)] {
      for (offset, letter) in letters.utf8.enumerated() { table[Int(letter)] = start + offset }
    }
    return table
  }()

  /// Judges 17 capital letters and digits.
  public static func check(_ text: UnsafeRawBufferPointer) -> Verdict {
    guard text.count == 17 else { return .malformed }
    var sum = 0
    for (position, byte) in text.enumerated() {
      let value = byte < 128 ? values[Int(byte)] : -1
      guard value >= 0 else { return .malformed }
      sum += weights[position] * value
    }
    let expected = sum % 11 == 10 ? UInt8(ascii: "X") : UInt8(48 + sum % 11)
    return text[8] == expected ? .valid : .wrongCheckDigit
  }

  public static func check(_ text: String) -> Verdict {
    var text = text
    return text.withUTF8 { check(UnsafeRawBufferPointer($0)) }
  }

  /// Whether two texts differ by exactly one pair of neighbouring characters that changed places.
  static func isSwapped(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count, let first = a.indices.first(where: { a[$0] != b[$0] }), first + 1 < a.count,
      a[first] == b[first + 1], a[first + 1] == b[first]
    else { return false }
    return a.indices.dropFirst(first + 2).allSatisfy { a[$0] == b[$0] }
  }
}
