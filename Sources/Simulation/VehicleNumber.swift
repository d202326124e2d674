/// A vehicle identification number: 17 ASCII characters, the ninth of them the check digit (ISO 3779, GB 16735).
struct VehicleNumber: Sendable, Hashable {
  static let length = 17
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  private var last: UInt8 = 0

  init(_ characters: [UInt8]) {
    precondition(characters.count == Self.length)
    withUnsafeMutableBytes { bytes in bytes.copyBytes(from: characters) }
  }

  /// Calls `body` with the 17 characters.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(of: self) { body(UnsafeRawBufferPointer(rebasing: $0[..<Self.length])) }
  }

  private mutating func withUnsafeMutableBytes(_ body: (UnsafeMutableRawBufferPointer) -> Void) {
    Swift.withUnsafeMutableBytes(of: &self) {
      body(UnsafeMutableRawBufferPointer(rebasing: $0[..<Self.length]))
    }
  }

  /// The number with two neighbouring characters exchanged, as a tired hand types it.
  func swapped(at position: Int) -> VehicleNumber {
    var copy = self
    copy.withUnsafeMutableBytes { bytes in bytes.swapAt(position, position + 1) }
    return copy
  }

  var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}

extension VehicleNumber {
  private static let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
  /// The digit each letter A to Z stands for; I, O and Q do not occur.
  private static let letterValues = [
    1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9,
  ]
  private static let yearCodes = Array("ABCDEFGHJKLMNPRSTVWXY123456789".utf8)
  private static let letters = Array("ABCDEFGHJKLMNPRSTUVWXYZ".utf8)
  private static let plainDigits = Array("0123456789".utf8)

  /// The check digit that belongs at position 9.
  static func checkDigit(_ characters: [UInt8]) -> UInt8 {
    var sum = 0
    for (character, weight) in zip(characters, weights) {
      let isDigit = character < UInt8(ascii: "A")
      sum +=
        weight
        * (isDigit
          ? Int(character) - Int(UInt8(ascii: "0")) : letterValues[Int(character) - Int(UInt8(ascii: "A"))])
    }
    return sum % 11 == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(sum % 11)
  }

  /// The number of the `serial`-th vehicle built: unique below 10⁶ · 23 · 23.
  ///
  /// - Parameter model: the place of the model in the catalogue, which the descriptor section spells.
  init(serial: Int, model: Int, modelYear: Int) {
    let batch = serial / 1_000_000
    var characters = Array("LZ8".utf8)  // L: made in China; the maker is invented
    characters += [
      Self.letters[model % 23], Self.letters[(model * 7 + 3) % 23], UInt8(ascii: "4"), UInt8(ascii: "2"),
      Self.letters[batch / 23 % 23], UInt8(ascii: "0"), Self.yearCodes[(modelYear - 2010 + 30) % 30],
      Self.letters[batch % 23],
    ]
    var rest = serial % 1_000_000
    var digits = [UInt8](repeating: 0, count: 6)
    for place in stride(from: 5, through: 0, by: -1) {
      digits[place] = Self.plainDigits[rest % 10]
      rest /= 10
    }
    characters += digits
    characters[8] = Self.checkDigit(characters)
    self.init(characters)
  }
}
