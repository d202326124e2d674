import DuckDB

/// Changes tables of a DuckDB so that everything after a date is different.
///
/// Which rows are deleted, moved, changed or copied is decided by a hash of their numbers: the same in every run.
struct FutureEditor {
  let connection: Connection
  /// The as-of date as SQL.
  let date: String
  /// The columns of each table that is there.
  private(set) var columns: [String: [CanonicalColumn]]
  private(set) var changes: [ChangedCopy.Change] = []

  /// Days by which later rows move, and by which what is said in them does.
  static let movedDays = 25
  static let otherDays = 40
  /// New rows stand within so many days after the date.
  private static let newDays = 300
  /// Longest believable span of dates: others are left alone, for arithmetic on them may fail.
  private static let believable = "DATE '1900-01-02' AND DATE '2200-01-01'"

  init(connection: Connection, asOf: Day, columns: [String: [CanonicalColumn]]) {
    self.connection = connection
    date = "DATE '\(asOf)'"
    self.columns = columns
  }

  mutating func run() throws(DuckDBError) {
    // Items first: whose visit is known is seen from the visits as they were.
    try changeItems()
    try changeVisits()
    for rule in FutureRule.all where columns[rule.table] != nil {
      try changeLater(rule)
      try changeEndings(rule)
    }
    try addNewcomers()
    changes = CanonicalTable.all.flatMap { table in changes.filter { $0.table == table.name } }
  }

  // MARK: Rows of later

  private mutating func changeLater(_ rule: FutureRule) throws(DuckDBError) {
    guard let dateColumn = rule.date, has(rule.table, dateColumn) else { return }
    let known = rule.earlierDates.filter { has(rule.table, $0) }
    let others = known.map { " AND coalesce(\(day($0, rule.table)) > \(date), true)" }.joined()
    let later = "\(day(dateColumn, rule.table)) > \(date)\(others)"
    let kept = FutureRule.keys.union([dateColumn, rule.id].compactMap { $0 })
    let values = altered(rule.table, except: kept)
    let isBound = rule.table == "ownerships" ? " AND NOT \(isPresentOwner)" : ""
    try run(
      rule.table, .deleted, "DELETE FROM \(rule.table) WHERE \(later) AND \(Self.pick(0, of: 4))\(isBound)")
    let moved = assignment(dateColumn, shifted(dateColumn, rule.table, days: "\(Self.movedDays)"))
    try update(rule.table, .moved, [moved] + values, where: "\(later) AND \(Self.pick(1, of: 4))")
    try update(rule.table, .changed, values, where: "\(later) AND \(Self.pick(2, of: 4))")
    try addLater(rule, dateColumn, values)
  }

  /// SQL that says whether an ownership is the one that its vehicle names, which carries no date: without it the owner
  /// would seem to have been there from the delivery on.
  private var isPresentOwner: String {
    guard columns["vehicles"] != nil else { return "false" }
    let (vin, owner) = (Self.loose("ownerships.vin"), Self.loose("ownerships.customer_id"))
    return "EXISTS (SELECT 1 FROM vehicles AS v WHERE \(Self.loose("v.vin")) = \(vin) "
      + "AND \(Self.loose("v.customer_id")) = \(owner))"
  }

  /// A key in small letters, half-width and without blanks.
  static func loose(_ column: String) -> String {
    let codes = (0xFF01...0xFF5E).compactMap { Unicode.Scalar($0) }
    let wide = String(String.UnicodeScalarView(codes))
    let plain = String(String.UnicodeScalarView(codes.compactMap { Unicode.Scalar($0.value - 0xFEE0) }))
    let half = "translate(\(column), \(SQLPaths.quoted(wide + "\u{3000}")), \(SQLPaths.quoted(plain + " ")))"
    return "replace(lower(\(half)), ' ', '')"
  }

  /// Copies of earlier rows, at later days.
  private mutating func addLater(
    _ rule: FutureRule, _ dateColumn: String, _ values: [Assignment]
  ) throws(DuckDBError) {
    let days =
      "(date_diff('day', \(day(dateColumn, rule.table)), \(date)) + 1 + hash(rowid) % \(Self.newDays))"
    var replaced = values.filter { !rule.earlierDates.contains($0.column) }
    for column in [dateColumn] + rule.earlierDates + rule.endings.map(\.column) where has(rule.table, column)
    {
      replaced.removeAll { $0.column == column }
      replaced.append(assignment(column, shifted(column, rule.table, days: days)))
    }
    if let id = rule.id, has(rule.table, id) { replaced.append(assignment(id, "\(quoted(id)) || ' new'")) }
    try run(
      rule.table, .added,
      """
      INSERT INTO \(rule.table) BY NAME SELECT * REPLACE (\(Self.list(replaced))) FROM \(rule.table)
      WHERE \(day(dateColumn, rule.table)) BETWEEN DATE '1990-01-01' AND \(date) AND \(Self.pick(3, of: 4))
      """)
  }

  // MARK: Endings

  /// What turns out later of rows that were known: at another day, not at all, or at last.
  private mutating func changeEndings(_ rule: FutureRule) throws(DuckDBError) {
    let born = (rule.earlierDates.isEmpty ? rule.date.map { [$0] } ?? [] : rule.earlierDates)
      .filter { has(rule.table, $0) }
    // Without the day on which it was known, a row is of later as a whole.
    guard rule.earlierDates.isEmpty || !born.isEmpty else { return }
    let isKnown = born.map { "\(day($0, rule.table)) <= \(date) AND " }.joined()
    for ending in rule.endings where has(rule.table, ending.column) {
      let end = day(ending.column, rule.table)
      let outcomes = ending.outcomes.filter { has(rule.table, $0) }
      let others = outcomes.map { name in
        assignment(name, altered(column(rule.table, name), in: rule.table))
      }
      let moved = assignment(ending.column, shifted(ending.column, rule.table, days: "\(Self.otherDays)"))
      try update(
        rule.table, .endings, [moved] + others, where: "\(isKnown)\(end) > \(date) AND \(Self.pick(0, of: 2))"
      )
      guard ending.isOptional else { continue }
      let none = [ending.column] + outcomes
      try update(
        rule.table, .endings, none.map { assignment($0, "NULL") },
        where: "\(isKnown)\(end) > \(date) AND \(Self.pick(1, of: 2))")
      let ended = assignment(ending.column, "\(date) + (1 + hash(rowid) % \(Self.newDays))::INTEGER")
      try update(
        rule.table, .endings, [ended] + others, where: "\(isKnown)\(end) IS NULL AND \(Self.pick(0, of: 3))")
    }
    if rule.table == "appointments", has(rule.table, "state"), has(rule.table, "for_date") {
      // Whether an appointment was kept turns out on its day.
      let state = assignment("state", altered(column(rule.table, "state"), in: rule.table))
      try update(
        rule.table, .endings, [state],
        where: "\(isKnown)\(day("for_date", rule.table)) > \(date)")
    }
  }

  // MARK: Statements

  /// A column and the SQL of its new value.
  struct Assignment {
    let column: String
    let value: String
  }

  func assignment(_ column: String, _ value: String) -> Assignment {
    Assignment(column: column, value: value)
  }

  static func list(_ assignments: [Assignment]) -> String {
    assignments.map { "\($0.value) AS \(ColumnCast.quoted($0.column))" }.joined(separator: ", ")
  }

  /// Chooses one in so many rows.
  static func pick(_ part: Int, of parts: Int) -> String { "hash(rowid) % \(parts) = \(part)" }

  mutating func update(
    _ table: String, _ kind: ChangedCopy.Change.Kind, _ assignments: [Assignment], where condition: String
  ) throws(DuckDBError) {
    guard !assignments.isEmpty else { return }
    let list = assignments.map { "\(quoted($0.column)) = \($0.value)" }.joined(separator: ", ")
    try run(table, kind, "UPDATE \(table) SET \(list) WHERE \(condition)")
  }

  /// Runs a statement and notes how many rows it met.
  mutating func run(_ table: String, _ kind: ChangedCopy.Change.Kind, _ sql: String) throws(DuckDBError) {
    var rows = 0
    let result = try connection.query(sql)
    while let chunk = try result.nextChunk() {
      for row in 0..<chunk.rowCount { rows += Int(chunk.column(0).values(as: Int64.self)[row]) }
    }
    guard rows > 0 else { return }
    if let index = changes.firstIndex(where: { $0.table == table && $0.kind == kind }) {
      rows += changes[index].rows
      changes[index] = ChangedCopy.Change(table: table, kind: kind, rows: rows)
    } else {
      changes.append(ChangedCopy.Change(table: table, kind: kind, rows: rows))
    }
  }

  // MARK: Columns

  func has(_ table: String, _ column: String) -> Bool {
    columns[table]?.contains { $0.name == column } ?? false
  }

  func column(_ table: String, _ name: String) -> CanonicalColumn {
    guard let column = columns[table]?.first(where: { $0.name == name }) else {
      preconditionFailure("\(table) has no column \(name)")
    }
    return column
  }

  /// Gives a table a column of missing values, which means the same as none.
  mutating func ensure(_ table: CanonicalTable, _ name: String) throws(DuckDBError) {
    guard !has(table.name, name), let column = table.column(name) else { return }
    try connection.execute("ALTER TABLE \(table.name) ADD COLUMN \(quoted(name)) \(column.type.sqlType)")
    columns[table.name, default: []].append(column)
  }

  func quoted(_ column: String) -> String { ColumnCast.quoted(column) }

  /// The day of a column.
  func day(_ name: String, _ table: String) -> String {
    column(table, name).type == .time ? "CAST(\(quoted(name)) AS DATE)" : quoted(name)
  }

  /// The day or time of a column, so many days later; dates that are none stay.
  func shifted(_ name: String, _ table: String, days: String) -> String {
    let own = quoted(name)
    let later = "\(own) + to_days((\(days))::INTEGER)"
    let value = column(table, name).type == .day ? "CAST(\(later) AS DATE)" : later
    return "CASE WHEN \(day(name, table)) BETWEEN \(Self.believable) THEN \(value) ELSE \(own) END"
  }

  /// Other values for all columns of a table but some.
  func altered(_ table: String, except kept: Set<String>) -> [Assignment] {
    (columns[table] ?? []).filter { !kept.contains($0.name) }.map { column in
      assignment(column.name, altered(column, in: table))
    }
  }

  /// SQL of another value for a column: an extreme that occurs in it, or beyond, so that it still is readable.
  func altered(_ column: CanonicalColumn, in table: String) -> String {
    let own = quoted(column.name)
    let flip = "hash(rowid, 'flip') % 2 = 0"
    let least = "(SELECT min(\(own)) FROM \(table))"
    let greatest = "(SELECT max(\(own)) FROM \(table))"
    switch column.type {
    case .truth: return "NOT coalesce(\(own), false)"
    case .text: return "CASE WHEN \(flip) THEN \(least) ELSE \(greatest) END"
    case .number: return "CASE WHEN \(flip) THEN \(least) ELSE coalesce(\(greatest), 0) + 7 END"
    case .whole:
      let more = "TRY_CAST(coalesce(\(greatest), 0)::BIGINT + 7 AS INTEGER)"
      return "CASE WHEN \(flip) THEN \(least) ELSE \(more) END"
    case .day, .time: return shifted(column.name, table, days: "\(Self.otherDays)")
    }
  }
}
