extension LoadContext {
  /// Reads who owned what from when to when.
  func loadOwnerships() throws(HistoriesError) {
    guard let reader = try reader("ownerships", ["vin", "customer_id", "from", "to", "end_reason"]) else {
      return
    }
    let firstDays = Buffer<Day>(repeating: .none, count: vehicles.count)
    let isKnown = Buffer<Bool>()
    var repeated = RepeatedOwnerships()
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let vehicles = self.vehicles(rows.text(0), count: rows.count)
      let customers = self.customers(rows.text(1), count: rows.count)
      self.relationIndex.prepare(customers: customers, vehicles: vehicles, count: rows.count)
      let starts = rows.days(2)
      let ends = rows.days(3)
      let reasons = rows.text(4)
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        let vehicle = vehicles[row]
        guard vehicle >= 0 else {
          report.count("ownerships", "vin: not among the vehicles", .dropped, at: rows.place(row, "vin"))
          continue
        }
        let customer = customers[row]
        guard customer >= 0 else {
          report.count(
            "ownerships", "customer_id: not among the customers", .dropped,
            at: rows.place(row, "customer_id"))
          continue
        }
        guard !starts[row].isNone else {
          report.count("ownerships", "from is missing", .dropped, at: rows.place(row, "from"))
          continue
        }
        guard ends[row].isNone || ends[row] >= starts[row] else {
          report.count("ownerships", "ends before it begins", .dropped, at: rows.place(row, "to"))
          continue
        }
        let relation = Int(self.relationIndex.relation(customer: customer, vehicle: vehicle))
        let relations = self.relationIndex.relations
        isKnown.extend(to: relation + 1, with: false)
        // Who owned the vehicle several times counts as one owner from the first day to the last, with pauses: a later
        // row must move neither the beginning nor an end that came before it, for it was not known then.
        if isKnown[relation] {
          repeated.add(
            Int32(relation), from: starts[row], to: ends[row],
            first: (relations.startsOn[relation], relations.endsOn[relation]))
        }
        if !isKnown[relation] || starts[row] < relations.startsOn[relation] {
          relations.startsOn[relation] = starts[row]
        }
        if !isKnown[relation] || Self.isLater(ends[row], than: relations.endsOn[relation]) {
          relations.endsOn[relation] = ends[row]
          relations.endReasons[relation] = Vocabularies.endReason.code(reasons[row])
        }
        isKnown[relation] = true
        let first = firstDays[Int(vehicle)]
        if first.isNone || starts[row] < first { firstDays[Int(vehicle)] = starts[row] }
        used += 1
      }
      return used
    }
    relationIndex.relations.pauses = repeated.pauses
    // Known from the first day of the ownership on: only earlier ownerships decide it.
    let relations = relationIndex.relations
    for relation in 0..<relations.count where !relations.startsOn[relation].isNone {
      let first = firstDays[Int(relations.vehicles[relation])]
      guard !first.isNone else { continue }
      relations.ownerSequence[relation] = relations.startsOn[relation] <= first ? 1 : 2
    }
  }

  private static func isLater(_ end: Day, than other: Day) -> Bool {
    !other.isNone && (end.isNone || end > other)
  }

  /// Reads vehicles bought from the group; of several purchases by the same customer the first counts, for the later
  /// ones were not known before.
  func loadPurchases() throws(HistoriesError) {
    guard let reader = try reader("purchases", ["customer_id", "vin", "date", "condition", "loan_ends_on"])
    else {
      return
    }
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let customers = self.customers(rows.text(0), count: rows.count)
      let vehicles = self.vehicles(rows.text(1), count: rows.count)
      self.relationIndex.prepare(customers: customers, vehicles: vehicles, count: rows.count)
      let days = rows.days(2)
      let conditions = rows.text(3)
      let loans = rows.days(4)
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        let customer = customers[row]
        guard customer >= 0 else {
          report.count(
            "purchases", "customer_id: not among the customers", .dropped,
            at: rows.place(row, "customer_id"))
          continue
        }
        let vehicle = vehicles[row]
        guard vehicle >= 0 else {
          report.count(
            "purchases", "vin: missing or not among the vehicles", .dropped, at: rows.place(row, "vin"))
          continue
        }
        guard !days[row].isNone else {
          report.count("purchases", "date is missing", .dropped, at: rows.place(row, "date"))
          continue
        }
        used += 1
        let relation = Int(self.relationIndex.relation(customer: customer, vehicle: vehicle))
        let relations = self.relationIndex.relations
        let earlier = relations.boughtOn[relation]
        guard earlier.isNone || days[row] < earlier else { continue }
        if relations.startsOn[relation].isNone || relations.startsOn[relation] == earlier {
          relations.startsOn[relation] = days[row]
        }
        relations.boughtOn[relation] = days[row]
        relations.conditions[relation] = Vocabularies.condition.code(conditions[row])
        relations.loanEndsOn[relation] = loans[row]
      }
      return used
    }
  }
}
