/// Rows on their way into one table, one after the other in one buffer.
///
/// The buffer has the form of PostgreSQL's binary COPY (a count of cells before each row, a length before each cell,
/// numbers with the most significant byte first), so that a server takes it as it is; SQLite binds cells out of it.
public struct RowBlock: Sendable {
  public let table: String
  /// The columns that rows give a value to; each row has a cell for each, in this order.
  public let columns: [String]
  /// The number of complete rows.
  public private(set) var count = 0

  private(set) var bytes: [UInt8] = []
  /// What each cell holds.
  private var kinds: [Kind] = []
  private var cellsOfRow = 0

  enum Kind: UInt8 {
    case null, integer, real, text, blob
  }

  public init(_ table: String, _ columns: [String]) {
    self.table = table
    self.columns = columns
  }

  public init(_ table: String, _ columns: [String], rows: [[SQLValue]]) {
    self.init(table, columns)
    for row in rows {
      for value in row { append(value) }
      endRow()
    }
  }

  /// Makes room, so that the buffer need not grow.
  mutating func reserve(rows: Int, bytesPerRow: Int) {
    bytes.reserveCapacity(rows * bytesPerRow)
    kinds.reserveCapacity(rows * columns.count)
  }

  public var isEmpty: Bool { count == 0 }

  // MARK: Writing

  mutating func appendNull() {
    begin(.null)
    add(UInt32.max)
  }

  mutating func append(_ number: Int64) {
    begin(.integer)
    add(eight: UInt64(bitPattern: number))
  }

  mutating func append(_ number: Int) { append(Int64(number)) }

  mutating func append(_ number: Double) {
    begin(.real)
    add(eight: number.bitPattern)
  }

  mutating func append(_ moment: Moment) { append(moment.milliseconds) }

  mutating func append(_ text: String) {
    begin(.text)
    var text = text
    text.withUTF8 { characters in
      add(UInt32(characters.count))
      bytes.append(contentsOf: characters)
    }
  }

  mutating func append(_ value: [UInt8]) {
    begin(.blob)
    add(UInt32(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func append(_ name: Pseudonym) {
    begin(.blob)
    let words = (UInt32(Pseudonym.byteCount).bigEndian, name.high.halves, name.low.halves)
    withUnsafeBytes(of: words) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ number: Int64?) { if let number { append(number) } else { appendNull() } }
  mutating func append(_ number: Double?) { if let number { append(number) } else { appendNull() } }
  mutating func append(_ text: String?) { if let text { append(text) } else { appendNull() } }

  mutating func append(_ value: SQLValue) {
    switch value {
    case .null: appendNull()
    case .integer(let number): append(number)
    case .real(let number): append(number)
    case .text(let text): append(text)
    case .blob(let value): append(value)
    }
  }

  /// Ends a row, which must have a cell for each column.
  mutating func endRow() {
    precondition(cellsOfRow == columns.count, "A row and its columns differ in number.")
    cellsOfRow = 0
    count += 1
  }

  private mutating func begin(_ kind: Kind) {
    if cellsOfRow == 0 {
      withUnsafeBytes(of: UInt16(columns.count).bigEndian) { bytes.append(contentsOf: $0) }
    }
    cellsOfRow += 1
    kinds.append(kind)
  }

  private mutating func add(_ number: UInt32) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func add(eight number: UInt64) {
    withUnsafeBytes(of: (UInt32(8).bigEndian, number.halves)) { bytes.append(contentsOf: $0) }
  }

  // MARK: Reading

  /// Gives every cell in turn, row by row; bytes are valid within the call and empty for NULL.
  ///
  /// - Parameter body: returns whether to go on.
  func forEachCell(_ body: (_ column: Int, Kind, UnsafeRawBufferPointer) -> Bool) {
    bytes.withUnsafeBytes { bytes in
      var place = 0
      var cell = 0
      while cell < count * columns.count {
        let column = cell % columns.count
        if column == 0 { place += MemoryLayout<UInt16>.size }
        let length = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        place += MemoryLayout<UInt32>.size
        let end = place + (length == .max ? 0 : Int(length))
        guard body(column, kinds[cell], UnsafeRawBufferPointer(rebasing: bytes[place..<end])) else { return }
        place = end
        cell += 1
      }
    }
  }
}

extension UInt64 {
  /// Both halves, the more significant first, each with its most significant byte first.
  fileprivate var halves: (UInt32, UInt32) {
    (UInt32(truncatingIfNeeded: self >> 32).bigEndian, UInt32(truncatingIfNeeded: self).bigEndian)
  }
}

extension RowBlock.Kind {
  /// The number that eight bytes of a buffer hold.
  static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64 {
    Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
  }
}
