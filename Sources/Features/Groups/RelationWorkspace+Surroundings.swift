import Foundation
import Histories

extension RelationWorkspace {
  /// Features 75 to 77: how far away the customer lives.
  func writePlace(_ context: GroupContext, into row: FeatureRow) {
    let store = facts.homeDealers[customer]
    row[.distKm] = distance(to: store)
    row[.moved365] = moved()
    let head = contactFacts.plateHeads[vehicle]
    if let isAway = context.plates.isAway(head: head, store: store) { row[.plateAway] = flag(isAway) }
  }

  /// Great-circle kilometres from the middle of the home's grid cell to a store.
  ///
  /// Source: the haversine formula, R. W. Sinnott (1984), with the mean radius of the IUGG.
  private func distance(to store: Int32) -> Double {
    let earthRadius = 6371.0088
    let home = contactFacts.homes[customer]
    guard home.isKnown, store >= 0 else { return .nan }
    let (latitude, longitude) = home.centre
    let degree = Double.pi / 180
    let storeLatitude = contactFacts.storeLatitudes[Int(store)]
    let storeLongitude = contactFacts.storeLongitudes[Int(store)]
    let north = sin((storeLatitude - latitude) * degree / 2)
    let east = sin((storeLongitude - longitude) * degree / 2)
    let chord = north * north + cos(latitude * degree) * cos(storeLatitude * degree) * east * east
    return 2 * earthRadius * asin(min(1, chord.squareRoot()))
  }

  /// Whether a row of the same person, entered in the last 365 days, has another place than the row before it; NaN for
  /// who was entered at most once.
  private func moved() -> Double {
    let addresses = contactFacts.addresses
    guard let starts = addresses.starts else { return .nan }
    var rows = 0
    var hasMoved = false
    for row in Int(starts[customer])..<Int(starts[customer + 1]) {
      let day = addresses.registeredOn[row]
      guard day <= asOf else { break }
      if rows > 0, day > asOf - 365, addresses.places[row] != addresses.places[row - 1] {
        hasMoved = true
      }
      rows += 1
    }
    return rows >= 2 ? flag(hasMoved) : .nan
  }

  /// Group K: how good the records are.
  func writeRecords(_ summary: ContactSummary, _ context: GroupContext, into row: FeatureRow) {
    let hasNumber = contactFacts.channels[customer].contains(.phone)
    if known.hasPhones {
      row[.phoneOk] = !hasNumber || summary.phone == .invalid ? 0 : summary.phone == .answered ? 2 : 1
    }
    let hasConflict = context.hasOdometerConflict.base[vehicle]
    row[.odoConflict] = flag(hasConflict)

    var good = 0
    var checks = 0
    func check(_ holds: Bool) {
      checks += 1
      if holds { good += 1 }
    }
    check(hasNumber && summary.phone != .invalid)
    check(!histories.customers.names.bytes(customer).isEmpty)
    check(contactFacts.homes[customer].isKnown || contactFacts.cities[customer] >= 0)
    check(facts.homeDealers[customer] >= 0)
    check(VIN.check(histories.vehicles.vins.texts.bytes(vehicle)) != .malformed)
    check(facts.models[vehicle] >= 0 && !facts.deliveredOn[vehicle].isNone)
    check(total.hasReading)
    check(!hasConflict)
    row[.dqScore] = 100 * Double(good) / Double(checks)
  }

  /// Group L: peers and season.
  func writeContext(_ context: GroupContext, into row: FeatureRow) {
    row[.peerLapse] = context.lapse.rate(
      cell: LapseCounts.cell(
        model: facts.models[vehicle], delivered: facts.deliveredOn[vehicle], on: asOf))
    row[.storeLapse] = context.lapse.rate(store: facts.homeDealers[customer])
    row[.seasonSin] = context.seasonSine
    row[.seasonCos] = context.seasonCosine
    row[.seasonFestivalDays] = context.daysToFestival
  }
}
