import Features
import Histories

/// The features computed once more from the raw rows: plain, slow, and apart from the code under test.
struct PlainOracle {
  let raw: RawData
  let asOf: Day
  let ordersOf: [Key: [RawData.Order]]
  let ownershipOf: [Key: RawData.Ownership]
  private let rates: [Key: (perDay: Double, readings: Int)]
  private let ticketMedians: [String?: Double]
  private let peerRates: [String: [Double]]
  private let hours: [String: [Double]]
  let peers: PlainPeers
  /// Relations that came in the year before last and are still there, and whether they were lost since.
  private(set) var cohort: [Key: Bool] = [:]

  struct Key: Hashable {
    var customer: String
    var vin: String
  }

  static let leading = [
    "accident", "recall", "warranty", "rework", "first_service", "maintenance", "repair", "accessory",
    "inspection",
  ]

  init(raw: RawData, asOf: Day) {
    self.raw = raw
    self.asOf = asOf
    let noVisit: Set<String> = ["presale", "internal", "counter_sale"]
    let orders = raw.orders.filter { !$0.classes.isSubset(of: noVisit) }
    ordersOf = Dictionary(grouping: orders) { Key(customer: $0.customer, vin: $0.vin) }
    ownershipOf = Dictionary(
      uniqueKeysWithValues: raw.ownerships.map { (Key(customer: $0.customer, vin: $0.vin), $0) })
    var rates: [Key: (Double, Int)] = [:]
    var tickets: [(String?, Double)] = []
    var hours: [String: [Double]] = [:]
    var known: [(vin: String, visit: PlainVisit)] = []
    for (key, orders) in ordersOf {
      let visits = PlainVisit.visits(of: orders, asOf: asOf)
      known += visits.map { (key.vin, $0) }
      let owner = ownershipOf[key]!
      if owner.isCurrent(asOf) { rates[key] = PlainVisit.rate(visits, after: asOf - 730, through: asOf) }
      for visit in visits where asOf - visit.day < 730 {
        if visit.isQualified, visit.paid > 0 { tickets.append((visit.dealer, visit.paid)) }
        if let spent = visit.hours { hours[visit.leadingClass!, default: []].append(min(spent, 999)) }
      }
    }
    self.rates = rates
    self.hours = hours
    peers = PlainPeers(raw: raw, asOf: asOf, visits: known)
    ticketMedians = Dictionary(grouping: tickets, by: \.0).mapValues { own in
      median((own.count >= 20 ? own : tickets).map(\.1)) / 100
    }
    peerRates = Dictionary(
      uniqueKeysWithValues: Set(raw.vehicles.values.map { [$0.model, $0.use] }).map { segment in
        func ratesWhere(_ isPeer: (RawData.Vehicle) -> Bool) -> [Double] {
          rates.filter { $0.value.1 > 0 && isPeer(raw.vehicles[$0.key.vin]!) }.map(\.value.0)
        }
        var peers = ratesWhere { $0.model == segment[0] && $0.use == segment[1] }
        if peers.count < 20 { peers = ratesWhere { $0.use == segment[1] } }
        if peers.count < 20 { peers = ratesWhere { _ in true } }
        return (segment.joined(separator: "|"), peers.sorted())
      })
    cohort = lapseCohort()
  }

  // MARK: Population

  func isActive(_ key: Key) -> Bool {
    guard let owner = ownershipOf[key], owner.isCurrent(asOf) else { return false }
    let inShop = (ordersOf[key] ?? []).contains {
      $0.opened <= asOf && $0.known <= asOf && ($0.closed.map { $0 > asOf } ?? true)
    }
    if inShop { return false }
    let due = due(key)
    if let last = due.visits.last(where: \.isQualified),
      Double(asOf - last.day) < max(365, 1.5 * due.interval)
    {
      return true
    }
    return asOf - owner.from <= 274 && asOf - due.on < 180
  }

  // MARK: Due

  struct Due {
    var visits: [PlainVisit]
    var perDay: Double
    var isFirst: Bool
    var base: Day
    var months: Double
    var km: Double
    var interval: Double
    var regular: Double
    var firstInterval: Double
    var on: Day { base + Int(interval.rounded(.down)) }
  }

  func isLater(_ key: Key) -> Bool {
    ownershipOf[key]!.from > raw.ownerships.filter { $0.vin == key.vin }.map(\.from).min()!
  }

  /// Whether the car was new when the relation began.
  func beganNew(_ key: Key) -> Bool {
    !isLater(key) && ownershipOf[key]!.from - raw.vehicles[key.vin]!.delivered <= 60
  }

  func due(_ key: Key) -> Due {
    let visits = PlainVisit.visits(of: ordersOf[key] ?? [], asOf: asOf)
    let vehicle = raw.vehicles[key.vin]!
    let schedule = raw.schedules[vehicle.powertrain]!
    let perDay = usage(key)
    func interval(_ months: Double, _ km: Double) -> Double {
      min(months * 30.436875, perDay > 0 ? km / perDay : .infinity)
    }
    let last = visits.last(where: \.isScheduled)
    let isFirst = last == nil && beganNew(key)
    let months = isFirst ? schedule.firstMonths : schedule.months
    let km = isFirst ? schedule.firstKm : schedule.km
    return Due(
      visits: visits, perDay: perDay, isFirst: isFirst, base: last?.day ?? ownershipOf[key]!.from,
      months: months, km: km, interval: max(30, interval(months, km)),
      regular: max(30, interval(schedule.months, schedule.km)),
      firstInterval: interval(schedule.firstMonths, schedule.firstKm))
  }

  func usage(_ key: Key) -> Double {
    let vehicle = raw.vehicles[key.vin]!
    let peers = peerRates["\(vehicle.model)|\(vehicle.use)"]!
    let median = quantile(peers, 0.5)
    guard let own = rates[key], own.readings > 0 else { return median }
    let n = Double(own.readings)
    let mixed = (n * own.perDay + 3 * median) / (n + 3)
    return min(max(mixed, max(quantile(peers, 0.01), 0.1)), quantile(peers, 0.99))
  }

  // MARK: Peers

  func ticketMedian(_ dealer: String?) -> Double {
    ticketMedians[dealer]!
  }

  func usualHours(_ leading: String) -> Double {
    guard let all = hours[leading]?.sorted() else { return .nan }
    return all[(all.count - 1) / 2]
  }

  func satisfactionMean(_ home: String?) -> Double {
    let recent = raw.surveys.filter { $0.day <= asOf && asOf - $0.day < 730 && $0.kind != "nps" }
    let own = recent.filter { raw.homes[$0.customer] == home }
    let shown = own.count >= 20 ? own : recent
    return shown.map(\.share).reduce(0, +) / Double(shown.count)
  }
}

extension RawData.Ownership {
  func isCurrent(_ asOf: Day) -> Bool { from <= asOf && (to.map { $0 > asOf } ?? true) }
}

/// Orders of one vehicle at one store, each opened at most a day after another.
struct PlainVisit {
  var orders: [RawData.Order]

  var day: Day { orders.map(\.opened).min()! }
  var lastDay: Day { orders.map(\.opened).max()! }
  var dealer: String? { orders[0].dealer }
  var classes: Set<String> { orders.reduce(into: []) { $0.formUnion($1.classes) } }
  var leadingClass: String? { PlainOracle.leading.first { classes.contains($0) } }
  var paid: Double { orders.compactMap(\.paid).reduce(0, +) }
  var package: Double { orders.compactMap(\.package).reduce(0, +) }
  var discount: Double { orders.compactMap(\.discount).reduce(0, +) }
  var estimate: Double? { sum(orders.compactMap(\.estimate)) }
  var unpaid: Double? { sum(orders.compactMap(\.unpaid)) }
  var knowsPayment: Bool { orders.contains { $0.paid != nil } }
  var adviser: String? { orders.last { $0.adviser != nil }?.adviser }
  var odometer: Double? { orders.last { $0.odometer != nil }?.odometer }
  var hours: Double? { orders.compactMap(\.hours).max() }
  var isScheduled: Bool { classes.contains("first_service") || classes.contains("maintenance") }
  var isQualified: Bool { isScheduled || (classes.contains("repair") && (paid > 0 || !knowsPayment)) }
  var isPaid: Bool { paid + package > 0 }

  private func sum(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) }

  /// Of one day the orders stand in the order of their ids' hashes.
  private static func rank(_ order: RawData.Order) -> (Int32, UInt64) {
    (order.opened.number, hash(order.id))
  }

  static func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { KeyHash.hash(UnsafeRawBufferPointer($0)) }
  }

  static func visits(of orders: [RawData.Order], asOf: Day) -> [PlainVisit] {
    let visible = orders.filter {
      $0.opened <= asOf && $0.known <= asOf && ($0.closed.map { $0 <= asOf } ?? false)
    }.sorted { rank($0) < rank($1) }
    var visits: [PlainVisit] = []
    for (_, own) in Dictionary(grouping: visible, by: \.dealer) {
      var current: [RawData.Order] = []
      for order in own {
        if let last = current.last, order.opened - last.opened > 1 {
          visits.append(PlainVisit(orders: current))
          current = []
        }
        current.append(order)
      }
      visits.append(PlainVisit(orders: current))
    }
    return visits.sorted { rank($0.orders[0]) < rank($1.orders[0]) }
  }

  /// Theil–Sen over readings of a window.
  static func rate(_ visits: [PlainVisit], after: Day, through: Day) -> (perDay: Double, readings: Int) {
    let readings = visits.filter { $0.odometer != nil && $0.day > after && $0.day <= through }.suffix(40)
    var slopes: [Double] = []
    for a in readings {
      for b in readings where b.day - a.day >= 30 {
        slopes.append((b.odometer! - a.odometer!) / Double(b.day - a.day))
      }
    }
    return slopes.isEmpty ? (.nan, 0) : (median(slopes), readings.count)
  }
}

func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Linear interpolation between order statistics.
func quantile(_ values: [Double], _ share: Double) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let position = share * Double(sorted.count - 1)
  let below = Int(position)
  return sorted[below] + (position - Double(below))
    * (sorted[min(below + 1, sorted.count - 1)] - sorted[below])
}

/// Median absolute deviation, scaled to a normal distribution's standard deviation.
func spread(_ values: [Double]) -> Double {
  let centre = median(values)
  return 1.4826 * median(values.map { abs($0 - centre) })
}
