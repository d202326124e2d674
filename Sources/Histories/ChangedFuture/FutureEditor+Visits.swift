import DuckDB

extension FutureEditor {
  private static let lateMark = " late"
  private static let newMark = " new"
  /// Days by which orders that are entered late lie before the ones that they copy, and after the date.
  private static let lateDays = 20

  private var openedOn: String { day("opened_at", "visits") }

  /// SQL that says whether an order stood in the workshop at the date: its closing facts are of later.
  private var isInShop: String {
    let closing =
      has("visits", "closed_at") ? "coalesce(\(day("closed_at", "visits")) > \(date), false)" : "false"
    let open = has("visits", "status") ? "lower(trim(coalesce(status, ''))) = 'open'" : "false"
    return "(\(closing) OR \(open))"
  }

  private var isRecordedLate: String {
    has("visits", "recorded_at") ? "coalesce(\(day("recorded_at", "visits")) > \(date), false)" : "false"
  }

  // MARK: Orders

  mutating func changeVisits() throws(DuckDBError) {
    guard let table = CanonicalTable.named("visits") else { return }
    try ensure(table, "recorded_at")
    let later = "\(openedOn) > \(date)"
    let kept = FutureRule.keys.union(["opened_at"])
    let values = altered("visits", except: kept)
    try run("visits", .deleted, "DELETE FROM visits WHERE \(later) AND \(Self.pick(0, of: 4))")
    let moved = assignment("opened_at", shifted("opened_at", "visits", days: "\(Self.movedDays)"))
    try update("visits", .moved, [moved] + values, where: "\(later) AND \(Self.pick(1, of: 4))")
    try update("visits", .changed, values, where: "\(later) AND \(Self.pick(2, of: 4))")
    try changeInShop()
    try changeRecordedLate(values)
    try addOrders()
  }

  /// Cars in the workshop: what is written when they leave.
  private mutating func changeInShop() throws(DuckDBError) {
    // What kind of order it is, whose, and that it is there were known.
    let kept = FutureRule.keys.union(["opened_at", "recorded_at", "status", "classes", "closed_at"])
    var values = altered("visits", except: kept)
    if has("visits", "closed_at") {
      values.append(
        assignment("closed_at", shifted("closed_at", "visits", days: "\(Self.otherDays)")))
    }
    try update(
      "visits", .endings, values, where: "\(openedOn) <= \(date) AND NOT \(isRecordedLate) AND \(isInShop)")
  }

  private mutating func changeRecordedLate(_ values: [Assignment]) throws(DuckDBError) {
    try update(
      "visits", .recordedLate, values, where: "\(openedOn) <= \(date) AND \(isRecordedLate)")
    var replaced = values.filter {
      !["closed_at", "promised_at", "recorded_at", "status"].contains($0.column)
    }
    for column in ["opened_at", "closed_at", "promised_at"] where has("visits", column) {
      replaced.append(assignment(column, shifted(column, "visits", days: "-\(Self.lateDays)")))
    }
    replaced.append(
      assignment("recorded_at", "\(date)::TIMESTAMP + to_days((1 + hash(rowid) % \(Self.lateDays))::INTEGER)")
    )
    replaced.append(assignment("visit_id", "visit_id || '\(Self.lateMark)'"))
    try run(
      "visits", .recordedLate,
      """
      INSERT INTO visits BY NAME SELECT * REPLACE (\(Self.list(replaced))) FROM visits
      WHERE \(openedOn) BETWEEN DATE '1990-01-01' AND \(date) AND \(Self.pick(2, of: 4))
      """)
  }

  private mutating func addOrders() throws(DuckDBError) {
    let newDays = 300
    let days = "(date_diff('day', \(openedOn), \(date)) + 1 + hash(rowid) % \(newDays))"
    let times = ["opened_at", "closed_at", "promised_at", "recorded_at"].filter { has("visits", $0) }
    let kept = FutureRule.keys.union(times + ["status"])
    let replaced =
      altered("visits", except: kept)
      + times.map { assignment($0, shifted($0, "visits", days: days)) }
      // Some systems begin to count anew: a few later orders have the number of an earlier one.
      + [
        assignment(
          "visit_id", "CASE WHEN \(Self.pick(5, of: 11)) THEN visit_id ELSE visit_id || '\(Self.newMark)' END"
        )
      ]
    try run(
      "visits", .added,
      """
      INSERT INTO visits BY NAME SELECT * REPLACE (\(Self.list(replaced))) FROM visits
      WHERE \(openedOn) BETWEEN DATE '1990-01-01' AND \(date) AND \(Self.pick(3, of: 4))
        AND NOT ends_with(visit_id, '\(Self.lateMark)')
      """)
  }

  // MARK: Items

  /// Items are known with their order; those of orders that were not known are other ones.
  mutating func changeItems() throws(DuckDBError) {
    guard columns["visit_items"] != nil else { return }
    // Spelled as loosely as can be: an item that may belong to a known order stays.
    try connection.execute(
      """
      CREATE TEMPORARY TABLE known_visits AS SELECT DISTINCT \(Self.loose("visit_id")) AS id FROM visits
      WHERE \(openedOn) <= \(date) AND NOT \(isRecordedLate) AND NOT \(isInShop)
      """)
    let later = "\(Self.loose("visit_id")) NOT IN (SELECT id FROM known_visits WHERE id IS NOT NULL)"
    let values = altered("visit_items", except: FutureRule.keys)
    try run("visit_items", .deleted, "DELETE FROM visit_items WHERE \(later) AND \(Self.pick(0, of: 3))")
    try update("visit_items", .changed, values, where: "\(later) AND \(Self.pick(1, of: 3))")
    for mark in [Self.newMark, Self.lateMark] {
      let replaced = values + [assignment("visit_id", "visit_id || '\(mark)'")]
      try run(
        "visit_items", .added,
        """
        INSERT INTO visit_items BY NAME SELECT * REPLACE (\(Self.list(replaced))) FROM visit_items
        WHERE NOT ends_with(visit_id, '\(Self.newMark)') AND \(Self.pick(0, of: 2))
        """)
    }
  }

  // MARK: Newcomers

  /// Relations that begin after the date: a next owner, a further vehicle, a car delivered to a customer; and people who
  /// are entered once more, having moved.
  mutating func addNewcomers() throws(DuckDBError) {
    if has("customers", "registered_on") {
      let places = ["province", "city", "district", "address", "latitude", "longitude", "dealer_id"]
      let moved = places.filter { has("customers", $0) }.map { name in
        assignment(name, altered(column("customers", name), in: "customers"))
      }
      let entered = [
        assignment("customer_id", "customer_id || '\(Self.newMark)'"),
        assignment("registered_on", "CAST(\(date) + (1 + hash(rowid) % 60)::INTEGER AS DATE)"),
      ]
      try run(
        "customers", .added,
        """
        INSERT INTO customers BY NAME SELECT * REPLACE (\(Self.list(moved + entered))) FROM customers
        WHERE \(Self.pick(1, of: 3))
        """)
    }
    if has("vehicles", "delivered_on") {
      try run(
        "vehicles", .added,
        """
        INSERT INTO vehicles BY NAME SELECT * REPLACE ('NEW' || lpad(rowid::VARCHAR, 14, '0') AS vin,
          CAST(\(date) + (1 + hash(rowid) % 90)::INTEGER AS DATE) AS delivered_on)
        FROM vehicles WHERE \(Self.pick(4, of: 11))
        """)
    }
    let others = [("ownerships", "from"), ("purchases", "date")]
    for (table, dateColumn) in others where columns[table] != nil && has(table, "vin") {
      let ending = has(table, "to") ? ", NULL AS \"to\"" : ""
      try run(
        table, .added,
        """
        INSERT INTO \(table) BY NAME SELECT * EXCLUDE (neighbour, number)
          REPLACE (neighbour AS customer_id,
            CAST(\(date) + (1 + hash(number) % 60)::INTEGER AS DATE) AS \(quoted(dateColumn))\(ending))
        FROM (SELECT *, rowid AS number, lead(customer_id) OVER (ORDER BY rowid) AS neighbour FROM \(table))
        WHERE neighbour IS NOT NULL AND hash(number) % 7 = 3
        """)
    }
  }
}
