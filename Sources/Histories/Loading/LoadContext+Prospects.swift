extension LoadContext {
  /// Reads the people who asked about a vehicle and counts what is wrong with them.
  ///
  /// No feature reads them, and nothing of them is kept: for the report alone. A table that is not there is not missed.
  ///
  /// - Parameter dataEnd: inquiries much later are counted.
  /// - Complexity: O(rows · log rows) time, 20 bytes a row while it runs.
  func checkProspects(dataEnd: Day) throws(HistoriesError) {
    let table = "prospects"
    let columns = [
      "prospect_id", "created_at", "customer_id", "bought_on", "test_drive_on", "verified_at", "intent",
      "budget", "phone", "intends_within_months", "current_age_years",
    ]
    guard
      let reader = try TableReader(table, columns: columns, folder: folder, connection: connection)
    else { return }
    // By row over all files; 0 for rows that are dropped.
    let ids = Buffer<UInt64>()
    let days = Buffer<Day>()
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let found = self.customers(rows.text(2), count: rows.count)
      let prospect = ProspectCells(rows)
      var used = 0
      for row in 0..<rows.count {
        let id = KeyText.withFolded(prospect.ids[row], upperCase: false) { $0.isEmpty ? 0 : $1 }
        var day = Day.none
        if !rows.isLost(row) { day = prospect.check(rows, row, id, customer: found[row], &report) }
        ids.append(day.isNone ? 0 : id)
        guard !day.isNone else { continue }
        days.append(day)
        used += 1
      }
      return used
    }
    countTwins(reader, ids)
    noteLateEvents(after: dataEnd, [(table, days)])
  }

  /// Counts the rows whose id stands on an earlier one, too.
  private func countTwins(_ reader: TableReader, _ ids: Buffer<UInt64>) {
    let sorted = ids.values.sorted()
    var twins: [UInt64: Int] = [:]
    for (id, next) in zip(sorted, sorted.dropFirst()) where id != 0 && id == next { twins[id] = 0 }
    guard !twins.isEmpty else { return }
    for row in 0..<ids.count {
      guard let seen = twins[ids[row]] else { continue }
      twins[ids[row]] = seen + 1
      guard seen > 0 else { continue }
      report.count(
        reader.table.name, "prospect_id stands twice", .dropped,
        at: reader.place(globalRow: row, column: "prospect_id"))
      report.withdraw(reader.table.name, 1)
    }
  }
}

/// The cells of one chunk of prospects.
private struct ProspectCells {
  private static let table = "prospects"

  let ids: TextCells
  private let created: TimeCells
  private let customers: TextCells
  private let bought: DayCells
  private let driven: DayCells
  private let verified: TimeCells
  private let intents: TextCells
  private let budgets: Cells<Double>
  private let phones: TextCells
  private let months: Cells<Int32>
  private let ages: Cells<Double>

  init(_ rows: borrowing Rows) {
    ids = rows.text(0)
    created = rows.times(1)
    customers = rows.text(2)
    bought = rows.days(3)
    driven = rows.days(4)
    verified = rows.times(5)
    intents = rows.text(6)
    budgets = rows.numbers(7)
    phones = rows.text(8)
    months = rows.wholes(9)
    ages = rows.numbers(10)
  }

  /// Counts what is wrong with a row.
  ///
  /// - Returns: the day of the inquiry, none when the row cannot be used.
  func check(
    _ rows: borrowing Rows, _ row: Int, _ id: UInt64, customer: Int32, _ report: inout LoadReport
  ) -> Day {
    guard id != 0 else {
      report.count(Self.table, "prospect_id is missing", .dropped, at: rows.place(row, "prospect_id"))
      return .none
    }
    guard let time = created[row] else {
      report.count(Self.table, "created_at is missing", .dropped, at: rows.place(row, "created_at"))
      return .none
    }
    for (column, reason) in doubts(row, customer: customer, created: time) {
      report.count(Self.table, "\(column): \(reason)", .missing, at: rows.place(row, column))
    }
    if !bought[row].isNone, KeyText.isBlank(customers[row]) {
      report.count(
        Self.table, "bought, but customer_id is missing", .noted, at: rows.place(row, "customer_id"))
    }
    return Day(microseconds: time)
  }

  /// Columns whose cells say what cannot be.
  private func doubts(_ row: Int, customer: Int32, created time: Int64) -> [(column: String, reason: String)]
  {
    var doubts: [(column: String, reason: String)] = []
    let day = Day(microseconds: time)
    if customer < 0, !KeyText.isBlank(customers[row]) {
      doubts.append(("customer_id", "not among the customers"))
    }
    if !bought[row].isNone, bought[row] < day { doubts.append(("bought_on", "before created_at")) }
    if !driven[row].isNone, driven[row] < day { doubts.append(("test_drive_on", "before created_at")) }
    if let call = verified[row], call < time { doubts.append(("verified_at", "before created_at")) }
    if !KeyText.isBlank(intents[row]), Vocabularies.prospectIntent.code(intents[row]) == Vocabulary.none {
      doubts.append(("intent", "unknown"))
    }
    if let budget = budgets[row], budget < 0 { doubts.append(("budget", "negative")) }
    if let count = months[row], count < 0 { doubts.append(("intends_within_months", "negative")) }
    if let age = ages[row], age < 0 { doubts.append(("current_age_years", "negative")) }
    if Phone.isDummy(phones[row]) { doubts.append(("phone", "a dummy")) }
    return doubts
  }
}
