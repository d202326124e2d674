import Histories

/// Writes cells separated by commas.
struct CSVSink: RowSink, ~Copyable {
  var writer: ByteWriter
  private var isFirst = true

  init(writer: consuming ByteWriter) {
    self.writer = writer
  }

  consuming func release() -> ByteWriter { writer }

  mutating func endRow() {
    writer.byte(UInt8(ascii: "\n"))
    isFirst = true
  }

  @inline(__always)
  private mutating func separate() {
    if !isFirst { writer.byte(UInt8(ascii: ",")) }
    isFirst = false
  }

  @inline(__always)
  mutating func integer(_ value: Int?) {
    separate()
    if let value { writer.integer(value) }
  }

  @inline(__always)
  mutating func number(_ value: Double?, decimals: Int) {
    separate()
    if let value, value.isFinite { writer.fixed(value, decimals: decimals) }
  }

  @inline(__always)
  mutating func exact(_ value: Double?) {
    separate()
    if let value, value.isFinite { writer.exact(value) }
  }

  @inline(__always)
  mutating func day(_ value: Day?) {
    separate()
    if let value, !value.isNone { writer.day(value) }
  }

  @inline(__always)
  mutating func flag(_ value: Bool?) {
    separate()
    if let value { value ? writer.literal("true") : writer.literal("false") }
  }

  @inline(__always)
  mutating func text(_ value: String?) {
    separate()
    guard let value else { return }
    value.withBytes { quoted($0) }
  }

  private mutating func quoted(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let first = bytes.first else { return }
    let isFormula = Self.startsFormula(first)
    // Without a way out of the loop the compiler looks at sixteen bytes at a time.
    var specials: UInt8 = 0
    for byte in bytes { specials |= Self.isSpecial(byte) ? 1 : 0 }
    guard specials != 0 else {
      if isFormula { writer.byte(Self.apostrophe) }
      return writer.bytes(bytes)
    }
    writer.byte(Self.quote)
    if isFormula { writer.byte(Self.apostrophe) }
    for byte in bytes {
      if byte == Self.quote { writer.byte(Self.quote) }
      writer.byte(byte)
    }
    writer.byte(Self.quote)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let apostrophe = UInt8(ascii: "'")

  @inline(__always)
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
      || byte == UInt8(ascii: "\r")
  }

  @inline(__always)
  private static func startsFormula(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "\t"),
      UInt8(ascii: "\r"):
      true
    default: false
    }
  }
}
