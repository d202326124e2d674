import CPostgreSQL

extension Connection {
  /// The most bytes handed to libpq at once: it keeps a copy until the server takes them.
  private static let portion = 1 << 18
  /// What begins a binary COPY: a signature, flags and the length of an extension.
  private static let head: [UInt8] =
    Array("PGCOPY\n".utf8) + [0xFF] + Array("\r\n".utf8) + [0] + [UInt8](repeating: 0, count: 8)
  /// A number of cells that no row has ends it.
  private static let end: [UInt8] = [0xFF, 0xFF]

  /// Sends rows to a `COPY … FROM STDIN (FORMAT binary)`.
  ///
  /// - Parameter binaryRows: rows in the server's format, without its head and end.
  /// - Returns: the number of rows that the server took.
  public func copy(_ sql: String, binaryRows rows: [UInt8]) throws(PostgreSQLError) -> Int {
    try receive()
    let start = PQexec(handle, sql)
    precondition(PQresultStatus(start) != PGRES_COMMAND_OK, "The statement is no COPY FROM STDIN.")
    _ = try Rows(checking: start)
    // A server that refused a row says so at the end, unless there is no server any more.
    _ = send(Self.head) && send(rows) && send(Self.end)
    PQputCopyEnd(handle, nil)
    defer { while let result = PQgetResult(handle) { PQclear(result) } }
    return try Rows(checking: PQgetResult(handle)).changed
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var place = 0
      while place < bytes.count {
        let length = min(Self.portion, bytes.count - place)
        let start = bytes.baseAddress?.advanced(by: place).assumingMemoryBound(to: CChar.self)
        guard PQputCopyData(handle, start, Int32(length)) == 1 else { return false }
        place += length
      }
      return true
    }
  }
}
