import Histories

extension RelationWorkspace {
  /// Group D, and the shares of groups F and G that count visits: what kind of visits.
  func writeMix(into row: FeatureRow) {
    var all = 0
    var paid = 0
    var warrantyOnly = 0
    var free = 0
    var accidents = 0
    var elsewhere = 0
    var booked = 0
    var promised = 0
    var missed = 0
    let home = facts.homeDealers[customer]
    for index in firstOf730..<visits.count {
      let visit = visits.base[index]
      all += 1
      if visit.isPaid { paid += 1 }
      if visit.classes == .warranty { warrantyOnly += 1 }
      if visit.classes.isSubset(of: .unpaidByCustomer), !visit.isPaid { free += 1 }
      if visit.classes == .accident { accidents += 1 }
      if visit.dealer != home { elsewhere += 1 }
      if visit.booked { booked += 1 }
      if visit.promised { promised += 1 }
      if visit.promiseMissed { missed += 1 }
    }
    row[.onlyUnpaid730] = flag(all > 0 && free == all)
    row[.onlyAccident730] = flag(all > 0 && accidents == all)
    if all > 0 {
      row[.shPaid730] = Double(paid) / Double(all)
      row[.shWarranty730] = Double(warrantyOnly) / Double(all)
      row[.apptRate730] = Double(booked) / Double(all)
      if home >= 0 { row[.otherStoreShare] = Double(elsewhere) / Double(all) }
    }
    if promised > 0 { row[.promiseMiss730] = Double(missed) / Double(promised) }
    if !visits.isEmpty, let leading = visits[visits.count - 1].classes.leadingIndex, leading < 9 {
      row[.lastClass] = Double(leading)
    }
  }
}
