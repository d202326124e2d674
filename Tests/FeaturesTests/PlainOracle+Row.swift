import Features
import Foundation
import Histories

extension PlainOracle {
  /// Every feature of one relation; what is not in it is missing.
  func row(_ key: Key) -> [Feature: Double] {
    let due = due(key)
    var row: [Feature: Double] = [:]
    recency(key, due, &row)
    frequency(key, due, &row)
    money(key, due, &row)
    mix(key, due, &row)
    vehicle(key, due, &row)
    service(due, &row)
    satisfaction(key, &row)
    complaints(key, due, &row)
    work(key, due, &row)
    contact(key, due, &row)
    surroundings(key, due, &row)
    row[.nVehicles] = Double(
      raw.ownerships.count { $0.customer == key.customer && $0.isCurrent(asOf) })
    return row
  }

  private func start(_ key: Key) -> Day {
    raw.ownerships.first { $0.customer == key.customer && $0.vin == key.vin }!.from
  }
  private func since(_ day: Day) -> Double { Double(asOf - day) }
  private func flag(_ holds: Bool) -> Double { holds ? 1 : 0 }
  private func recent(_ visits: [PlainVisit], _ days: Int) -> [PlainVisit] {
    visits.filter { asOf - $0.day < days }
  }

  private func gaps(_ visits: [PlainVisit]) -> [Double] {
    let days = visits.filter(\.isQualified).map(\.day)
    return zip(days, days.dropFirst()).map { Double($1 - $0) }.suffix(5)
  }

  private func recency(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let begin = start(key)
    let lastQ = due.visits.last(where: \.isQualified)
    let recQ = since(lastQ?.day ?? begin)
    row[.recQDays] = recQ
    row[.recPaidDays] = since(due.visits.last(where: \.isPaid)?.day ?? begin)
    row[.recAnyDays] = since(due.visits.last?.day ?? begin)
    row[.neverServiced] = flag(!due.visits.contains { $0.isQualified && $0.lastDay >= begin })
    row[.daysOverTime] = since(due.base) - (due.months * 30.436875).rounded(.down)
    row[.daysOverDue] = since(due.on)
    row[.overdueRatio] = since(due.base) / due.interval
    row[.missedCycles] = (max(0, since(due.on)) / due.interval).rounded(.down)
    if let odometer = odometer(due) {
      row[.odoHat] = odometer
      let base = due.isFirst ? 0 : due.visits.last(where: \.isScheduled)?.odometer
      if let base { row[.kmOver] = odometer - (base + due.km) }
    }
    let gaps = gaps(due.visits)
    let k = Double(gaps.count)
    let own = gaps.isEmpty ? due.interval : (k * median(gaps) + 2 * due.interval) / (k + 2)
    row[.recOverOwnGap] = recQ / own
    let weight = gaps.count >= 2 ? k : 0
    let wide = (weight * (gaps.count >= 2 ? spread(gaps) : 0) + 2 * 0.25 * due.interval) / (weight + 2)
    row[.recZ] = (recQ - own) / max(wide, 7)
    let schedule = raw.schedules[raw.vehicles[key.vin]!.powertrain]!
    row[.firstServiceLate] = flag(due.isFirst && since(begin) > schedule.firstMonths * 30.436875 + 30)
  }

  private func odometer(_ due: Due) -> Double? {
    due.visits.last { $0.odometer != nil }.map { $0.odometer! + due.perDay * since($0.day) }
  }

  private func frequency(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let begin = start(key)
    let year = recent(due.visits, 365)
    let years = recent(due.visits, 730)
    let yearQ = year.count { $0.isQualified }
    let yearsQ = years.count { $0.isQualified }
    row[.nQ365] = Double(yearQ)
    row[.nQ730] = Double(yearsQ)
    row[.nQTrend] = Double(yearQ - (yearsQ - yearQ))
    row[.nPaid365] = Double(year.count { $0.isPaid })
    row[.nMaint365] = Double(year.count { $0.classes.contains("maintenance") })
    row[.visitsPerYear] =
      Double(due.visits.count { $0.isQualified && $0.lastDay >= begin }) / max(0.5, since(begin) / 365.25)
    row[.tenureDays] = since(min(begin, due.visits.first?.day ?? begin))
    let window = min(730, since(begin))
    if window >= 90 {
      row[.walletShare] = min(1.5, Double(years.count { $0.isScheduled }) / (window / due.regular))
    }
    let gaps = gaps(due.visits)
    if !gaps.isEmpty { row[.gapMedian] = median(gaps) }
    if gaps.count >= 3, median(gaps) > 0 { row[.gapCv] = spread(gaps) / median(gaps) }
    if gaps.count >= 2, median(gaps.dropLast()) > 0 {
      row[.gapLastRatio] = gaps.last! / median(gaps.dropLast())
    }
    let scheduled = due.visits.filter(\.isScheduled)
    var judged: [Bool] = []
    if let first = scheduled.first, beganNew(key) {
      judged.append((-30.0...45).contains(Double(first.day - begin) - due.firstInterval))
    }
    var skipped: [Double] = []
    let km = raw.schedules[raw.vehicles[key.vin]!.powertrain]!.km
    for (before, after) in zip(scheduled, scheduled.dropFirst()) {
      judged.append((-30.0...45).contains(Double(after.day - before.day) - due.regular))
      if let a = before.odometer, let b = after.odometer, b >= a {
        skipped.append(max(0, ((b - a) / km).rounded() - 1))
      }
    }
    let lastSix = judged.suffix(6)
    if !lastSix.isEmpty { row[.ontimeRate] = Double(lastSix.count { $0 }) / Double(lastSix.count) }
    if !skipped.isEmpty { row[.skippedKmCycles] = skipped.reduce(0, +) }
  }

  private func money(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let years = recent(due.visits, 730)
    let cp365 = recent(due.visits, 365).map(\.paid).reduce(0, +) / 100
    let cp730 = years.map(\.paid).reduce(0, +) / 100
    if years.isEmpty || years.contains(where: \.knowsPayment) {
      row[.cp365] = cp365
      row[.cp730] = cp730
      let k = ticketMedian(due.visits.last?.dealer ?? raw.homes[key.customer])
      row[.cpTrend] = log((cp365 + k) / (cp730 - cp365 + k))
      if years.contains(where: \.isPaid) { row[.cpAvg730] = cp730 / Double(years.count { $0.isPaid }) }
    }
    let discount = years.map(\.discount).reduce(0, +) / 100
    if cp730 + discount > 0 { row[.discountRate730] = discount / (cp730 + discount) }
    let owed = due.visits.compactMap(\.unpaid)
    if !owed.isEmpty { row[.arrears] = flag(owed.reduce(0, +) > 0) }
    if let last = due.visits.last(where: \.isQualified), last.knowsPayment {
      row[.ticketLast] = last.paid / 100
      let own = due.visits.filter { $0.isQualified && $0.paid > 0 }.map(\.paid)
      row[.billShock] = own.count >= 2 && last.paid > 0 ? log(last.paid / median(own)) : 0
    }
    if let last = due.visits.last, let estimate = last.estimate, estimate > 0, last.knowsPayment {
      row[.estimateOverrun] = min(max((last.paid - estimate) / estimate, -1), 2)
    }
    let valid = raw.packages.filter {
      $0.vin == key.vin && $0.bought <= asOf && ($0.expires.map { $0 > asOf } ?? true)
    }
    row[.pkgDaysLeft] = valid.compactMap { $0.expires.map { Double($0 - asOf) } }.max() ?? 0
    row[.pkgVisitsLeft] = valid.map { package in
      max(0, package.visits - Double(due.visits.count { $0.package > 0 && $0.day >= package.bought }))
    }.reduce(0, +)
  }

  private func mix(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let years = recent(due.visits, 730)
    let free: Set<String> = ["warranty", "recall", "first_service"]
    row[.onlyUnpaid730] = flag(
      !years.isEmpty && years.allSatisfy { $0.classes.isSubset(of: free) && !$0.isPaid })
    row[.onlyAccident730] = flag(!years.isEmpty && years.allSatisfy { $0.classes == ["accident"] })
    func share(_ holds: (PlainVisit) -> Bool, of all: [PlainVisit]) -> Double? {
      all.isEmpty ? nil : Double(all.count { holds($0) }) / Double(all.count)
    }
    row[.shPaid730] = share({ $0.isPaid }, of: years)
    row[.shWarranty730] = share({ $0.classes == ["warranty"] }, of: years)
    row[.apptRate730] = share({ $0.orders.contains(where: \.booked) }, of: years)
    row[.otherStoreShare] = share({ $0.dealer != raw.homes[key.customer] }, of: years)
    row[.promiseMiss730] = share(
      { $0.orders.contains(where: \.isPromiseMissed) },
      of: years.filter { $0.orders.contains(where: \.isPromised) })
    if let last = due.visits.last {
      row[.lastClass] = Double(Self.leading.firstIndex(of: last.leadingClass!)!)
    }
  }

  private func vehicle(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let vehicle = raw.vehicles[key.vin]!
    let age = since(vehicle.delivered) / 30.436875
    row[.ageMonths] = age
    row[.kmDay] = due.perDay
    let now = PlainVisit.rate(due.visits, after: asOf - 365, through: asOf).perDay
    let before = PlainVisit.rate(due.visits, after: Day(-100_000), through: asOf - 365).perDay
    if now > 0, before > 0 { row[.kmDayChange] = log(now / before) }
    row[.powertrain] = Double(["ICE", "HEV", "PHEV", "BEV"].firstIndex(of: vehicle.powertrain)!)
    row[.useType] = Double(
      ["private", "commercial", "ride_hailing", "taxi"].firstIndex(of: vehicle.use)!)
    row[.ownerType] = Double(
      ["person", "company", "government", "rental"].firstIndex(of: raw.ownerTypes[key.customer]!)!)
    if let ends = vehicle.warrantyEnds {
      let left = Double(ends - asOf)
      var effective = left
      if let km = vehicle.warrantyKm, let odometer = odometer(due) {
        effective = min(left, (km - odometer) / due.perDay)
      }
      row[.wtyDaysLeft] = left
      row[.wtyEffDaysLeft] = effective
      row[.wtyPhase] = effective > 180 ? 0 : effective >= 0 ? 1 : effective >= -180 ? 2 : 3
    }
    row[.wtyExt] = 0
    row[.ownerSeq] = isLater(key) ? 2 : 1
    if isLater(key) { row[.ownChangeDays] = since(start(key)) }
    let bought = raw.purchases.first {
      $0.customer == key.customer && $0.vin == key.vin && $0.day <= asOf
    }
    row[.boughtHere] = flag(bought != nil)
    if let bought {
      row[.newUsed] = Double(["new", "certified_used", "used"].firstIndex(of: bought.condition)!)
    }
    var loanEndsSoon = false
    if let ends = bought?.loanEnds {
      let left = Double(ends - asOf) / 30.436875
      row[.loanMonthsLeft] = max(0, left)
      loanEndsSoon = (0...6).contains(left)
    }
    row[.replWindow] = flag((36...72).contains(age) || loanEndsSoon)
  }

  private func service(_ due: Due, _ row: inout [Feature: Double]) {
    guard let last = due.visits.last else { return }
    if let hours = last.hours, usualHours(last.leadingClass!) > 0 {
      row[.tatLastRatio] = hours / usualHours(last.leadingClass!)
    }
    let advisers = due.visits.compactMap(\.adviser)
    guard let latest = advisers.last else { return }
    row[.saDistinct4] = Double(Set(advisers.suffix(4)).count) / 4
    func visits(_ adviser: String) -> Int { advisers.count { $0 == adviser } }
    let most = advisers.map(visits).max()!
    let usual = advisers.last { visits($0) == most }!
    row[.saChangedLast] = flag(latest != usual)
    row[.saLeft] = flag(raw.advisersUntil[usual].map { $0 < asOf } ?? false)
  }

  private func satisfaction(_ key: Key, _ row: inout [Feature: Double]) {
    let all = raw.surveys.filter { $0.customer == key.customer && $0.day <= asOf }
    let scores = all.filter { $0.kind != "nps" }.stablySorted()
    if let last = scores.last {
      row[.csiLast] = last.share
      let earlier = scores.dropLast().map(\.share)
      if !earlier.isEmpty { row[.csiTrend] = last.share - earlier.reduce(0, +) / Double(earlier.count) }
    }
    let recent = scores.filter { asOf - $0.day < 730 }.map(\.share)
    if !recent.isEmpty {
      let store = satisfactionMean(raw.homes[key.customer])
      row[.csiMean730] = (recent.reduce(0, +) + 2 * store) / (Double(recent.count) + 2)
    }
    let promoter = all.filter { $0.kind == "nps" }.stablySorted().last.map { ($0.share * 10).rounded() }
    row[.npsClass] = promoter.map { $0 >= 9 ? 0 : $0 >= 7 ? 1 : 2 } ?? 3
  }

  private func complaints(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let all = raw.complaints.filter { $0.customer == key.customer && $0.opened <= asOf }
    func happened(_ day: Day?, within days: Int = .max) -> Bool {
      day.map { $0 <= asOf && asOf - $0 < days } ?? false
    }
    let open = all.filter {
      !happened($0.closed) || (happened($0.reopened) && $0.reopened! > $0.closed!)
    }
    let year = all.filter { asOf - $0.opened < 365 }
    row[.cmp365] = Double(year.count)
    row[.cmpOpen] = Double(open.count)
    row[.cmpOpenDays] = open.map { since($0.opened) }.max() ?? 0
    row[.cmpSev] = year.map(\.severity).max() ?? 0
    row[.cmpReopen] = Double(
      all.count {
        happened($0.reopened, within: 730) || (happened($0.closed, within: 730) && $0.satisfied == false)
      })
    let lastVisit = due.visits.last?.lastDay ?? start(key)
    row[.cmpAfterLast] = flag(all.contains { $0.opened > lastVisit })
  }
}

extension [RawData.Survey] {
  /// By day; rows of one day keep the order of the file.
  func stablySorted() -> [RawData.Survey] {
    enumerated().sorted { ($0.element.day.number, $0.offset) < ($1.element.day.number, $1.offset) }
      .map(\.element)
  }
}
