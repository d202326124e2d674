import GRDBSQLite

/// A prepared statement that is bound, stepped and read without going through an object for each value.
struct SQLiteCursor {
  private let statement: OpaquePointer

  init(_ statement: OpaquePointer) {
    self.statement = statement
  }

  /// Tells SQLite to copy what is bound.
  nonisolated(unsafe) private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  func step() -> Int32 { sqlite3_step(statement) }

  @discardableResult
  func reset() -> Int32 { sqlite3_reset(statement) }

  /// Ends the statement and lets go of what was bound.
  func forget() {
    sqlite3_reset(statement)
    sqlite3_clear_bindings(statement)
  }

  /// Binds all values; their number must be that of the parameters.
  ///
  /// - Returns: SQLite's code of the first that did not succeed.
  func bind(_ values: [SQLValue]) -> Int32 {
    precondition(
      sqlite3_bind_parameter_count(statement) == values.count,
      "A statement's parameters and values differ in number.")
    for (place, value) in values.enumerated() {
      let code = bind(value, at: Int32(place) + 1)
      guard code == SQLITE_OK else { return code }
    }
    return SQLITE_OK
  }

  private func bind(_ value: SQLValue, at place: Int32) -> Int32 {
    switch value {
    case .null: return sqlite3_bind_null(statement, place)
    case .integer(let number): return sqlite3_bind_int64(statement, place, number)
    case .real(let number): return sqlite3_bind_double(statement, place, number)
    case .text(var text):
      return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          // An empty text may have no address, which would be bound as NULL.
          guard let start = characters.baseAddress else {
            return sqlite3_bind_text(statement, place, "", 0, Self.copied)
          }
          return sqlite3_bind_text(statement, place, start, Int32(characters.count), Self.copied)
        }
      }
    case .blob(let bytes):
      return bytes.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
          return sqlite3_bind_zeroblob(statement, place, 0)
        }
        return sqlite3_bind_blob(statement, place, start, Int32(bytes.count), Self.copied)
      }
    }
  }

  /// Binds a cell of a block, which must stay where it is until the statement has forgotten it.
  func bind(_ kind: RowBlock.Kind, _ bytes: UnsafeRawBufferPointer, at place: Int32) -> Int32 {
    switch kind {
    case .null: return sqlite3_bind_null(statement, place)
    case .integer: return sqlite3_bind_int64(statement, place, RowBlock.Kind.integer(bytes))
    case .real:
      return sqlite3_bind_double(
        statement, place, Double(bitPattern: UInt64(bitPattern: RowBlock.Kind.integer(bytes))))
    case .text:
      let characters = bytes.assumingMemoryBound(to: CChar.self)
      return sqlite3_bind_text(statement, place, characters.baseAddress, Int32(bytes.count), nil)
    case .blob:
      guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, place, 0) }
      return sqlite3_bind_blob(statement, place, bytes.baseAddress, Int32(bytes.count), nil)
    }
  }

  /// The row that the last step came to.
  func row() -> [SQLValue] {
    (0..<sqlite3_column_count(statement)).map(value(at:))
  }

  private func value(at column: Int32) -> SQLValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, column))
    case SQLITE_FLOAT: .real(sqlite3_column_double(statement, column))
    case SQLITE_TEXT:
      .text(String(decoding: bytes(at: column, sqlite3_column_text(statement, column)), as: UTF8.self))
    case SQLITE_BLOB: .blob(Array(bytes(at: column, sqlite3_column_blob(statement, column))))
    default: .null
    }
  }

  private func bytes(at column: Int32, _ start: UnsafeRawPointer?) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }
}
