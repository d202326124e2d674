import Foundation
import Histories

extension RelationWorkspace {
  /// Features 75 to 77: how far away the customer lives.
  func writePlace(_ context: GroupContext, into row: FeatureRow) {
    let store = histories.customers.dealers.base[customer]
    row[.distKm] = distance(to: store)
    row[.moved365] = moved()
    let head = histories.vehicles.plateHeads.base[vehicle]
    if let isAway = context.plates.isAway(head: head, store: store) { row[.plateAway] = flag(isAway) }
  }

  /// Great-circle kilometres from the middle of the home's grid cell to a store.
  ///
  /// Source: the haversine formula, R. W. Sinnott (1984), with the mean radius of the IUGG.
  private func distance(to store: Int32) -> Double {
    let earthRadius = 6371.0088
    let home = histories.customers.homes.base[customer]
    guard home.isKnown, store >= 0 else { return .nan }
    let (latitude, longitude) = home.centre
    let degree = Double.pi / 180
    let storeLatitude = histories.stores.latitudes.base[Int(store)]
    let storeLongitude = histories.stores.longitudes.base[Int(store)]
    let north = sin((storeLatitude - latitude) * degree / 2)
    let east = sin((storeLongitude - longitude) * degree / 2)
    let chord = north * north + cos(latitude * degree) * cos(storeLatitude * degree) * east * east
    return 2 * earthRadius * asin(min(1, chord.squareRoot()))
  }

  /// Whether a row of the same person, entered in the last 365 days, has another place than the row before it; NaN for
  /// who was entered at most once.
  private func moved() -> Double {
    let addresses = histories.customers.addresses
    guard addresses.starts.count > 0 else { return .nan }
    var rows = 0
    var hasMoved = false
    for row in Int(addresses.starts.base[customer])..<Int(addresses.starts.base[customer + 1]) {
      let day = addresses.registeredOn.base[row]
      guard day <= asOf else { break }
      if rows > 0, day > asOf - 365, addresses.places.base[row] != addresses.places.base[row - 1] {
        hasMoved = true
      }
      rows += 1
    }
    return rows >= 2 ? flag(hasMoved) : .nan
  }

  /// Group K: how good the records are.
  func writeRecords(_ summary: ContactSummary, _ context: GroupContext, into row: FeatureRow) {
    let hasNumber = histories.customers.channels.base[customer].contains(.phone)
    if known.hasPhones {
      row[.phoneOk] = !hasNumber || summary.phone == .invalid ? 0 : summary.phone == .answered ? 2 : 1
    }
    let hasConflict = context.hasOdometerConflict.base[vehicle]
    row[.odoConflict] = flag(hasConflict)

    let customers = histories.customers
    let vehicles = histories.vehicles
    var good = 0
    var checks = 0
    func check(_ holds: Bool) {
      checks += 1
      if holds { good += 1 }
    }
    check(hasNumber && summary.phone != .invalid)
    check(!customers.names.bytes(customer).isEmpty)
    check(customers.homes.base[customer].isKnown || customers.cities.base[customer] >= 0)
    check(customers.dealers.base[customer] >= 0)
    check(VIN.check(vehicles.vins.texts.bytes(vehicle)) != .malformed)
    check(vehicles.models.base[vehicle] >= 0 && !vehicles.deliveredOn.base[vehicle].isNone)
    check(hasReading)
    check(!hasConflict)
    row[.dqScore] = 100 * Double(good) / Double(checks)
  }

  private var hasReading: Bool {
    for index in 0..<visits.count where visits.base[index].odometer >= 0 { return true }
    return false
  }

  /// Group L: peers and season.
  func writeContext(_ context: GroupContext, into row: FeatureRow) {
    row[.peerLapse] = context.lapse.rate(cell: LapseCounts.cell(vehicle, histories, on: asOf))
    row[.storeLapse] = context.lapse.rate(store: histories.customers.dealers.base[customer])
    row[.seasonSin] = context.seasonSine
    row[.seasonCos] = context.seasonCosine
    row[.seasonFestivalDays] = context.daysToFestival
  }
}
