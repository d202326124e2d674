import Features
import Foundation
import Histories

extension PlainOracle {
  private func flag(_ holds: Bool) -> Double { holds ? 1 : 0 }
  private func isIn(_ day: Day, _ days: Int) -> Bool { day <= asOf && asOf - day < days }

  /// Groups J and what else comes of contacts, bookings, answers and consents.
  func contact(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let said = raw.contact.contacts.filter { $0.customer == key.customer && $0.day <= asOf }.stablySorted()
    row[.ct90] = Double(said.count { $0.purpose == "marketing" && isIn($0.day, 90) })
    let spoke: Set<String> = ["reached", "refused", "promised", "booked"]
    let inVain: Set<String> = ["no_answer", "invalid", "failed"]
    let year = said.filter { isIn($0.day, 365) }.compactMap(\.outcome)
    let tried = year.filter { spoke.union(inVain).contains($0) }
    if !tried.isEmpty { row[.ctReach365] = Double(tried.count { spoke.contains($0) }) / Double(tried.count) }
    let outcomes = said.compactMap(\.outcome).filter { spoke.union(inVain).contains($0) }
    row[.ctUnansStreak] = Double(outcomes.reversed().prefix { inVain.contains($0) }.count)

    let about = said.filter { $0.vin.map { $0 == key.vin } ?? true && isIn($0.day, 365) }
    let invited = about.filter { $0.purpose != "survey" && asOf - $0.day >= 45 }
    if !invited.isEmpty {
      let followed = invited.count { contact in
        due.visits.contains { $0.isQualified && (1...45).contains($0.day - contact.day) }
      }
      row[.respRate365] = Double(followed + 1) / Double(invited.count + 2)
    }
    row[.promiseBroken] = 0
    if let promise = about.last(where: { ["promised", "booked"].contains($0.outcome) }) {
      let end = max(promise.day, promise.promised ?? promise.day) + 30
      let hasCome = due.visits.contains { $0.day >= promise.day && $0.day <= end }
      row[.promiseBroken] = flag(end < asOf && !hasCome)
    }
    bookings(key, &row)
    answers(key, said, &row)
    consents(key, said, &row)
    row[.inShop] = flag(
      (ordersOf[key] ?? []).contains {
        $0.opened <= asOf && $0.known <= asOf && ($0.closed.map { $0 > asOf } ?? true)
      })
  }

  private func bookings(_ key: Key, _ row: inout [Feature: Double]) {
    let known = raw.contact.bookings.filter {
      $0.customer == key.customer && ($0.vin ?? key.vin) == key.vin && $0.booked <= asOf
    }
    row[.apptOpen] = flag(known.contains { $0.wanted > asOf })
    row[.noshow365] = Double(known.count { $0.state == "no_show" && isIn($0.wanted, 365) })
  }

  private func answers(_ key: Key, _ said: [RawContact.Contact], _ row: inout [Feature: Double]) {
    row[.csiMinItem] = raw.contact.items
      .filter { $0.customer == key.customer && isIn($0.day, 730) }.map(\.share).min()
    let days = Set(raw.surveys.filter { $0.customer == key.customer && $0.day <= asOf }.map(\.day))
    let answers = days.count { isIn($0, 730) }
    let asked = said.filter { $0.purpose == "survey" && isIn($0.day, 730) && asOf - $0.day >= 30 }
    let inVain = asked.count { contact in !days.contains { (0...30).contains($0 - contact.day) } }
    if answers + inVain > 0 { row[.svyRate] = Double(answers + 1) / Double(answers + inVain + 2) }
  }

  private static let channels = ["phone", "sms", "wechat", "email", "post", "app"]

  /// What was last said about a channel and purpose; `nil` when nothing was.
  private func isGranted(
    _ statements: [RawContact.Statement], _ channel: String, _ purpose: String
  ) -> Bool? {
    let purposes = ["marketing", "profiling", "service", "care"]
    let said = statements.filter { statement in
      let names = Self.channels + ["all"]
      let isUnderstood = names.contains(statement.channel) && purposes.contains(statement.purpose)
      if !isUnderstood, statement.granted { return false }
      let isPurpose = statement.purpose == purpose || !purposes.contains(statement.purpose)
      let isChannel =
        [channel, "all"].contains(statement.channel) || !names.contains(statement.channel)
        || !purposes.contains(statement.purpose)
      return isPurpose && isChannel
    }
    guard let last = said.map(\.at).max() else { return nil }
    return said.filter { $0.at == last }.allSatisfy(\.granted)
  }

  private func consents(_ key: Key, _ said: [RawContact.Contact], _ row: inout [Feature: Double]) {
    let contactPurposes = ["marketing", "service", "care"]
    let statements = raw.contact.statements.filter {
      $0.customer == key.customer && Day($0.at.prefix(10))! <= asOf
    }
    row[.optoutAny] = flag(
      contactPurposes.contains { purpose in
        Self.channels.contains { isGranted(statements, $0, purpose) == false }
      })
    let person = raw.contact.people.first { $0.id == key.customer }!
    let phone = phoneState(key, said)
    let digits = Array(person.phone ?? "")
    let valid: [String: Bool] = [
      "phone": phone > 0, "sms": phone > 0 && digits.count == 11 && digits[0] == "1",
      "wechat": person.wechat != nil || person.preferred == "wechat",
      "email": person.email?.contains("@") == true,
      "post": person.address?.contains { !$0.isWhitespace } == true, "app": person.preferred == "app",
    ]
    row[.reachableCh] = Double(
      Self.channels.count { channel in
        valid[channel]! && ["marketing", "service"].contains { isGranted(statements, channel, $0) == true }
      })
    row[.phoneOk] = Double(phone)
  }

  /// 0 no number, 1 a valid one, 2 one that was answered.
  func phoneState(_ key: Key, _ said: [RawContact.Contact]) -> Int {
    let digits = Array(raw.contact.people.first { $0.id == key.customer }!.phone ?? "")
    guard digits.count >= 7, !(digits.count == 11 && digits[0] == "1" && digits[1] < "3") else { return 0 }
    let telling = said.last { contact in
      let isSpoken = ["reached", "refused", "promised", "booked"].contains(contact.outcome)
      return (contact.channel == "phone" && isSpoken)
        || (["phone", "sms"].contains(contact.channel) && contact.outcome == "invalid")
    }
    return telling.map { $0.outcome == "invalid" ? 0 : 2 } ?? 1
  }

  // MARK: Place, records, peers, season

  func surroundings(_ key: Key, _ due: Due, _ row: inout [Feature: Double]) {
    let person = raw.contact.people.first { $0.id == key.customer }!
    let home = raw.homes[key.customer]
    let place = cell(person)
    if let place, let store = home.flatMap({ raw.contact.stores[$0] }) {
      row[.distKm] = kilometres(place, (store.latitude, store.longitude))
    }
    row[.moved365] = moved(key)
    let heads = raw.contact.plateHeads
    if let head = heads[key.vin], let home {
      let local = raw.ownerships.filter { $0.isCurrent(asOf) && raw.homes[$0.customer] == home }
        .compactMap { heads[$0.vin] }
      if local.count >= 20 {
        row[.plateAway] = flag(Double(local.count { $0 == head }) / Double(local.count) < 0.1)
      }
    }
    let said = raw.contact.contacts.filter { $0.customer == key.customer && $0.day <= asOf }.stablySorted()
    let isContradictory = raw.orders.contains {
      $0.vin == key.vin && $0.isContradictory && max($0.opened, $0.known) <= asOf
        && ($0.closed.map { $0 <= asOf } ?? false)
    }
    row[.odoConflict] = flag(isContradictory)
    let checks = [
      phoneState(key, said) > 0, person.name != nil, place != nil || person.city != nil, home != nil,
      key.vin.count == 17, raw.vehicles[key.vin] != nil, due.visits.contains { $0.odometer != nil },
      !isContradictory,
    ]
    row[.dqScore] = Double(checks.count { $0 }) * 12.5
    row[.seasonSin] = sin(Double(asOf.civil.month) * Double.pi / 6)
    row[.seasonCos] = cos(Double(asOf.civil.month) * Double.pi / 6)
    let festivals = ["2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06"].map { Day($0)! }
    row[.seasonFestivalDays] = festivals.first { $0 >= asOf }.map { Double($0 - asOf) }
    let vehicle = raw.vehicles[key.vin]!
    row[.peerLapse] = lapse {
      raw.vehicles[$0.vin]!.model == vehicle.model
        && band(raw.vehicles[$0.vin]!.delivered, asOf - 365) == band(vehicle.delivered, asOf)
    }
    row[.storeLapse] = lapse { raw.homes[$0.customer] == home }
  }

  private func cell(_ person: RawContact.Person) -> (Double, Double)? {
    guard let latitude = person.latitude, let longitude = person.longitude, abs(longitude) <= 180 else {
      return nil
    }
    return (floor(latitude * 100) / 100 + 0.005, floor(longitude * 100) / 100 + 0.005)
  }

  /// By the angle between the two unit vectors.
  private func kilometres(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
    func vector(_ place: (Double, Double)) -> [Double] {
      let (north, east) = (place.0 * .pi / 180, place.1 * .pi / 180)
      return [cos(north) * cos(east), cos(north) * sin(east), sin(north)]
    }
    let apart = zip(vector(a), vector(b)).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
    return 6371.0088 * 2 * asin(apart / 2)
  }

  private func moved(_ key: Key) -> Double? {
    let rows = raw.contact.rows(of: key.customer).enumerated()
      .filter {
        ($0.element.city ?? $0.element.district) != nil && $0.element.registered.map { $0 <= asOf } ?? false
      }
      .sorted { ($0.element.registered!, $0.offset) < ($1.element.registered!, $1.offset) }.map(\.element)
    guard rows.count >= 2 else { return nil }
    return flag(
      zip(rows, rows.dropFirst()).contains { before, after in
        isIn(after.registered!, 365) && (before.city != after.city || before.district != after.district)
      })
  }

  private func band(_ delivered: Day, _ day: Day) -> Int {
    [2.0, 4, 6, 10].count { Double(day - delivered) / 365.25 >= $0 }
  }

  /// The share of peers who had come in the year before last and not since.
  private func lapse(_ isPeer: (Key) -> Bool) -> Double {
    let overall = Double(cohort.values.count { $0 }) / Double(cohort.count)
    let peers = cohort.filter { isPeer($0.key) }
    return (Double(peers.values.count { $0 }) + 20 * overall) / (Double(peers.count) + 20)
  }

  func lapseCohort() -> [Key: Bool] {
    ordersOf.filter { key, orders in
      ownershipOf[key]!.to.map { $0 > asOf } ?? true && orders.contains { isQualified($0, 365..<730) }
    }
    .mapValues { orders in !orders.contains { isQualified($0, 0..<365) } }
  }

  private func isQualified(_ order: RawData.Order, _ ages: Range<Int>) -> Bool {
    guard ages.contains(asOf - order.opened), order.known <= asOf,
      order.closed.map({ $0 <= asOf }) ?? false
    else { return false }
    return order.classes.contains("first_service") || order.classes.contains("maintenance")
      || (order.classes.contains("repair") && (order.paid.map { $0 > 0 } ?? true))
  }
}

extension [RawContact.Contact] {
  /// By day; rows of one day keep the order of the file.
  func stablySorted() -> [RawContact.Contact] {
    enumerated().sorted { ($0.element.day.number, $0.offset) < ($1.element.day.number, $1.offset) }
      .map(\.element)
  }
}
