import Features
import Foundation
import Histories

/// Work, insurance, inspection and potential once more, from the rows.
extension PlainOracle {
  private var data: WorkData { raw.work }

  func work(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let vehicle = raw.vehicles[key.vin]!
    if let last = due.visits.last(where: \.isQualified), last.paid > 0 {
      row[.ticketVsPeer] = log(last.paid / usualTicket(last, model: vehicle.model))
    }
    row[.rework365] = Double(comebacks(due.visits))
    items(due, &row)
    row[.recallOpen] =
      (data.recalls[key.vin] ?? []).contains { recall in
        recall.opened <= asOf && (recall.done.map { max($0, recall.opened) > asOf } ?? true)
      } ? 1 : 0
    if let price = data.prices[key.vin] {
      row[.priceBand] = Double(peers.priceBand(price, home: raw.homes[key.customer]))
    }
    insurance(key, &row)
    row[.inspDays] = Double(inspection(vehicle) - asOf)
    potential(key, due, &row)
  }

  // MARK: Tickets and comebacks

  private func usualTicket(_ visit: PlainVisit, model: String) -> Double {
    let jobClass = PlainPeers.jobClass(visit)
    let ofClass = peers.visits.filter { $0.isQualified && $0.paid > 0 && $0.jobClass == jobClass }
    let ofModel = ofClass.filter { $0.model == model }
    let ofStore = ofModel.filter { $0.dealer == visit.dealer }
    let shown = ofStore.count >= 20 ? ofStore : ofModel.count >= 20 ? ofModel : ofClass
    return median(shown.map(\.paid))
  }

  private func items(_ visit: PlainVisit) -> [WorkData.Item] {
    visit.orders.flatMap { data.items[$0.id] ?? [] }
  }

  private func comebacks(_ visits: [PlainVisit]) -> Int {
    visits.enumerated().count { index, visit in
      guard asOf - visit.day < 365 else { return false }
      if visit.classes.contains("rework") { return true }
      guard visit.classes.contains("repair") else { return false }
      return visits[..<index].contains { before in
        guard visit.day - before.lastDay <= 30 else { return false }
        if let a = before.odometer, let b = visit.odometer, b - a > 1000 { return false }
        if items(visit).isEmpty || items(before).isEmpty { return before.classes.contains("repair") }
        let common = done(items(visit)).intersection(done(items(before)))
        return !common.subtracting(["other"]).isEmpty
      }
    }
  }

  private func done(_ items: [WorkData.Item]) -> Set<String> {
    Set(items.filter { !$0.isDeclined }.map(\.category))
  }

  // MARK: Items

  private func items(_ due: Due, _ row: inout [Feature: Double]) {
    func orders(_ days: Int) -> [(day: Day, items: [WorkData.Item])] {
      due.visits.flatMap(\.orders).filter { asOf - $0.opened < days }
        .map { ($0.opened, data.items[$0.id] ?? []) }
    }
    func isKnown(_ orders: [(day: Day, items: [WorkData.Item])]) -> Bool {
      orders.isEmpty || orders.contains { !$0.items.isEmpty }
    }
    let year = orders(365)
    if isKnown(year) { row[.declinedN365] = Double(year.flatMap(\.items).count { $0.isDeclined }) }
    let years = orders(730)
    guard isKnown(years) else { return }
    let bought = done(years.flatMap(\.items))
    row[.jobBreadth730] = Double(bought.count)
    row[.tyreBrakeBattHere] = Double(
      bought.intersection(["tyre", "brake", "battery", "wiper", "filter"]).count)
    var open: [WorkData.Item] = []
    for category in Set(years.flatMap(\.items).map(\.category)) {
      func declines(_ order: (day: Day, items: [WorkData.Item])) -> [WorkData.Item] {
        order.items.filter { $0.isDeclined && $0.category == category }
      }
      guard let latest = years.filter({ !declines($0).isEmpty }).map(\.day).max() else { continue }
      if years.contains(where: { $0.day > latest && done($0.items).contains(category) }) { continue }
      open += years.filter { $0.day == latest }.flatMap(declines)
    }
    let amounts = open.compactMap(\.amount)
    if open.isEmpty || !amounts.isEmpty { row[.declinedValueOpen] = amounts.reduce(0, +) / 100 }
  }

  // MARK: Insurance and inspection

  private func begun(_ key: Key) -> [WorkData.Policy] {
    (data.policies[key.vin] ?? []).filter { $0.begins <= asOf }
  }

  private func insurance(_ key: Key, _ row: inout [Feature: Double]) {
    let begun = begun(key)
    if let end = begun.map(\.ends).max() { row[.insDays] = Double(end - asOf) }
    let inForce = begun.filter { $0.ends >= asOf }
    let isHere = inForce.contains { $0.isSoldHere == true }
    guard isHere || !inForce.contains(where: { $0.isSoldHere == nil }) else { return }
    row[.insHere] = isHere ? 1 : 0
    let wasHere = begun.contains { $0.isSoldHere == true && asOf - $0.ends <= 365 }
    row[.insLost] = wasHere && !isHere ? 1 : 0
  }

  /// Goes forward month by month to the next one in which the rule asks for an inspection.
  private func inspection(_ vehicle: RawData.Vehicle) -> Day {
    let (year, month, _) = vehicle.delivered.civil
    var age = 0
    while true {
      let next = (year * 12 + month - 1) + age + 1
      let lastDay = Day(year: next / 12, month: next % 12 + 1, day: 1) - 1
      let isDue =
        vehicle.use == "private"
        ? age == 72 || age == 120 || (age > 120 && age % 12 == 0)
        : age > 0 && (age <= 60 ? age % 12 == 0 : age % 6 == 0)
      if isDue, lastDay >= asOf { return lastDay }
      age += 1
    }
  }

  // MARK: Potential

  private func potential(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let begin = raw.ownerships.first { $0.customer == key.customer && $0.vin == key.vin }!.from
    let orders = due.visits.flatMap(\.orders).filter { asOf - $0.opened < 1095 }
    let margins = orders.compactMap { data.margins[$0.id] }
    if orders.isEmpty || !margins.isEmpty {
      let years = min(Double(asOf - begin), 1095) / 365.25
      row[.marginYear] = margins.reduce(0, +) / 100 / max(years, 0.5)
    }
    if let share = row[.walletShare] {
      row[.potentialYear] = max(0, 1 - share) * 365.25 / due.regular * upkeep(key) / 100
    }
    let begun = begun(key)
    if let last = begun.map(\.ends).max() {
      let premium = begun.sorted { $0.begins < $1.begins }.last { $0.ends == last }!.premium
      if last - asOf > 90 {
        row[.insPotential] = 0
      } else if let premium {
        row[.insPotential] = premium * peers.commissionRate / 100
      }
    }
    row[.tradePotential] =
      peers.replacementRate(ageDays: asOf - raw.vehicles[key.vin]!.delivered)
      * peers.unitMargin(home: raw.homes[key.customer]) / 100
    let referred = data.sales.filter {
      $0.referrer == key.customer && $0.day <= asOf && asOf - $0.day < 730 && $0.customer != key.customer
    }
    row[.referralN] = Double(Set(referred.map(\.customer)).count)
  }

  private func upkeep(_ key: Key) -> Double {
    let vehicle = raw.vehicles[key.vin]!
    let all = peers.visits.filter { $0.isScheduled && $0.paid + $0.package > 0 }
    let ofModel = all.filter { $0.model == vehicle.model }
    let ofAge = ofModel.filter { $0.band == PlainPeers.band(asOf, vehicle) }
    let shown = ofAge.count >= 20 ? ofAge : ofModel.count >= 20 ? ofModel : all
    return median(shown.map { $0.paid + $0.package })
  }
}
