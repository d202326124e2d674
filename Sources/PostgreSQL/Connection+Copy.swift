import CPostgreSQL

extension Connection {
  /// Why rows did not arrive: the server, or whoever makes the rows.
  public enum CopyError<Source: Error>: Error {
    case server(PostgreSQLError)
    case source(Source)
  }

  /// Sends rows to a `COPY … FROM STDIN`, block by block.
  ///
  /// - Parameter fill: puts further rows into the block until it is full; one that stays empty ends.
  /// - Returns: the number of rows that the server took.
  public func copy<Source: Error>(
    _ sql: String, _ fill: (inout CopyBlock) throws(Source) -> Void
  ) throws(CopyError<Source>) -> Int {
    do {
      try begin(sql)
    } catch {
      throw .server(error)
    }
    var block = CopyBlock()
    repeat {
      block.removeAll()
      do {
        try fill(&block)
      } catch {
        // The server undoes what it took; its answer to that says nothing new.
        PQputCopyEnd(handle, "stopped by the client")
        drain()
        throw .source(error)
      }
      // A server that refused a row says so at the end, unless there is no server any more.
      guard block.send(to: handle) else { break }
    } while !block.isEmpty
    PQputCopyEnd(handle, nil)
    defer { drain() }
    do {
      return try Rows(checking: PQgetResult(handle)).changed
    } catch {
      throw .server(error)
    }
  }

  private func begin(_ sql: String) throws(PostgreSQLError) {
    let start = PQexec(handle, sql)
    precondition(PQresultStatus(start) != PGRES_COMMAND_OK, "The statement is no COPY FROM STDIN.")
    _ = try Rows(checking: start)
  }

  private func drain() {
    while let result = PQgetResult(handle) { PQclear(result) }
  }
}
