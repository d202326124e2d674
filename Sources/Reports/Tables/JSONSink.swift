import Histories

/// Writes cells as the members of one object a row.
struct JSONSink: RowSink, ~Copyable {
  var writer: ByteWriter
  private var column = 0
  private var isFirstRow: Bool
  /// `{"rank":` for the first column, `,"name":` for the others.
  private let prefixes: [[UInt8]]

  init(writer: consuming ByteWriter, columns: [String], isFirstRow: Bool = true) {
    self.writer = writer
    self.isFirstRow = isFirstRow
    prefixes = columns.enumerated().map { index, column in
      Array("\(index == 0 ? "{" : ",")\"\(column)\":".utf8)
    }
  }

  consuming func release() -> ByteWriter { writer }

  mutating func endRow() {
    writer.byte(UInt8(ascii: "}"))
    column = 0
    isFirstRow = false
  }

  mutating func member(_ prefix: StaticString, _ value: String?) {
    writer.literal(prefix)
    value.map { string($0) } ?? writer.literal("null")
  }

  mutating func member(_ prefix: StaticString, _ value: Int) {
    writer.literal(prefix)
    writer.integer(value)
  }

  @inline(__always)
  private mutating func key() {
    if column == 0 { isFirstRow ? writer.literal("\n") : writer.literal(",\n") }
    prefixes[column].withUnsafeBufferPointer { writer.bytes($0) }
    column += 1
  }

  @inline(__always)
  mutating func integer(_ value: Int?) {
    key()
    if let value { writer.integer(value) } else { writer.literal("null") }
  }

  @inline(__always)
  mutating func number(_ value: Double?, decimals: Int) {
    key()
    if let value, value.isFinite {
      writer.fixed(value, decimals: decimals)
    } else {
      writer.literal("null")
    }
  }

  @inline(__always)
  mutating func exact(_ value: Double?) {
    key()
    if let value, value.isFinite { writer.exact(value) } else { writer.literal("null") }
  }

  @inline(__always)
  mutating func day(_ value: Day?) {
    key()
    guard let value, !value.isNone else { return writer.literal("null") }
    writer.byte(UInt8(ascii: "\""))
    writer.day(value)
    writer.byte(UInt8(ascii: "\""))
  }

  @inline(__always)
  mutating func flag(_ value: Bool?) {
    key()
    guard let value else { return writer.literal("null") }
    value ? writer.literal("true") : writer.literal("false")
  }

  @inline(__always)
  mutating func text(_ value: String?) {
    key()
    guard let value else { return writer.literal("null") }
    string(value)
  }

  /// A string with its quotation marks; control characters, `"` and `\` escaped.
  private mutating func string(_ value: String) {
    writer.byte(UInt8(ascii: "\""))
    value.withBytes { bytes in
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "\""): writer.literal("\\\"")
        case UInt8(ascii: "\\"): writer.literal("\\\\")
        case UInt8(ascii: "\n"): writer.literal("\\n")
        case 0..<0x20:
          writer.literal("\\u00")
          writer.byte(Self.hexadecimal(byte >> 4))
          writer.byte(Self.hexadecimal(byte & 15))
        default: writer.byte(byte)
        }
      }
    }
    writer.byte(UInt8(ascii: "\""))
  }

  private static func hexadecimal(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}
