import Foundation
import Histories
import LinearAlgebra
import Statistics

/// What peers did up to the as-of date: the rates and medians that a relation's own facts are compared with.
struct PeerRates: @unchecked Sendable {
  /// Own usage of every relation, before shrinking.
  let usage: Buffer<UsageRate>
  /// Segment of each relation, index into `segments`.
  let segmentOfRelation: Buffer<Int32>
  let segments: [UsageSegment]
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

  /// Relations with an own rate that a segment needs to speak for itself.
  private static let minimumSegment = 20
  private static let maximumHours = 999
  private static let windowDays = 730

  /// One pass over all relations.
  ///
  /// - Complexity: O(orders + relations log relations).
  init(histories: Histories, asOf: Day, scope: FeatureScope, parallel: Parallel) {
    let relationCount = histories.relations.count
    let usage = Buffer<UsageRate>(repeating: .unknown, count: relationCount)
    let valueFacts = Buffer<ValueFacts>(repeating: ValueFacts(), count: relationCount)
    let blockSize = 1 << 14
    let blocks = Parallel.blockCount(count: relationCount, blockSize: blockSize)
    let partials = BlockResults<Partial>(count: blocks)
    parallel.forEachBlock(count: relationCount, blockSize: blockSize) { block in
      let workspace = RelationWorkspace(histories: histories, asOf: asOf)
      var partial = Partial()
      let modelCount = histories.vehicles.modelNames.count + 1
      for relation in block.range {
        workspace.load(relation: relation)
        if workspace.isCurrent {
          usage.base[relation] = workspace.usageRate(after: asOf - UsageRate.windowDays, through: asOf)
        }
        partial.add(workspace, after: asOf - Self.windowDays)
        valueFacts.base[relation] = ValueFacts(workspace)
        partial.work.add(workspace, modelCount: modelCount, scope: scope)
      }
      partials[block.index] = partial
      histories.relieveMemory()
    }
    self.usage = usage
    let results = (0..<blocks).compactMap { partials[$0] }
    // What is left needs the blocks together, but not each other.
    let usageBySegment = BlockResults<(Buffer<Int32>, [UsageSegment])>(count: 1)
    let tickets = BlockResults<(ofDealers: [Double], ofAll: Double)>(count: 1)
    let satisfaction = BlockResults<([Double], Double)>(count: 1)
    let held = BlockResults<Buffer<UInt16>>(count: 1)
    let summaries: [@Sendable () -> Void] = [
      { usageBySegment[0] = Self.segments(histories, usage) },
      { tickets[0] = Self.ticketMedians(results, histories) },
      { satisfaction[0] = Self.satisfaction(histories, asOf: asOf) },
      { held[0] = Self.vehicles(histories, asOf: asOf) },
    ]
    parallel.forEachBlock(count: summaries.count, blockSize: 1) { summaries[$0.index]() }
    guard let segmented = usageBySegment[0], let medians = tickets[0], let means = satisfaction[0],
      let vehiclesHeld = held[0]
    else { preconditionFailure("every summary was made") }
    (segmentOfRelation, segments) = segmented
    (ticketMedians, ticketMedian) = medians
    (satisfactionMeans, satisfactionMean) = means
    vehiclesOfCustomer = vehiclesHeld
    var hours = Partial.emptyHours
    for partial in results {
      for index in hours.indices { hours[index] += partial.hours[index] }
    }
    hoursMedians = (0..<VisitClasses.names.count).map { Self.histogramMedian(hours, class: $0) }
    value = ValuePeers(
      histories: histories, facts: valueFacts,
      kmPerDay: { usage.base[$0].shrunk(to: segmented.1[Int(segmented.0.base[$0])]) }, scope: scope,
      parallel: parallel)
    work = WorkPeers(
      histories: histories, asOf: asOf, samples: results.map(\.work), scope: scope,
      parallel: parallel)
  }

  func segment(_ relation: Int) -> UsageSegment {
    segments[Int(segmentOfRelation.base[relation])]
  }

  // MARK: Per block

  private struct Partial {
    static let classCount = VisitClasses.names.count
    static let emptyHours = [Int32](repeating: 0, count: classCount * (maximumHours + 1))

    var tickets: [(dealer: Int32, amount: Int32)] = []
    /// Histogram of whole hours by leading class.
    var hours = Self.emptyHours
    var work = WorkPeers.Sample()

    mutating func add(_ workspace: RelationWorkspace, after first: Day) {
      for index in 0..<workspace.visits.count {
        let visit = workspace.visits.base[index]
        guard visit.day > first else { continue }
        if visit.isQualified, visit.customerPaid > 0 {
          tickets.append((visit.dealer, Int32(clamping: visit.customerPaid)))
        }
        if visit.hours != .max, let leading = visit.classes.leadingIndex {
          hours[leading * (maximumHours + 1) + min(Int(visit.hours), maximumHours)] += 1
        }
      }
    }
  }

  // MARK: Medians and means

  /// The median ticket of each store and of all; stores with few tickets get that of all.
  private static func ticketMedians(
    _ partials: [Partial], _ histories: Histories
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
        ofDealers[$0].count >= minimumSegment ? median(&ofDealers[$0]) / scale : overall
      }, overall
    )
  }

  /// The median of whole numbers, which change places; NaN for none.
  private static func median(_ values: inout [Int32]) -> Double {
    values.withUnsafeMutableBufferPointer { Selection.median(of: $0) }
  }

  private static func histogramMedian(_ hours: [Int32], class index: Int) -> Double {
    let bins = hours[(index * (maximumHours + 1))..<((index + 1) * (maximumHours + 1))]
    let total = bins.reduce(0) { $0 + Int($1) }
    guard total > 0 else { return .nan }
    var seen = 0
    for (hour, count) in bins.enumerated() {
      seen += Int(count)
      if seen * 2 >= total { return Double(hour) }
    }
    return .nan
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
    return (zip(sums, counts).map { $1 >= Double(minimumSegment) ? $0 / $1 : overall }, overall)
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

  /// Usage by model and use type; small segments fall back to the use type, then to all.
  private static func segments(
    _ histories: Histories, _ usage: Buffer<UsageRate>
  ) -> (Buffer<Int32>, [UsageSegment]) {
    let relations = histories.relations
    let vehicles = histories.vehicles
    let useCount = Vocabularies.useType.words.count + 1
    let modelCount = vehicles.modelNames.count + 1
    let ofRelation = Buffer<Int32>(repeating: 0, count: relations.count)
    var rates: [[Double]] = Array(repeating: [], count: useCount * modelCount)
    for relation in 0..<relations.count {
      let vehicle = Int(relations.vehicles.base[relation])
      let use = min(Int(vehicles.useTypes.base[vehicle]), useCount - 1)
      let segment = (Int(vehicles.models.base[vehicle]) + 1) * useCount + use
      ofRelation.base[relation] = Int32(segment)
      let own = usage.base[relation]
      if own.readings > 0 { rates[segment].append(own.kmPerDay) }
    }
    let byUse = (0..<useCount).map { use in
      stride(from: use, to: rates.count, by: useCount).flatMap { rates[$0] }
    }
    let all = summary(byUse.flatMap { $0 }) ?? .unknown
    let useSummaries = byUse.map { $0.count >= minimumSegment ? summary($0) ?? all : all }
    let summaries = rates.enumerated().map { index, own in
      own.count >= minimumSegment ? summary(own) ?? all : useSummaries[index % useCount]
    }
    return (ofRelation, summaries)
  }

  private static func summary(_ rates: [Double]) -> UsageSegment? {
    guard !rates.isEmpty else { return nil }
    var rates = rates
    return rates.withUnsafeMutableBufferPointer { rates in
      let low = Selection.quantile(0.01, of: rates)
      let median = Selection.quantile(0.5, of: rates)
      let high = Selection.quantile(0.99, of: rates)
      return UsageSegment(median: median, low: max(low, 0.1), high: high)
    }
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
