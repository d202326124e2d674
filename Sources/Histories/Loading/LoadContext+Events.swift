extension LoadContext {
  /// Reads survey scores, overall ones and those of items apart.
  func loadSurveys() throws(HistoriesError) -> Surveys {
    let surveys = settled(Surveys())
    guard
      let reader = try reader(
        "surveys", ["customer_id", "date", "score", "scale_min", "scale_max", "kind", "item", "survey_id"])
    else { return surveys }
    let owners: Buffer<Int32> = column()
    let identities: Buffer<UInt64> = column()
    let itemOwners: Buffer<Int32> = column()
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let found = self.customers(rows.text(0), count: rows.count)
      let days = rows.days(1)
      let scores = rows.numbers(2)
      let lows = rows.numbers(3)
      let highs = rows.numbers(4)
      let kinds = rows.text(5)
      let items = rows.text(6)
      let ids = rows.text(7)
      let columns = (
        itemDays: surveys.items.days, itemScores: surveys.items.scores, days: surveys.days,
        scores: surveys.scores, kinds: surveys.kinds
      )
      let surveyKindWords = Vocabularies.surveyKind
      let surveyItemWords = Vocabularies.surveyItem
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        guard let customer = self.owner(found[row], "surveys", rows, row, &report) else { continue }
        guard !days[row].isNone, let score = scores[row], score.isFinite else {
          report.count("surveys", "date or score is missing", .dropped, at: rows.place(row, "score"))
          continue
        }
        let kind = surveyKindWords.code(kinds[row])
        let low = lows[row] ?? (kind == 2 ? 0 : 1)
        let high = highs[row] ?? (kind == 2 ? 10 : 5)
        guard high > low, score >= low, score <= high else {
          report.count("surveys", "score: outside its scale", .dropped, at: rows.place(row, "score"))
          continue
        }
        used += 1
        let share = Float((score - low) / (high - low))
        let item = surveyItemWords.code(items[row])
        guard item == 0 || item == Vocabulary.none else {
          itemOwners.append(customer)
          columns.itemDays.append(days[row])
          columns.itemScores.append(share)
          continue
        }
        owners.append(customer)
        identities.append(KeyText.isBlank(ids[row]) ? Surveys.noIdentity : KeyHash.hash(ids[row]))
        columns.days.append(days[row])
        columns.scores.append(share)
        columns.kinds.append(kind)
      }
      return used
    }
    let runs = EventRuns(owners: owners, days: surveys.days, ownerCount: customers.count)
    surveys.starts = runs.starts
    surveys.days = runs.moved(surveys.days)
    surveys.scores = runs.moved(surveys.scores)
    surveys.kinds = runs.moved(surveys.kinds)
    let twins = surveys.dropTwins(runs.moved(identities))
    report.count("surveys", "the same survey twice", .dropped, at: nil, times: twins)
    report.withdraw("surveys", twins)
    let items = surveys.items
    let itemRuns = EventRuns(owners: itemOwners, days: items.days, ownerCount: customers.count)
    items.starts = itemRuns.starts
    items.days = itemRuns.moved(items.days)
    items.scores = itemRuns.moved(items.scores)
    return surveys
  }

  func loadComplaints() throws(HistoriesError) -> Complaints {
    let complaints = settled(Complaints())
    guard
      let reader = try reader(
        "complaints", ["customer_id", "opened_on", "closed_on", "reopened_on", "severity", "satisfied"])
    else { return complaints }
    let owners: Buffer<Int32> = column()
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let found = self.customers(rows.text(0), count: rows.count)
      let opened = rows.days(1)
      let closed = rows.days(2)
      let reopened = rows.days(3)
      let severities = rows.wholes(4)
      let satisfied = rows.truths(5)
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        guard let customer = self.owner(found[row], "complaints", rows, row, &report) else { continue }
        guard !opened[row].isNone else {
          report.count("complaints", "opened_on is missing", .dropped, at: rows.place(row, "opened_on"))
          continue
        }
        owners.append(customer)
        complaints.openedOn.append(opened[row])
        complaints.closedOn.append(closed[row])
        complaints.reopenedOn.append(reopened[row])
        complaints.severities.append(severities[row].map { UInt8(clamping: $0) } ?? 0)
        complaints.satisfied.append(satisfied[row].map { $0 ? 1 : 0 } ?? 2)
        used += 1
      }
      return used
    }
    let runs = EventRuns(owners: owners, days: complaints.openedOn, ownerCount: customers.count)
    complaints.starts = runs.starts
    complaints.openedOn = runs.moved(complaints.openedOn)
    complaints.closedOn = runs.moved(complaints.closedOn)
    complaints.reopenedOn = runs.moved(complaints.reopenedOn)
    complaints.severities = runs.moved(complaints.severities)
    complaints.satisfied = runs.moved(complaints.satisfied)
    return complaints
  }

  func loadPackages() throws(HistoriesError) -> Packages {
    let packages = settled(Packages())
    guard let reader = try reader("packages", ["vin", "bought_on", "expires_on", "visits_total"]) else {
      return packages
    }
    let owners: Buffer<Int32> = column()
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let found = self.vehicles(rows.text(0), count: rows.count)
      let bought = rows.days(1)
      let expires = rows.days(2)
      let visits = rows.wholes(3)
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        let vehicle = found[row]
        guard vehicle >= 0, !bought[row].isNone else {
          report.count(
            "packages", "vin or bought_on: missing or unknown", .dropped, at: rows.place(row, "vin"))
          continue
        }
        owners.append(vehicle)
        packages.boughtOn.append(bought[row])
        packages.expiresOn.append(expires[row])
        packages.visits.append(visits[row] ?? -1)
        used += 1
      }
      return used
    }
    let runs = EventRuns(owners: owners, days: packages.boughtOn, ownerCount: vehicles.count)
    packages.starts = runs.starts
    packages.boughtOn = runs.moved(packages.boughtOn)
    packages.expiresOn = runs.moved(packages.expiresOn)
    packages.visits = runs.moved(packages.visits)
    return packages
  }

  /// Reads until when each adviser worked here.
  func loadAdvisers() throws(HistoriesError) {
    guard let reader = try reader("advisers", ["adviser_id", "active_to"]) else { return }
    let advisers = advisers
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let ids = rows.text(0)
      let ends = rows.days(1)
      var used = 0
      for row in 0..<rows.count {
        let code = Self.code(ids[row], in: advisers.ids)
        guard code >= 0 else {
          report.count("advisers", "adviser_id is missing", .dropped, at: rows.place(row, "adviser_id"))
          continue
        }
        advisers.activeTo.extend(to: Int(code) + 1, with: .none)
        advisers.activeTo[Int(code)] = ends[row]
        used += 1
      }
      return used
    }
  }

  /// The golden customer of a row, or `nil` with the row counted as dropped.
  func owner(
    _ customer: Int32, _ table: String, _ rows: borrowing Rows, _ row: Int,
    _ report: inout LoadReport
  ) -> Int32? {
    if customer >= 0 { return customer }
    report.count(
      table, "customer_id: missing or not among the customers", .dropped, at: rows.place(row, "customer_id"))
    return nil
  }
}

/// The order that puts events into one run per owner, sorted by day (or a finer time); events of one day keep the order
/// of the file.
struct EventRuns {
  /// Run of owner o: `starts[o] ..< starts[o + 1]`.
  let starts: Buffer<Int32>
  private let order: Buffer<Int32>

  init<Time: Comparable>(owners: Buffer<Int32>, days: Buffer<Time>, ownerCount: Int) {
    starts = Buffer(repeating: 0, count: ownerCount + 1)
    order = Buffer(repeating: 0, count: owners.count, in: owners.store)
    for owner in owners.values { starts.base[Int(owner) + 1] += 1 }
    for owner in 0..<ownerCount { starts.base[owner + 1] += starts.base[owner] }
    let next = Buffer<Int32>(repeating: 0, count: ownerCount)
    for owner in 0..<ownerCount { next.base[owner] = starts.base[owner] }
    for row in 0..<owners.count {
      let owner = Int(owners.base[row])
      // Insertion from the run's end keeps it sorted by day and stable.
      var slot = Int(next.base[owner])
      while slot > Int(starts.base[owner]), days.base[Int(order.base[slot - 1])] > days.base[row] {
        order.base[slot] = order.base[slot - 1]
        slot -= 1
      }
      order.base[slot] = Int32(row)
      next.base[owner] += 1
    }
  }

  func moved<Element>(_ column: Buffer<Element>) -> Buffer<Element> {
    column.gathered(by: order)
  }
}
