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

  func send(_ sql: String, _ values: [SQLValue]) throws(QueueError) {
    try send(sql, parameters(values))
  }

  private func send(_ sql: String, _ parameters: borrowing Parameters) throws(QueueError) {
    do {
      try connection.send(sql, parameters)
    } catch {
      throw failure(error)
    }
  }

  func rows(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> [[SQLValue]] {
    let result = try result(sql, values)
    let kinds = (0..<result.columns).map(result.kind(column:))
    return (0..<result.count).map { row in
      kinds.indices.map { SQLValue(text: result.text(row: row, column: $0), kind: kinds[$0]) }
    }
  }

  private func result(_ sql: String, _ values: [SQLValue]) throws(QueueError) -> Rows {
    try result(sql, parameters(values))
  }

  private func parameters(_ values: [SQLValue]) -> Parameters {
    var parameters = Parameters(capacity: values.count)
    for value in values { parameters.append(value) }
    return parameters
  }

  private func result(_ sql: String, _ parameters: borrowing Parameters) throws(QueueError) -> Rows {
    do {
      return try connection.run(sql, parameters)
    } catch {
      throw failure(error)
    }
  }

  // MARK: Many rows

  /// Fewer rows than this are inserted by statements with a parameter for each cell.
  private static let worthCopying = 256

  func append(_ rows: RowBlock, skippingKnown: Bool) throws(QueueError) -> Int {
    guard !rows.isEmpty else { return 0 }
    guard skippingKnown || rows.count < Self.worthCopying else { return try copy(rows, into: rows.table) }
    guard rows.count >= Self.worthCopying else {
      var count = 0
      try insert(rows, skippingKnown ? " ON CONFLICT DO NOTHING" : "") { sql, parameters throws(QueueError) in
        count += try result(sql, parameters).changed
      }
      return count
    }
    // COPY has no way to leave out a row: all go to a table of the transaction, and those unknown on from there.
    let list = rows.columns.joined(separator: ", ")
    let doorstep = try doorstep(of: rows.table, list)
    try copy(rows, into: doorstep)
    return try run(
      "INSERT INTO \(rows.table) (\(list)) SELECT \(list) FROM \(doorstep) ON CONFLICT DO NOTHING", [])
  }

  func append(_ rows: RowBlock) throws(QueueError) {
    guard rows.count < Self.worthCopying else {
      try copy(rows, into: rows.table)
      return
    }
    try insert(rows, "") { sql, parameters throws(QueueError) in try send(sql, parameters) }
  }

  /// Makes statements of powers of two rows, so that few are prepared.
  private func insert(
    _ rows: RowBlock, _ ending: String,
    _ body: (String, borrowing Parameters) throws(QueueError) -> Void
  ) throws(QueueError) {
    let width = rows.columns.count
    let start = "INSERT INTO \(rows.table) (\(rows.columns.joined(separator: ", "))) VALUES "
    var (left, filled) = (rows.count, 0)
    var refusal: QueueError?
    var parameters = Parameters()
    rows.forEachCell { column, kind, bytes in
      if kind == .null { parameters.appendNull() } else { parameters.append(binary: bytes) }
      if column == width - 1 { filled += 1 }
      let size = 1 << (Int.bitWidth - 1 - left.leadingZeroBitCount)
      guard filled == size else { return true }
      let places = (0..<size).map { "(\(SQLList.places(width, from: 1 + $0 * width)))" }
      do throws(QueueError) {
        try body(start + places.joined(separator: ", ") + ending, parameters)
      } catch {
        refusal = error
      }
      (left, filled) = (left - size, 0)
      parameters = Parameters()
      return refusal == nil
    }
    if let refusal { throw refusal }
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
  private func copy(_ rows: RowBlock, into table: String) throws(QueueError) -> Int {
    do {
      return try connection.copy(
        "COPY \(table) (\(rows.columns.joined(separator: ", "))) FROM STDIN (FORMAT binary)",
        binaryRows: rows.bytes)
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
