import Histories
import LinearAlgebra
import Statistics

/// What peers paid for work, drive, replace and insure, up to the as-of date.
struct WorkPeers: Sendable {
  /// Customer-paid tickets of qualified visits of 365 days, by job class and model, and by store.
  private let tickets: CellMedians
  /// What customers and packages paid at maintenance visits of 365 days, by model, and by age of the car.
  private let upkeep: CellMedians
  /// Nine prices that divide each store's cars into tenths, and those of all stores; empty without prices.
  private let priceBounds: [[Double]]
  private let allPriceBounds: [Double]
  /// Share of the cars of each age in years, a year before the date, that were replaced within that year.
  private let replacementRates: [Double]
  /// Median gross margin of the vehicles that each store sold in 730 days, in minor units, and of all stores.
  private let unitMargins: [Double]
  private let allUnitMargin: Double
  /// Commission earned per unit of premium of all policies that began in 365 days, sold here or not.
  let commissionRate: Double

  private let modelCount: Int

  /// Cars, tickets or sales that a store needs to speak for itself.
  private static let minimum = 20
  static let ticketDays = 365
  private static let salesDays = 730
  static let replacementDays = 365
  /// Ages from here on are one.
  static let oldestAge = 10
  /// Weight of the rate of all ages against that of one, in cars.
  private static let priorCars = 20.0
  /// Ages of upkeep go in steps of two years.
  private static let upkeepBandYears = 2.0
  static let upkeepBands = 5
  /// First service, maintenance and repair make eight sets.
  private static let jobClasses = 8

  /// What one block of relations adds.
  struct Sample {
    /// Models and one for those that are not known.
    fileprivate let modelCount: Int
    fileprivate var tickets: [PeerSample] = []
    fileprivate var upkeep: [PeerSample] = []
    fileprivate var prices: [(dealer: Int32, price: Double)] = []
    fileprivate var cars = [Int](repeating: 0, count: oldestAge + 1)
    fileprivate var replaced = [Int](repeating: 0, count: oldestAge + 1)

    init(modelCount: Int) { self.modelCount = modelCount }
  }

  init(histories: Histories, asOf: Day, samples: [Sample], scope: FeatureScope, parallel: Parallel) {
    let modelCount = histories.vehicles.modelNames.count + 1
    let dealerCount = histories.dealers.count
    self.modelCount = modelCount
    let parts = Parts()
    parallel.forEachBlock(count: 4, blockSize: 1) { block in
      switch block.index {
      case 0:
        parts.tickets = CellMedians(
          samples.map(\.tickets), majorCount: Self.jobClasses * modelCount, minorCount: dealerCount + 1,
          groupSize: modelCount)
      case 1:
        parts.upkeep = CellMedians(
          samples.map(\.upkeep), majorCount: modelCount, minorCount: Self.upkeepBands + 1,
          groupSize: modelCount)
      case 2: parts.prices = Self.priceBounds(samples, dealerCount: dealerCount)
      default:
        guard scope == .everything else { return }
        parts.margins = Self.unitMargins(histories, asOf: asOf)
        parts.commissionRate = Self.commissionRate(histories.policies, asOf: asOf)
      }
    }
    guard let tickets = parts.tickets, let upkeep = parts.upkeep else {
      preconditionFailure("every block has run")
    }
    self.tickets = tickets
    self.upkeep = upkeep
    (priceBounds, allPriceBounds) = parts.prices
    (unitMargins, allUnitMargin) = parts.margins
    commissionRate = parts.commissionRate
    replacementRates = Self.replacementRates(samples)
  }

  /// Each worker writes its own.
  private final class Parts: @unchecked Sendable {
    var tickets: CellMedians?
    var upkeep: CellMedians?
    var prices: ([[Double]], [Double]) = ([], [])
    var margins: ([Double], Double) = ([], .nan)
    var commissionRate = Double.nan
  }

  // MARK: Cells

  /// First service, maintenance and repair, as far as a visit contains them.
  static func jobClass(_ classes: VisitClasses) -> Int {
    let qualified: VisitClasses = [.firstService, .maintenance, .repair]
    return Int(classes.intersection(qualified).rawValue)
      >> VisitClasses.firstService.rawValue.trailingZeroBitCount
  }

  /// Band of two years of age; a band of its own when the age is not known.
  static func upkeepBand(ageDays: Int?) -> Int {
    guard let ageDays else { return upkeepBands }
    let years = Double(max(ageDays, 0)) / 365.25
    return min(Int(years / upkeepBandYears), upkeepBands - 1)
  }

  /// Median ticket in minor units; NaN when nobody paid for work of the class.
  func ticket(_ classes: VisitClasses, model: Int32, dealer: Int32) -> Double {
    tickets.median(major: Self.jobClass(classes) * modelCount + Int(model) + 1, minor: Int(dealer) + 1)
  }

  /// Median amount of a maintenance visit in minor units.
  func upkeep(model: Int32, ageDays: Int?) -> Double {
    upkeep.median(major: Int(model) + 1, minor: Self.upkeepBand(ageDays: ageDays))
  }

  /// The tenth of the store's cars, from 0, that a list price falls in; NaN when it is unknown.
  func priceBand(_ price: Double, dealer: Int32) -> Double {
    let own = dealer >= 0 ? priceBounds[Int(dealer)] : []
    let bounds = own.isEmpty ? allPriceBounds : own
    guard price > 0, !bounds.isEmpty else { return .nan }
    var band = 0
    while band < bounds.count, bounds[band] < price { band += 1 }
    return Double(band)
  }

  func replacementRate(ageDays: Int) -> Double {
    replacementRates[Self.age(days: ageDays)]
  }

  /// Median gross margin of a car that the store sells, in minor units.
  func unitMargin(dealer: Int32) -> Double {
    dealer >= 0 && !unitMargins[Int(dealer)].isNaN
      ? unitMargins[Int(dealer)] : allUnitMargin
  }

  static func age(days: Int) -> Int {
    min(Int(Double(max(days, 0)) / 365.25), oldestAge)
  }

  // MARK: From samples

  private static func priceBounds(_ samples: [Sample], dealerCount: Int) -> ([[Double]], [Double]) {
    var prices: [[Double]] = Array(repeating: [], count: dealerCount)
    var all: [Double] = []
    for sample in samples {
      for (dealer, price) in sample.prices {
        if dealer >= 0 { prices[Int(dealer)].append(price) }
        all.append(price)
      }
    }
    return (prices.map { $0.count >= minimum ? bounds($0) : [] }, all.isEmpty ? [] : bounds(all))
  }

  private static func bounds(_ prices: [Double]) -> [Double] {
    let tenths = 10
    var prices = prices
    return prices.withUnsafeMutableBufferPointer { prices in
      (1..<tenths).map { Selection.quantile(Double($0) / Double(tenths), of: prices) }
    }
  }

  private static func replacementRates(_ samples: [Sample]) -> [Double] {
    var cars = [Double](repeating: 0, count: oldestAge + 1)
    var replaced = cars
    for sample in samples {
      for age in cars.indices {
        cars[age] += Double(sample.cars[age])
        replaced[age] += Double(sample.replaced[age])
      }
    }
    let total = cars.reduce(0, +)
    guard total > 0 else { return cars.map { _ in .nan } }
    let overall = replaced.reduce(0, +) / total
    return zip(cars, replaced).map { ($1 + priorCars * overall) / ($0 + priorCars) }
  }

  private static func unitMargins(_ histories: Histories, asOf: Day) -> ([Double], Double) {
    let purchases = histories.purchases
    var margins: [[Double]] = Array(repeating: [], count: histories.dealers.count)
    var all: [Double] = []
    for purchase in 0..<purchases.days.count {
      let day = purchases.days.base[purchase]
      let margin = purchases.grossMargins.base[purchase]
      guard day <= asOf, day > asOf - salesDays, margin != Money.none else { continue }
      let dealer = purchases.dealers.base[purchase]
      if dealer >= 0 { margins[Int(dealer)].append(Double(margin)) }
      all.append(Double(margin))
    }
    return (margins.map { $0.count >= minimum ? median($0) : .nan }, median(all))
  }

  private static func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    var values = values
    return values.withUnsafeMutableBufferPointer { Selection.quantile(0.5, of: $0) }
  }

  private static func commissionRate(_ policies: Policies, asOf: Day) -> Double {
    let soldElsewhere: UInt8 = 0
    var premiums = 0.0
    var commissions = 0.0
    for policy in 0..<policies.beginsOn.count {
      let begins = policies.beginsOn.base[policy]
      let premium = policies.premiums.base[policy]
      guard begins <= asOf, begins > asOf - ticketDays, premium != Money.none else { continue }
      let commission = policies.commissions.base[policy]
      guard commission != Money.none || policies.soldHere.base[policy] == soldElsewhere else { continue }
      premiums += Double(premium)
      commissions += commission == Money.none ? 0 : Double(commission)
    }
    return premiums > 0 ? commissions / premiums : .nan
  }
}

extension WorkPeers.Sample {
  /// Takes in the loaded relation.
  ///
  /// - Parameter scope: risk models do not ask for upkeep and replacement.
  mutating func add(_ workspace: RelationWorkspace, scope: FeatureScope) {
    let vehicle = workspace.vehicle
    let delivered = workspace.facts.deliveredOn[vehicle]
    let model = workspace.facts.models[vehicle]
    for index in workspace.firstOf365..<workspace.visits.count {
      let visit = workspace.visits.base[index]
      if visit.isQualified, visit.customerPaid > 0 {
        let major = WorkPeers.jobClass(visit.classes) * modelCount + Int(model) + 1
        tickets.append(
          PeerSample(
            major: Int32(major), minor: visit.dealer + 1, amount: Int32(clamping: visit.customerPaid)))
      }
      let spent = visit.customerPaid + visit.packagePaid
      if scope == .everything, visit.isScheduled, spent > 0 {
        let band = WorkPeers.upkeepBand(ageDays: delivered.isNone ? nil : visit.day - delivered)
        upkeep.append(PeerSample(major: model + 1, minor: Int32(band), amount: Int32(clamping: spent)))
      }
    }
    let price = workspace.work.listPrices[vehicle]
    if price > 0, workspace.isCurrent {
      prices.append((workspace.facts.homeDealers[workspace.customer], price))
    }
    if scope == .everything, !delivered.isNone { addReplacement(workspace, delivered: delivered) }
  }

  /// Whether a car that was held a year before the date was replaced within the year.
  private mutating func addReplacement(_ workspace: RelationWorkspace, delivered: Day) {
    let before = workspace.asOf - WorkPeers.replacementDays
    let relations = workspace.histories.relations
    let relation = workspace.relation
    let end =
      workspace.work.hasInterruptions
      ? relations.end(of: relation, asOf: before) : workspace.facts.endsOn[relation]
    guard !workspace.start.isNone, workspace.start <= before, end.isNone || end > before else { return }
    let age = WorkPeers.age(days: before - delivered)
    cars[age] += 1
    let isGone =
      !end.isNone && end <= workspace.asOf && relations.needsReplacement(relation, asOf: before)
    if isGone || workspace.boughtAnother(after: before) { replaced[age] += 1 }
  }
}

extension Relations {
  private static let keepsOrLeaves: [UInt8] = ["moved_away", "deceased", "fleet_ended"].map { word in
    UInt8(Vocabularies.endReason.words.firstIndex(of: word) ?? Int(Vocabulary.none))
  }

  /// Whether the end of the ownership that lasts on a day leaves a customer who needs another car: not one who moved
  /// away or died, nor a fleet that ended.
  fileprivate func needsReplacement(_ relation: Int, asOf: Day) -> Bool {
    !Self.keepsOrLeaves.contains(endReason(of: relation, asOf: asOf))
  }
}

extension RelationWorkspace {
  /// Whether the customer bought another vehicle from the group after a day, up to the as-of date.
  fileprivate func boughtAnother(after first: Day) -> Bool {
    let purchases = work.purchases
    guard let starts = purchases.starts else { return false }
    for purchase in Int(starts[customer])..<Int(starts[customer + 1]) {
      let day = purchases.days[purchase]
      if day > asOf { break }
      if day > first, Int(purchases.vehicles[purchase]) != vehicle { return true }
    }
    return false
  }
}
