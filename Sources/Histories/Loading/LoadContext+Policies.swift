extension LoadContext {
  /// No policy runs longer; ends beyond are mistyped or stand for "for ever".
  private static let longestPolicyDays = 5 * 366

  /// Reads insurance policies. Policies that end before they begin, run for more than five years, or begin before the
  /// vehicle can have been built are dropped.
  func loadPolicies() throws(HistoriesError) -> Policies {
    let policies = settled(Policies())
    let table = "insurance"
    guard
      let reader = try reader(
        table, ["vin", "starts_on", "ends_on", "sold_here", "premium", "commission"])
    else { return policies }
    let scale = moneyScale
    let owners: Buffer<Int32> = column()
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let found = self.vehicles(rows.text(0), count: rows.count)
      let begins = rows.days(1)
      let ends = rows.days(2)
      let soldHere = rows.truths(3)
      let premiums = rows.numbers(4)
      let commissions = rows.numbers(5)
      let columns = (
        beginsOn: policies.beginsOn, endsOn: policies.endsOn, soldHere: policies.soldHere,
        premiums: policies.premiums, commissions: policies.commissions
      )
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        let vehicle = found[row]
        guard vehicle >= 0 else {
          report.count(table, "vin: missing or not among the vehicles", .dropped, at: rows.place(row, "vin"))
          continue
        }
        guard !begins[row].isNone, !ends[row].isNone else {
          report.count(
            table, "starts_on or ends_on is missing", .dropped, at: rows.place(row, "starts_on"))
          continue
        }
        guard ends[row] >= begins[row] else {
          report.count(table, "ends before it begins", .dropped, at: rows.place(row, "ends_on"))
          continue
        }
        guard ends[row] - begins[row] <= Self.longestPolicyDays else {
          report.count(table, "runs for more than five years", .dropped, at: rows.place(row, "ends_on"))
          continue
        }
        guard !self.vehicles.isBefore(begins[row], vehicle: Int(vehicle)) else {
          report.count(
            table, "dated before the vehicle's delivery", .dropped, at: rows.place(row, "starts_on"))
          continue
        }
        owners.append(vehicle)
        columns.beginsOn.append(begins[row])
        columns.endsOn.append(ends[row])
        columns.soldHere.append(soldHere[row].map { $0 ? 1 : 0 } ?? 2)
        columns.premiums.append(
          Self.amount(premiums[row], table, "premium", scale, rows, row, &report))
        columns.commissions.append(
          Self.amount(commissions[row], table, "commission", scale, rows, row, &report))
        used += 1
      }
      return used
    }
    let runs = EventRuns(owners: owners, days: policies.beginsOn, ownerCount: vehicles.count)
    policies.starts = runs.starts
    policies.beginsOn = runs.moved(policies.beginsOn)
    policies.endsOn = runs.moved(policies.endsOn)
    policies.soldHere = runs.moved(policies.soldHere)
    policies.premiums = runs.moved(policies.premiums)
    policies.commissions = runs.moved(policies.commissions)
    return policies
  }

  /// Reads recalls. One that was done before it was opened counts as done on the day of opening.
  func loadRecalls() throws(HistoriesError) -> Recalls {
    let recalls = settled(Recalls())
    let table = "recalls"
    guard let reader = try reader(table, ["vin", "opened_on", "done_on"]) else { return recalls }
    let owners: Buffer<Int32> = column()
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let found = self.vehicles(rows.text(0), count: rows.count)
      let opened = rows.days(1)
      let done = rows.days(2)
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        guard found[row] >= 0 else {
          report.count(table, "vin: missing or not among the vehicles", .dropped, at: rows.place(row, "vin"))
          continue
        }
        guard !opened[row].isNone else {
          report.count(table, "opened_on is missing", .dropped, at: rows.place(row, "opened_on"))
          continue
        }
        var doneOn = done[row]
        if !doneOn.isNone, doneOn < opened[row] {
          report.count(
            table, "done before it was opened, taken as done on that day", .mended,
            at: rows.place(row, "done_on"))
          doneOn = opened[row]
        }
        owners.append(found[row])
        recalls.openedOn.append(opened[row])
        recalls.doneOn.append(doneOn)
        used += 1
      }
      return used
    }
    let runs = EventRuns(owners: owners, days: recalls.openedOn, ownerCount: vehicles.count)
    recalls.starts = runs.starts
    recalls.openedOn = runs.moved(recalls.openedOn)
    recalls.doneOn = runs.moved(recalls.doneOn)
    return recalls
  }

  /// An amount in minor units; negative ones and such as do not fit are counted and missing.
  static func amount(
    _ value: Double?, _ table: String, _ column: String, _ scale: Double, _ rows: borrowing Rows, _ row: Int,
    _ report: inout LoadReport
  ) -> Int32 {
    guard let value else { return Money.none }
    if value >= 0, let units = Money.minorUnits(value, scale: scale) { return units }
    report.count(table, "\(column): negative or too large", .missing, at: rows.place(row, column))
    return Money.none
  }
}

extension Vehicles {
  /// Events may be this many days older than the delivery on record (papers come late).
  private static let deliveryTolerance = 30

  /// Whether nothing can have happened to a vehicle on a day: more than 30 days before its delivery or, where that is
  /// not known, before the year that precedes its model year.
  func isBefore(_ day: Day, vehicle: Int) -> Bool {
    let delivered = deliveredOn[vehicle]
    if !delivered.isNone { return day < delivered - Self.deliveryTolerance }
    let modelYear = modelYears[vehicle]
    return modelYear > 0 && day < Day(year: Int(modelYear) - 1, month: 1, day: 1)
  }
}
