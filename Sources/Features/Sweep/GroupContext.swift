import Foundation
import Histories
import LinearAlgebra

/// What surrounds all relations at the as-of date: how many of their kind were lost, which vehicles have contradictory
/// readings, which plates are local, and the season.
struct GroupContext: @unchecked Sendable {
  let lapse: LapseRates
  /// By vehicle: whether an order known at the date held a reading that was not believed.
  let hasOdometerConflict: Buffer<Bool>
  let plates: LocalPlates
  /// Sine and cosine of the month as an angle (December at 0), and days to the next Spring Festival, NaN outside its
  /// table.
  let seasonSine: Double
  let seasonCosine: Double
  let daysToFestival: Double

  /// One pass over the orders' days, classes and flags.
  ///
  /// - Complexity: O(orders + relations).
  init(histories: Histories, asOf: Day, parallel: Parallel) {
    let relationCount = histories.relations.count
    let blockSize = 1 << 14
    let blocks = Parallel.blockCount(count: relationCount, blockSize: blockSize)
    let partials = BlockResults<LapseCounts>(count: blocks)
    parallel.forEachBlock(count: relationCount, blockSize: blockSize) { block in
      var counts = LapseCounts(histories)
      let orders = OrderColumns(histories.orders, items: histories.items)
      let facts = FactColumns(histories)
      let relations = histories.relations
      for relation in block.range {
        let ended = relations.end(of: relation, asOf: asOf)
        counts.add(relation, orders, facts, ended: ended, asOf: asOf)
      }
      partials[block.index] = counts
      histories.relieveMemory()
    }
    var total = LapseCounts(histories)
    hasOdometerConflict = Buffer(repeating: false, count: histories.vehicles.count)
    for block in 0..<blocks {
      guard let counts = partials[block] else { continue }
      total.add(counts)
      for vehicle in counts.conflictingVehicles { hasOdometerConflict.base[Int(vehicle)] = true }
    }
    lapse = LapseRates(total)
    plates = LocalPlates(histories: histories, asOf: asOf)
    let angle = 2 * Double.pi * Double(asOf.civil.month) / 12
    seasonSine = sin(angle)
    seasonCosine = cos(angle)
    daysToFestival = SpringFestival.next(from: asOf).map { Double($0 - asOf) } ?? .nan
  }
}

/// How often peers were lost in the year up to the as-of date, of those who had come in the year before it.
///
/// Only what was known at the date counts: the window of every label used has ended by then.
struct LapseRates {
  private static let priorRelations = 20.0

  /// By cell of model and age band, and by store, both shrunk to the rate of all; NaN without any relation.
  private let ofCell: [Double]
  private let ofStore: [Double]
  private let overall: Double

  init(_ counts: LapseCounts) {
    let all = counts.all
    let overall = all.relations > 0 ? Double(all.lapsed) / Double(all.relations) : .nan
    func shrunk(_ count: LapseCounts.Count) -> Double {
      (Double(count.lapsed) + Self.priorRelations * overall) / (Double(count.relations) + Self.priorRelations)
    }
    self.overall = overall
    ofCell = counts.cells.map(shrunk)
    ofStore = counts.stores.map(shrunk)
  }

  func rate(cell: Int) -> Double { ofCell[cell] }

  /// The rate of a store, that of all for an unknown one.
  func rate(store: Int32) -> Double {
    store >= 0 && Int(store) < ofStore.count ? ofStore[Int(store)] : overall
  }
}

/// Relations and those lost among them, by cell and by store.
struct LapseCounts {
  struct Count: BitwiseCopyable {
    var relations: Int32 = 0
    var lapsed: Int32 = 0

    mutating func add(_ other: Count) {
      relations += other.relations
      lapsed += other.lapsed
    }
  }

  /// The year in which peers came or did not, and the year before it in which they had come.
  static var windowDays: Int { 365 }

  private(set) var cells: [Count]
  private(set) var stores: [Count]
  private(set) var all = Count()
  private(set) var conflictingVehicles: [Int32] = []

  init(_ histories: Histories) {
    cells = Array(
      repeating: Count(), count: (histories.vehicles.modelNames.count + 1) * AgeBand.count)
    stores = Array(repeating: Count(), count: histories.dealers.count)
  }

  /// The cell of a vehicle at a day: its model (−1 when unknown), and its age then.
  @inline(__always)
  static func cell(model: Int32, delivered: Day, on day: Day) -> Int {
    (Int(model) + 1) * AgeBand.count + AgeBand.of(delivered: delivered, on: day)
  }

  mutating func add(
    _ relation: Int, _ orders: OrderColumns, _ facts: FactColumns, ended: Day,
    asOf: Day
  ) {
    var hadCome = false
    var hasCome = false
    var hasConflict = false
    var order = Int(orders.starts[relation])
    let end = Int(orders.starts[relation + 1])
    while order < end, orders.openedOn[order] <= asOf {
      defer { order += 1 }
      guard orders.isVisible(order, asOf: asOf) else { continue }
      if orders.flags[order].contains(.odometerConflict) { hasConflict = true }
      guard orders.isQualified(order) else { continue }
      let age = asOf - orders.openedOn[order]
      if age < Self.windowDays {
        hasCome = true
      } else if age < 2 * Self.windowDays {
        hadCome = true
      }
    }
    let vehicle = Int(facts.vehicleOfRelation[relation])
    if hasConflict { conflictingVehicles.append(Int32(vehicle)) }
    guard hadCome, ended.isNone || ended > asOf else { return }
    let count = Count(relations: 1, lapsed: hasCome ? 0 : 1)
    all.add(count)
    let cell = Self.cell(
      model: facts.models[vehicle], delivered: facts.deliveredOn[vehicle], on: asOf - Self.windowDays)
    cells[cell].add(count)
    let store = facts.homeDealers[Int(facts.customerOfRelation[relation])]
    if store >= 0 { stores[Int(store)].add(count) }
  }

  mutating func add(_ other: LapseCounts) {
    for index in cells.indices { cells[index].add(other.cells[index]) }
    for index in stores.indices { stores[index].add(other.stores[index]) }
    all.add(other.all)
  }
}

/// Bands of vehicle age in years.
enum AgeBand {
  private static var daysPerYear: Double { 365.25 }
  /// Two bands of the first two years each, then to 6 and to 10 years, older, and unknown.
  static var count: Int { 6 }

  @inline(__always)
  static func of(delivered: Day, on day: Day) -> Int {
    guard !delivered.isNone else { return 5 }
    let years = Double(day - delivered) / daysPerYear
    return years < 2 ? 0 : years < 4 ? 1 : years < 6 ? 2 : years < 10 ? 3 : 4
  }
}

/// Which heads of number plates are usual among the vehicles of each store's customers.
struct LocalPlates {
  /// Vehicles with a plate that a store needs to say what is usual there.
  private static let minimumVehicles = 20
  /// A head is local when at least one in so many of the store's vehicles carries it.
  private static let localShare = 10

  private let headCount: Int
  /// By store and head.
  private let counts: [Int32]
  private let totals: [Int32]

  init(histories: Histories, asOf: Day) {
    let facts = FactColumns(histories)
    let heads = UnsafePointer(histories.vehicles.plateHeads.base)
    headCount = histories.vehicles.plateHeadNames.count
    let storeCount = histories.dealers.count
    var counts = [Int32](repeating: 0, count: headCount * storeCount)
    var totals = [Int32](repeating: 0, count: storeCount)
    for relation in 0..<histories.relations.count {
      guard histories.relations.isHeld(relation, asOf: asOf) else { continue }
      let head = heads[Int(facts.vehicleOfRelation[relation])]
      let store = facts.homeDealers[Int(facts.customerOfRelation[relation])]
      guard head >= 0, store >= 0 else { continue }
      counts[Int(store) * headCount + Int(head)] += 1
      totals[Int(store)] += 1
    }
    self.counts = counts
    self.totals = totals
  }

  /// Whether a head is unusual at a store; `nil` when either is unknown or the store has too few plates.
  func isAway(head: Int32, store: Int32) -> Bool? {
    guard head >= 0, store >= 0, totals[Int(store)] >= Self.minimumVehicles else { return nil }
    return counts[Int(store) * headCount + Int(head)] * Int32(Self.localShare) < totals[Int(store)]
  }
}

extension OrderColumns {
  /// Whether one order by itself is first service, maintenance or customer-paid repair.
  @inline(__always)
  func isQualified(_ order: Int) -> Bool {
    let set = classes[order]
    if !set.isDisjoint(with: .scheduled) { return true }
    return set.contains(.repair) && (customerPaid[order] > 0 || customerPaid[order] == Money.none)
  }
}
