import Histories
import LinearAlgebra
import Statistics

/// What peers did up to the as-of date: the rates and medians that a relation's own facts are compared with.
struct PeerRates: @unchecked Sendable {
  /// Own usage of every relation, before shrinking.
  let usage: UsageRates
  let segments: UsageSegments
  /// Median customer-paid ticket of each store in 730 days (currency units), and of all.
  let ticketMedians: [Double]
  let ticketMedian: Double
  /// Mean scaled satisfaction score of each store in 730 days, and of all; NaN without answers.
  let satisfactionMeans: [Double]
  let satisfactionMean: Double
  /// Median hours in the workshop by leading class; NaN where unknown.
  let hoursMedians: [Double]
  /// Vehicles that each customer holds.
  let vehiclesOfCustomer: Buffer<UInt16>
  /// Who is still there, and quintile bounds of what relations are worth.
  let value: ValuePeers
  /// What peers paid for work, drive, replace and insure.
  let work: WorkPeers

  /// Tickets or answers that a store needs to speak for itself.
  private static let minimumStore = 20
  private static let windowDays = 730

  /// Sums up what the pass over all relations has gathered.
  ///
  /// - Complexity: O(relations log relations + visits of two years).
  init(histories: Histories, sums: PeerSums, scope: FeatureScope, parallel: Parallel) {
    let asOf = sums.asOf
    let usage = sums.usage
    self.usage = usage
    let results = sums.blocks
    // What is left needs the blocks together, but not each other.
    let usageBySegment = BlockResults<UsageSegments>(count: 1)
    let tickets = BlockResults<(ofDealers: [Double], ofAll: Double)>(count: 1)
    let satisfaction = BlockResults<([Double], Double)>(count: 1)
    let held = BlockResults<Buffer<UInt16>>(count: 1)
    let summaries: [@Sendable () -> Void] = [
      { usageBySegment[0] = UsageSegments(histories, usage) },
      { tickets[0] = Self.ticketMedians(results, histories) },
      { satisfaction[0] = Self.satisfaction(histories, asOf: asOf) },
      { held[0] = Self.vehicles(histories, asOf: asOf) },
    ]
    parallel.forEachBlock(count: summaries.count, blockSize: 1) { summaries[$0.index]() }
    guard let segments = usageBySegment[0], let medians = tickets[0], let means = satisfaction[0],
      let vehiclesHeld = held[0]
    else { preconditionFailure("every summary was made") }
    self.segments = segments
    (ticketMedians, ticketMedian) = medians
    (satisfactionMeans, satisfactionMean) = means
    vehiclesOfCustomer = vehiclesHeld
    hoursMedians = sums.hours.medians
    value = ValuePeers(
      histories: histories, facts: sums.facts,
      kmPerDay: { usage[$0].shrunk(to: segments.segment(vehicle: $1)) }, scope: scope, parallel: parallel)
    work = WorkPeers(
      histories: histories, asOf: asOf, samples: results.map(\.work), scope: scope, parallel: parallel)
  }

  // MARK: Medians and means

  /// The median ticket of each store and of all; stores with few tickets get that of all.
  private static func ticketMedians(
    _ partials: [PeerBlock], _ histories: Histories
  ) -> (ofDealers: [Double], ofAll: Double) {
    var ofDealers: [[Int32]] = Array(repeating: [], count: histories.dealers.count)
    var all: [Int32] = []
    all.reserveCapacity(partials.reduce(0) { $0 + $1.tickets.count })
    for partial in partials {
      for (dealer, amount) in partial.tickets {
        all.append(amount)
        if dealer >= 0 { ofDealers[Int(dealer)].append(amount) }
      }
    }
    let scale = histories.moneyScale
    let overall = median(&all) / scale
    return (
      ofDealers.indices.map {
        ofDealers[$0].count >= minimumStore ? median(&ofDealers[$0]) / scale : overall
      }, overall
    )
  }

  /// The median of whole numbers, which change places; NaN for none.
  private static func median(_ values: inout [Int32]) -> Double {
    values.withUnsafeMutableBufferPointer { Selection.median(of: $0) }
  }

  private static func satisfaction(_ histories: Histories, asOf: Day) -> ([Double], Double) {
    var sums = [Double](repeating: 0, count: histories.dealers.count)
    var counts = [Double](repeating: 0, count: histories.dealers.count)
    var sum = 0.0
    var count = 0.0
    let surveys = histories.surveys
    guard surveys.starts.count > 0 else { return (sums.map { _ in .nan }, .nan) }
    for customer in 0..<histories.customers.count {
      let dealer = Int(histories.customers.dealers.base[customer])
      for survey in Int(surveys.starts.base[customer])..<Int(surveys.starts.base[customer + 1]) {
        let day = surveys.days.base[survey]
        guard day <= asOf, day > asOf - windowDays, !isPromoterScore(surveys.kinds.base[survey]) else {
          continue
        }
        let score = Double(surveys.scores.base[survey])
        sum += score
        count += 1
        if dealer >= 0 {
          sums[dealer] += score
          counts[dealer] += 1
        }
      }
    }
    let overall = count > 0 ? sum / count : .nan
    return (zip(sums, counts).map { $1 >= Double(minimumStore) ? $0 / $1 : overall }, overall)
  }

  static func isPromoterScore(_ kind: UInt8) -> Bool { kind == 2 }

  private static func vehicles(_ histories: Histories, asOf: Day) -> Buffer<UInt16> {
    let held = Buffer<UInt16>(repeating: 0, count: histories.customers.count)
    let relations = histories.relations
    for relation in 0..<relations.count {
      guard relations.isHeld(relation, asOf: asOf) else { continue }
      let customer = Int(relations.customers.base[relation])
      held.base[customer] = min(held.base[customer] + 1, 1000)
    }
    return held
  }
}

/// One slot a block, each written by the worker that has the block.
final class BlockResults<Value>: @unchecked Sendable {
  private let slots: UnsafeMutablePointer<Value?>
  private let count: Int

  init(count: Int) {
    self.count = count
    slots = .allocate(capacity: max(count, 1))
    slots.initialize(repeating: nil, count: max(count, 1))
  }

  deinit {
    slots.deinitialize(count: max(count, 1))
    slots.deallocate()
  }

  subscript(block: Int) -> Value? {
    get { slots[block] }
    set { slots[block] = newValue }
  }
}
