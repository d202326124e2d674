/// The records of a text of comma-separated values (RFC 4180), each with the number of the line that it begins on.
///
/// LF and CRLF end a record, cells may be quoted, a byte order mark is passed over, empty lines are left out.
struct CSVRecords {
  struct Record {
    let line: Int
    let cells: [String]
  }

  private(set) var records: [Record] = []

  private static let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
  private static let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))

  /// - Parameter name: the file's name for messages.
  /// - Throws: `badData` for a quote that nothing closes, or that closes in the middle of a cell.
  init(_ text: String, name: String) throws(OutreachError) {
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var place = 0
    var line = 1
    while place < bytes.count {
      let start = line
      var cells: [String] = []
      var isOpen = true
      while isOpen {
        cells.append(try Self.cell(bytes, &place, &line, start: start, name: name))
        isOpen = place < bytes.count && bytes[place] == Self.comma
        if isOpen { place += 1 }
      }
      if place < bytes.count, bytes[place] == Self.carriageReturn { place += 1 }
      if place < bytes.count {
        place += 1
        line += 1
      }
      if cells.contains(where: { !$0.isEmpty }) { records.append(Record(line: start, cells: cells)) }
    }
  }

  private static func cell(
    _ bytes: [UInt8], _ place: inout Int, _ line: inout Int, start: Int, name: String
  ) throws(OutreachError) -> String {
    let broken = OutreachError(
      .badData, "\(name), line \(start): a quote is not closed as it should be.",
      next: "Save the file again as CSV.")
    guard place < bytes.count, bytes[place] == quote else {
      let from = place
      while place < bytes.count, !ends(bytes, place) { place += 1 }
      return String(decoding: bytes[from..<place], as: UTF8.self)
    }
    place += 1
    var cell: [UInt8] = []
    while true {
      guard place < bytes.count else { throw broken }
      let byte = bytes[place]
      place += 1
      if byte == quote {
        guard place < bytes.count, bytes[place] == quote else { break }
        place += 1
      } else if byte == lineFeed {
        line += 1
      }
      cell.append(byte)
    }
    guard place == bytes.count || ends(bytes, place) else { throw broken }
    return String(decoding: cell, as: UTF8.self)
  }

  private static func ends(_ bytes: [UInt8], _ place: Int) -> Bool {
    let byte = bytes[place]
    return byte == comma || byte == lineFeed
      || (byte == carriageReturn && (place + 1 == bytes.count || bytes[place + 1] == lineFeed))
  }
}
