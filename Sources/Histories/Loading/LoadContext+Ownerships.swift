extension LoadContext {
  /// Reads who owned what from when to when.
  func loadOwnerships() throws(HistoriesError) {
    guard let reader = try reader("ownerships", ["vin", "customer_id", "from", "to", "end_reason"]) else {
      return
    }
    let firstDays = Buffer<Day>(repeating: .none, count: vehicles.count)
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
        let isKnown = relations.ownerSequence[relation] != 0
        // Who owned it twice is judged by the later ownership, wherever it stands in the file.
        if !isKnown || relations.startsOn[relation] <= starts[row] {
          relations.startsOn[relation] = starts[row]
          relations.endsOn[relation] = ends[row]
          relations.endReasons[relation] = Vocabularies.endReason.code(reasons[row])
          relations.ownerSequence[relation] = 1
        }
        let first = firstDays[Int(vehicle)]
        if first.isNone || starts[row] < first { firstDays[Int(vehicle)] = starts[row] }
        used += 1
      }
      return used
    }
    // Known from the first day of the ownership on: only earlier ownerships decide it.
    let relations = relationIndex.relations
    for relation in 0..<relations.count where !relations.startsOn[relation].isNone {
      let first = firstDays[Int(relations.vehicles[relation])]
      guard !first.isNone else { continue }
      relations.ownerSequence[relation] = relations.startsOn[relation] <= first ? 1 : 2
    }
  }

  /// Reads vehicles bought from the group.
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
        let relation = Int(self.relationIndex.relation(customer: customer, vehicle: vehicle))
        let relations = self.relationIndex.relations
        if relations.startsOn[relation].isNone { relations.startsOn[relation] = days[row] }
        relations.conditions[relation] = Vocabularies.condition.code(conditions[row])
        relations.boughtHere[relation] = true
        relations.loanEndsOn[relation] = loans[row]
        used += 1
      }
      return used
    }
  }
}
