import Histories
import LinearAlgebra

/// The first of the two passes over the orders: what peers did up to each of several dates.
enum PeerPass {
  /// What the sums of a group of dates take of memory while the pass goes, at most; of bounded memory a quarter.
  private static let memoryForSums = 1 << 30
  private static let shareOfBound = 4
  /// Roughly, of one relation at one date: its facts of value, its usage, its tickets.
  private static let bytesPerRelation = 128
  private static let blockSize = 1 << 13

  /// What peers did and what surrounds everybody, by date.
  ///
  /// Each relation is looked at once for all dates of a group; groups are made so that their sums stay below
  /// `memoryForSums`, whatever the number of dates. What is left of a date are nine bytes a relation.
  ///
  /// - Parameters:
  ///   - dates: ascending.
  ///   - scopes: which features are wanted at each of them.
  /// - Complexity: O(orders + relations × dates), the orders once a group.
  static func run(
    _ histories: Histories, dates: [Day], scopes: [FeatureScope], parallel: Parallel
  ) -> [(peers: PeerRates, context: GroupContext)] {
    let relations = max(histories.relations.count, 1)
    let memory = min(memoryForSums, histories.memoryLimit.map { $0 / shareOfBound } ?? .max)
    let groupSize = max(memory / (relations * bytesPerRelation), 1)
    return stride(from: 0, to: dates.count, by: groupSize).flatMap { first in
      let own = first..<min(first + groupSize, dates.count)
      return group(histories, dates: Array(dates[own]), scopes: Array(scopes[own]), parallel: parallel)
    }
  }

  private static func group(
    _ histories: Histories, dates: [Day], scopes: [FeatureScope], parallel: Parallel
  ) -> [(peers: PeerRates, context: GroupContext)] {
    let pass = RelationPass(histories, parallel)
    let blocks = Parallel.blockCount(count: histories.relations.count, blockSize: blockSize)
    let gathered = dates.map { PeerGathering(histories, asOf: $0, blocks: blocks, workers: parallel.threads) }
    let modelCount = histories.vehicles.modelNames.count + 1
    pass.forEachBlock(blockSize: blockSize) { block, workspace in
      for date in gathered { date.begin(block, modelCount: modelCount) }
      for relation in block.range {
        workspace.begin(relation: relation)
        for (date, scope) in zip(gathered, scopes) {
          workspace.advance(to: date.asOf)
          date.add(workspace, worker: block.worker, scope: scope)
        }
      }
      for date in gathered { date.end(block) }
    }
    return zip(gathered, scopes).map { date, scope in
      let sums = date.sums()
      return (
        PeerRates(histories: histories, sums: sums, scope: scope, parallel: parallel),
        GroupContext(histories: histories, sums: sums)
      )
    }
  }
}

/// What the pass for peers has gathered of one date.
struct PeerSums: @unchecked Sendable {
  let asOf: Day
  let usage: UsageRates
  let facts: Buffer<ValueFacts>
  /// In the order of the relations.
  let blocks: [PeerBlock]
  let hours: HoursHistogram
  let lapse: LapseCounts
}

/// What one block of relations adds to a date.
struct PeerBlock {
  /// Customer-paid tickets in minor units.
  fileprivate(set) var tickets: [(dealer: Int32, amount: Int32)] = []
  fileprivate(set) var conflictingVehicles: [Int32] = []
  fileprivate(set) var work: WorkPeers.Sample

  fileprivate mutating func add(_ workspace: RelationWorkspace, scope: FeatureScope) {
    for index in workspace.firstOf730..<workspace.visits.count {
      let visit = workspace.visits.base[index]
      if visit.isQualified, visit.customerPaid > 0 {
        tickets.append((visit.dealer, Int32(clamping: visit.customerPaid)))
      }
    }
    if workspace.hasOdometerConflict { conflictingVehicles.append(Int32(workspace.vehicle)) }
    work.add(workspace, scope: scope)
  }
}

/// One date while the pass goes: what stays by relation, what workers count, and what they put together block by block.
private final class PeerGathering: @unchecked Sendable {
  let asOf: Day
  private let usage: UsageRates
  private let facts: Buffer<ValueFacts>
  private let blocks: BlockResults<PeerBlock>
  private let blockCount: Int
  private let workers: [Worker]

  private final class Worker {
    var block: PeerBlock
    var hours = HoursHistogram()
    var lapse: LapseCounts

    init(_ histories: Histories) {
      block = PeerBlock(work: WorkPeers.Sample(modelCount: 0))
      lapse = LapseCounts(histories)
    }
  }

  init(_ histories: Histories, asOf: Day, blocks: Int, workers: Int) {
    self.asOf = asOf
    let relations = histories.relations.count
    usage = UsageRates(count: relations)
    facts = Buffer(repeating: ValueFacts(), count: relations)
    self.blocks = BlockResults(count: blocks)
    blockCount = blocks
    self.workers = (0..<workers).map { _ in Worker(histories) }
  }

  func begin(_ block: Parallel.Block, modelCount: Int) {
    workers[block.worker].block = PeerBlock(work: WorkPeers.Sample(modelCount: modelCount))
  }

  @inline(__always)
  func add(_ workspace: RelationWorkspace, worker: Int, scope: FeatureScope) {
    if workspace.visits.isEmpty, !workspace.hasBegun { return }
    let worker = workers[worker]
    let relation = workspace.relation
    if workspace.isCurrent {
      usage[relation] = workspace.usageRate(after: asOf - UsageRate.windowDays, through: asOf)
    }
    facts.base[relation] = ValueFacts(workspace)
    worker.block.add(workspace, scope: scope)
    worker.hours.add(workspace)
    worker.lapse.add(workspace)
  }

  func end(_ block: Parallel.Block) {
    blocks[block.index] = workers[block.worker].block
  }

  /// Everything, once all blocks have ended; whole numbers only are summed, in whatever order.
  func sums() -> PeerSums {
    var hours = HoursHistogram()
    var lapse = workers[0].lapse
    for worker in workers { hours.add(worker.hours) }
    for worker in workers.dropFirst() { lapse.add(worker.lapse) }
    return PeerSums(
      asOf: asOf, usage: usage, facts: facts, blocks: (0..<blockCount).compactMap { blocks[$0] },
      hours: hours,
      lapse: lapse)
  }
}
