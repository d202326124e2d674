import Histories
public import Retention

extension AtRiskList {
  /// The name and version of the JSON layout.
  public static let jsonSchema = "revisit.at-risk/1"

  /// The list as one JSON object (RFC 8259, UTF-8) whose rows carry the column names of the CSV; missing values are null.
  public func json() -> [UInt8] {
    var writer = ByteWriter()
    writeJSON(to: &writer)
    return writer.take()
  }

  func writeJSON(to writer: inout ByteWriter) {
    var sink = JSONSink(writer: writer)
    sink.member("{\"schema\":", Self.jsonSchema)
    sink.member(",\"as_of\":", asOf.description)
    sink.member(",\"dealer_group\":", dealerGroup)
    sink.member(",\"model\":", model)
    sink.member(",\"currency\":", currency)
    sink.member(",\"language\":", language.rawValue)
    sink.member(",\"active_relations\":", activeRelations)
    sink.member(",\"matching_relations\":", matchingRelations)
    sink.writer.literal(",\"rows\":[")
    for index in rows.indices {
      sink.writer.literal(index == 0 ? "\n" : ",\n")
      sink.startRow()
      rows[index].emitCells(to: &sink)
      sink.writer.byte(UInt8(ascii: "}"))
      if sink.writer.hasFailed { break }
    }
    sink.writer.literal("\n]}\n")
    writer = sink.release()
  }
}

/// Writes cells as the members of one object a row.
struct JSONSink: CellSink, ~Copyable {
  var writer: ByteWriter
  private var column = 0
  /// `{"rank":` for the first column, `,"name":` for the others.
  private static let prefixes: [[UInt8]] = AtRiskColumn.allCases.enumerated().map { index, column in
    Array("\(index == 0 ? "{" : ",")\"\(column.rawValue)\":".utf8)
  }
  private let prefixes = Self.prefixes

  init(writer: consuming ByteWriter) {
    self.writer = writer
  }

  consuming func release() -> ByteWriter { writer }

  mutating func startRow() {
    column = 0
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
