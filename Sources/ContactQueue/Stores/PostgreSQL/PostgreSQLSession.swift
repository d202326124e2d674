import PostgreSQL

/// One transaction of PostgreSQL.
final class PostgreSQLSession: SQLSession {
  private let connection: Connection
  private let place: String
  private var isAppending = false
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
    precondition(!isAppending, "The source of appended rows uses the session that appends them.")
    var parameters = Parameters(capacity: values.count)
    for value in values { parameters.append(value) }
    do {
      return try connection.run(sql, parameters)
    } catch {
      throw failure(error)
    }
  }

  // MARK: Many rows

  /// Fewer rows than this are inserted one by one where some may be known.
  private static let worthCopying = 64

  func append(
    to table: String, columns: [String], skippingKnown: Bool, _ next: () throws(QueueError) -> [SQLValue]?
  ) throws(QueueError) -> Int {
    let list = columns.joined(separator: ", ")
    guard skippingKnown else { return try copy(into: table, list, first: [], next) }
    var first: [[SQLValue]] = []
    while first.count < Self.worthCopying, let row = try next() { first.append(row) }
    guard first.count == Self.worthCopying else { return try insert(first, into: table, columns) }
    // COPY has no way to leave out a row: all go to a table of the transaction, and those unknown on from there.
    let doorstep = try doorstep(of: table, list)
    try copy(into: doorstep, list, first: first, next)
    return try run(
      "INSERT INTO \(table) (\(list)) SELECT \(list) FROM \(doorstep) ON CONFLICT DO NOTHING", [])
  }

  private func insert(_ rows: [[SQLValue]], into table: String, _ columns: [String]) throws(QueueError) -> Int
  {
    let marks = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let sql =
      "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks)) ON CONFLICT DO NOTHING"
    var count = 0
    for row in rows { count += try run(sql, row) }
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
  private func copy(
    into table: String, _ list: String, first: [[SQLValue]], _ next: () throws(QueueError) -> [SQLValue]?
  ) throws(QueueError) -> Int {
    isAppending = true
    defer { isAppending = false }
    var waiting = first[...]
    do {
      return try connection.copy("COPY \(table) (\(list)) FROM STDIN") { (block) throws(QueueError) in
        while !block.isFull {
          let row: [SQLValue]
          if let known = waiting.popFirst() {
            row = known
          } else if let further = try next() {
            row = further
          } else {
            return
          }
          for value in row { block.append(value) }
          block.endRow()
        }
      }
    } catch {
      switch error {
      case .source(let error): throw error
      case .server(let error): throw failure(error)
      }
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
