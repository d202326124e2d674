extension LoadContext {
  /// Reads who owned what from when to when.
  func loadOwnerships() throws(HistoriesError) {
    guard let reader = try reader("ownerships", ["vin", "customer_id", "from", "to", "end_reason"]) else {
      return
    }
    let firstDays = Buffer<Day>(repeating: .none, count: vehicles.count)
    let isKnown = Buffer<Bool>()
    // The spans of those who owned a vehicle several times.
    var spans: [Int32: [Interruptions.Span]] = [:]
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
        let reason = Vocabularies.endReason.code(reasons[row])
        if isKnown[relation] {
          let first = Interruptions.Span(
            from: relations.startsOn[relation], to: relations.endsOn[relation],
            reason: relations.endReasons[relation])
          spans[Int32(relation), default: [first]].append(
            Interruptions.Span(from: starts[row], to: ends[row], reason: reason))
        }
        // Who owned the vehicle several times counts as one owner from the first day to the last, with interruptions: a
        // later row must not move the beginning, for it was not known before.
        if !isKnown[relation] || starts[row] < relations.startsOn[relation] {
          relations.startsOn[relation] = starts[row]
        }
        if !isKnown[relation] || Self.isLater(ends[row], than: relations.endsOn[relation]) {
          relations.endsOn[relation] = ends[row]
          relations.endReasons[relation] = reason
        }
        isKnown[relation] = true
        let first = firstDays[Int(vehicle)]
        if first.isNone || starts[row] < first { firstDays[Int(vehicle)] = starts[row] }
        used += 1
      }
      return used
    }
    relationIndex.relations.interruptions = Interruptions(between: spans)
    report.count(
      "ownerships", "sold and bought back: one relation, interrupted", .noted, at: nil,
      times: relationIndex.relations.interruptions.count)
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
}
