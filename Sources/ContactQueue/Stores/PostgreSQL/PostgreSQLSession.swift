import PostgreSQL

/// One transaction of PostgreSQL.
final class PostgreSQLSession: SQLSession {
  private let connection: Connection
  private let place: String
  /// The tables for rows of which some may be known, by the columns that they take.
  private var doorsteps: [String: String] = [:]
  /// The whole transaction may be run again: it failed by a conflict, or the connection was lost before its end.
  private(set) var mayRepeat = false

  var dialect: SQLDialect { .postgresql }

  init(_ connection: Connection, place: String) {
    self.connection = connection
    self.place = place
  }

  func run(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> Int {
    try result(sql, values).changed
  }

  func rows(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> [[SQLValue]] {
    let result = try result(sql, values)
    let kinds = (0..<result.columns).map(result.kind(column:))
    return (0..<result.count).map { row in
      kinds.indices.map { SQLValue(text: result.text(row: row, column: $0), kind: kinds[$0]) }
    }
  }

  private func result(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> Rows {
    var parameters = Parameters(capacity: values.count)
    for value in values { parameters.append(value) }
    return try result(sql, parameters)
  }

  private func result(_ sql: String, _ parameters: borrowing Parameters) throws(QueueError) -> Rows {
    do {
      return try connection.run(sql, parameters)
    } catch {
      throw failure(error)
    }
  }

  // MARK: Many rows

  /// Fewer rows than this are inserted one by one where some may be known.
  private static let worthCopying = 64

  func append(_ rows: RowBlock, skippingKnown: Bool) throws(QueueError) -> Int {
    guard !rows.isEmpty else { return 0 }
    let list = rows.columns.joined(separator: ", ")
    guard skippingKnown else { return try copy(rows, into: rows.table, list) }
    guard rows.count >= Self.worthCopying else { return try insert(rows, list) }
    // COPY has no way to leave out a row: all go to a table of the transaction, and those unknown on from there.
    let doorstep = try doorstep(of: rows.table, list)
    try copy(rows, into: doorstep, list)
    return try run(
      "INSERT INTO \(rows.table) (\(list)) SELECT \(list) FROM \(doorstep) ON CONFLICT DO NOTHING", [])
  }

  private func insert(_ rows: RowBlock, _ list: String) throws(QueueError) -> Int {
    let width = rows.columns.count
    let sql =
      "INSERT INTO \(rows.table) (\(list)) VALUES (\(SQLList.places(width, from: 1))) ON CONFLICT DO NOTHING"
    var count = 0
    var refusal: QueueError?
    var parameters = Parameters(capacity: width)
    rows.forEachCell { column, kind, bytes in
      if kind == .null { parameters.appendNull() } else { parameters.append(binary: bytes) }
      guard column == width - 1 else { return true }
      do throws(QueueError) {
        count += try result(sql, parameters).changed
      } catch {
        refusal = error
      }
      parameters = Parameters(capacity: width)
      return refusal == nil
    }
    if let refusal { throw refusal }
    return count
  }

  /// An empty table with these columns and none of the constraints, gone with the transaction.
  private func doorstep(of table: String, _ list: String) throws(QueueError) -> String {
    let key = "\(table)(\(list))"
    do {
      if let name = doorsteps[key] {
        try connection.execute("TRUNCATE \(name)")
        return name
      }
      let name = "doorstep_\(doorsteps.count)"
      try connection.execute(
        "CREATE TEMPORARY TABLE \(name) ON COMMIT DROP AS SELECT \(list) FROM \(table) WITH NO DATA")
      doorsteps[key] = name
      return name
    } catch {
      throw failure(error)
    }
  }

  @discardableResult
  private func copy(_ rows: RowBlock, into table: String, _ list: String) throws(QueueError) -> Int {
    do {
      return try connection.copy(
        "COPY \(table) (\(list)) FROM STDIN (FORMAT binary)", binaryRows: rows.bytes)
    } catch {
      throw failure(error)
    }
  }

  // MARK: Failures

  private func failure(_ error: PostgreSQLError) -> QueueError {
    mayRepeat = error.isConflict || error.isLostConnection || !connection.isUsable
    return QueueError(postgresql: error, place: place)
  }

  /// What a failed COMMIT means: a conflict is undone by the server, a lost connection leaves it open.
  func failedCommit(_ error: PostgreSQLError) -> QueueError {
    mayRepeat = error.isConflict
    guard error.isLostConnection || !connection.isUsable else {
      return QueueError(postgresql: error, place: place)
    }
    return QueueError(
      .tryAgain, "The connection to \(place) was lost while the change was being committed.",
      next: "Nobody knows whether it was made; run the command again: what was made is not made twice.")
  }
}
