import CPostgreSQL

/// Rows in the text format of `COPY`, gathered until a block is worth sending.
public struct CopyBlock: ~Copyable {
  private var bytes: [UInt8] = []
  private var isRowBegun = false

  /// From this size on a block is worth sending, in bytes.
  public static let worthSending = 1 << 18

  init() {
    bytes.reserveCapacity(Self.worthSending + Self.worthSending / 4)
  }

  public var isEmpty: Bool { bytes.isEmpty }

  public var isFull: Bool { bytes.count >= Self.worthSending }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  public mutating func appendNull() {
    separate()
    bytes.append(UInt8(ascii: "\\"))
    bytes.append(UInt8(ascii: "N"))
  }

  public mutating func append(_ number: Int64) {
    separate()
    if number >= 0, number < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
    } else {
      bytes.append(contentsOf: String(number).utf8)
    }
  }

  public mutating func append(_ number: Double) {
    separate()
    bytes.append(contentsOf: NumberText.of(number).utf8)
  }

  /// - Complexity: O(length); characters that have a meaning in the format are written as two.
  public mutating func append(text: String) {
    separate()
    var text = text
    text.withUTF8 { characters in
      guard characters.contains(where: { $0 < UInt8(ascii: " ") || $0 == UInt8(ascii: "\\") }) else {
        return bytes.append(contentsOf: characters)
      }
      for character in characters {
        switch character {
        case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
        default: bytes.append(character)
        }
      }
    }
  }

  public mutating func append(bytes value: [UInt8]) {
    separate()
    bytes.append(contentsOf: "\\\\x".utf8)
    for byte in value {
      bytes.append(Self.digit(byte >> 4))
      bytes.append(Self.digit(byte & 15))
    }
  }

  public mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    isRowBegun = false
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private mutating func separate() {
    if isRowBegun { bytes.append(UInt8(ascii: "\t")) }
    isRowBegun = true
  }

  borrowing func send(to connection: OpaquePointer) -> Bool {
    bytes.withUnsafeBytes { bytes in
      bytes.isEmpty
        || PQputCopyData(
          connection, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count)) == 1
    }
  }
}
