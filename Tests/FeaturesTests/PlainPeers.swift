import Histories

/// What peers paid, drove, replaced and insured, from the rows.
struct PlainPeers {
  /// One visit of the last 365 days.
  struct Visit {
    var model: String
    var dealer: String?
    var jobClass: Set<String>
    var band: Int
    var isQualified: Bool
    var isScheduled: Bool
    /// Cents.
    var paid: Double
    var package: Double
  }

  private(set) var visits: [Visit] = []
  private(set) var commissionRate = Double.nan
  private var cars: [Int: Double] = [:]
  private var replaced: [Int: Double] = [:]
  private var prices: [String?: [Double]] = [:]
  private var margins: [String?: [Double]] = [:]

  init(raw: RawData, asOf: Day, visits known: [(vin: String, visit: PlainVisit)]) {
    for (vin, visit) in known where asOf - visit.day < 365 {
      let vehicle = raw.vehicles[vin]!
      visits.append(
        Visit(
          model: vehicle.model, dealer: visit.dealer, jobClass: Self.jobClass(visit),
          band: Self.band(visit.day, vehicle), isQualified: visit.isQualified,
          isScheduled: visit.isScheduled, paid: visit.paid, package: visit.package))
    }
    countReplacements(raw, asOf: asOf)
    sumCommissions(raw.work, asOf: asOf)
    for owner in raw.ownerships where owner.isCurrent(asOf) {
      guard let price = raw.work.prices[owner.vin] else { continue }
      prices[raw.homes[owner.customer], default: []].append(price)
    }
    for sale in raw.work.sales where sale.day <= asOf && asOf - sale.day < 730 {
      if let margin = sale.margin { margins[sale.dealer, default: []].append(margin) }
    }
  }

  static func jobClass(_ visit: PlainVisit) -> Set<String> {
    visit.classes.intersection(["first_service", "maintenance", "repair"])
  }

  /// Two years a band, from eight years on one.
  static func band(_ day: Day, _ vehicle: RawData.Vehicle) -> Int {
    min(Int(Double(max(0, day - vehicle.delivered)) / 365.25 / 2), 4)
  }

  static func years(_ days: Int) -> Int { min(Int(Double(max(0, days)) / 365.25), 10) }

  private mutating func countReplacements(_ raw: RawData, asOf: Day) {
    let before = asOf - 365
    let sales = raw.work.sales.filter { $0.day > before && $0.day <= asOf }
    for owner in raw.ownerships where owner.isCurrent(before) {
      let age = Self.years(before - raw.vehicles[owner.vin]!.delivered)
      let reason = raw.work.endReasons[PlainOracle.Key(customer: owner.customer, vin: owner.vin)]
      let stays = ["moved_away", "deceased", "fleet_ended"].contains(reason)
      let isGone = (owner.to.map { $0 <= asOf } ?? false) && !stays
      let buysAnother = sales.contains { $0.customer == owner.customer && $0.vin != owner.vin }
      cars[age, default: 0] += 1
      if isGone || buysAnother { replaced[age, default: 0] += 1 }
    }
  }

  private mutating func sumCommissions(_ data: WorkData, asOf: Day) {
    var premiums = 0.0
    var commissions = 0.0
    for policy in data.policies.values.flatMap({ $0 })
    where policy.begins <= asOf && asOf - policy.begins < 365 {
      guard let premium = policy.premium, policy.commission != nil || policy.isSoldHere == false else {
        continue
      }
      premiums += premium
      commissions += policy.commission ?? 0
    }
    commissionRate = commissions / premiums
  }

  func replacementRate(ageDays: Int) -> Double {
    let own = Self.years(ageDays)
    let overall = replaced.values.reduce(0, +) / cars.values.reduce(0, +)
    return ((replaced[own] ?? 0) + 20 * overall) / ((cars[own] ?? 0) + 20)
  }

  /// How many of the nine bounds of tenths are below a price.
  func priceBand(_ price: Double, home: String?) -> Int {
    let own = home.flatMap { prices[$0] } ?? []
    let peers = own.count >= 20 ? own : prices.values.flatMap { $0 }
    return (1...9).count { quantile(peers, Double($0) / 10) < price }
  }

  func unitMargin(home: String?) -> Double {
    let own = home.flatMap { margins[$0] } ?? []
    return median(own.count >= 20 ? own : margins.values.flatMap { $0 })
  }
}
