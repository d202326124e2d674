public import Histories
public import LinearAlgebra

/// A dealer group's relations as they were known at the end of one day.
///
/// Nothing that happened, or became known, after that day has any influence on a feature.
public final class AsOfView: @unchecked Sendable {
  public let histories: Histories
  public let asOf: Day
  let peers: PeerRates
  private let context: GroupContext
  private let scope: FeatureScope
  private let parallel: Parallel

  /// Looks at all relations once for what peers do.
  ///
  /// - Parameter scope: which features are wanted; others are missing.
  /// - Complexity: O(orders + relations log relations).
  public init(
    histories: Histories, asOf: Day, scope: FeatureScope = .everything, parallel: Parallel = .standard
  ) {
    self.histories = histories
    self.asOf = asOf
    self.scope = scope
    self.parallel = parallel
    peers = PeerRates(histories: histories, asOf: asOf, scope: scope, parallel: parallel)
    context = GroupContext(histories: histories, asOf: asOf, parallel: parallel)
  }

  private static let blockSize = 1 << 11

  // MARK: Population

  /// The relations active at the date, and with a label what became of them; labels with a population of their own
  /// (see `LapseLabel`) give that.
  ///
  /// - Parameter activeOnly: `false` for every relation that had begun and not ended, lapsed ones included.
  /// - Complexity: O(orders).
  public func population(label: LapseLabel? = nil, activeOnly: Bool = true) -> Population {
    let count = histories.relations.count
    let blocks = Parallel.blockCount(count: count, blockSize: Self.blockSize)
    let partials = BlockResults<Population>(count: blocks)
    parallel.forEachBlock(count: count, blockSize: Self.blockSize) { [self] block in
      let workspace = RelationWorkspace(histories: histories, asOf: asOf)
      let judge = TargetJudge(label)
      var partial = Population()
      for relation in block.range {
        workspace.load(relation: relation)
        guard workspace.isCurrent else { continue }
        let state = dueState(workspace)
        if let judge {
          writeLoaded(workspace, state, to: judge.row)
          guard let outcome = judge.outcome(of: workspace, state) else { continue }
          partial.outcomes.append(outcome)
        } else if let label {
          guard let window = workspace.window(of: label, state, activeOnly: activeOnly) else { continue }
          partial.outcomes.append(workspace.outcome(in: window))
        } else if activeOnly, !workspace.isActive(state) {
          continue
        }
        partial.relations.append(Int32(relation))
      }
      partials[block.index] = partial
      histories.relieveMemory()
    }
    var population = Population()
    for block in 0..<blocks {
      guard let partial = partials[block] else { continue }
      population.relations += partial.relations
      population.outcomes += partial.outcomes
    }
    return population
  }

  private func dueState(_ workspace: RelationWorkspace) -> DueState {
    workspace.dueState(
      segment: peers.segment(workspace.relation), own: peers.usage.base[workspace.relation])
  }

  // MARK: Features

  /// The features of some relations: one row each, `Feature.count` columns, NaN where missing.
  ///
  /// - Complexity: O(their orders).
  public func features(of relations: [Int32]) -> Matrix {
    Matrix(rows: relations.count, columns: Feature.count) { elements in
      writeFeatures(of: relations, into: elements)
    }
  }

  /// Writes the features of some relations, row-major, into `relations.count` × `Feature.count` elements.
  public func writeFeatures(of relations: [Int32], into elements: UnsafeMutableBufferPointer<Double>) {
    precondition(elements.count == relations.count * Feature.count, "one row a relation is needed")
    guard let base = elements.baseAddress else { return }
    nonisolated(unsafe) let target = base
    parallel.forEachBlock(count: relations.count, blockSize: Self.blockSize) { [self] block in
      let workspace = RelationWorkspace(histories: histories, asOf: asOf)
      for index in block.range {
        write(Int(relations[index]), workspace, to: target + index * Feature.count)
      }
      histories.relieveMemory()
    }
  }

  /// Computes the features of some relations block by block, so that no more than a block a thread is in memory.
  ///
  /// - Parameter body: is called on several threads with the rows' numbers in `relations` and their features
  ///   (row-major); must only write to what belongs to those rows.
  public func forEachBlock(
    of relations: [Int32], body: @Sendable (Range<Int>, UnsafeBufferPointer<Double>) -> Void
  ) {
    let rowsPerBlock = 1 << 11
    parallel.forEachBlock(count: relations.count, blockSize: rowsPerBlock) { [self] block in
      let rows = UnsafeMutableBufferPointer<Double>.allocate(capacity: block.range.count * Feature.count)
      defer { rows.deallocate() }
      guard let base = rows.baseAddress else { return }
      let workspace = RelationWorkspace(histories: histories, asOf: asOf)
      for (row, index) in block.range.enumerated() {
        write(Int(relations[index]), workspace, to: base + row * Feature.count)
      }
      body(block.range, UnsafeBufferPointer(rows))
      histories.relieveMemory()
    }
  }

  /// Finds the active relations and computes their features in one go, block by block.
  ///
  /// - Parameter body: is called on several threads with the block's number, its active relations and their features
  ///   (row-major).
  /// - Returns: the active relations, ascending: those of block 0, then those of block 1, and so on.
  /// - Complexity: O(orders).
  public func forEachActiveBlock<Value: Sendable>(
    body: @Sendable (_ relations: [Int32], _ features: UnsafeBufferPointer<Double>) -> Value
  ) -> (relations: [Int32], values: [Value]) {
    let relationsPerBlock = 1 << 12
    let count = histories.relations.count
    let blocks = Parallel.blockCount(count: count, blockSize: relationsPerBlock)
    let partials = BlockResults<([Int32], Value)>(count: blocks)
    parallel.forEachBlock(count: count, blockSize: relationsPerBlock) { [self] block in
      let rows = UnsafeMutableBufferPointer<Double>.allocate(capacity: block.range.count * Feature.count)
      defer { rows.deallocate() }
      guard let base = rows.baseAddress else { return }
      let workspace = RelationWorkspace(histories: histories, asOf: asOf)
      var active: [Int32] = []
      for relation in block.range {
        workspace.load(relation: relation)
        guard workspace.isCurrent else { continue }
        let state = dueState(workspace)
        guard workspace.isActive(state) else { continue }
        writeLoaded(workspace, state, to: base + active.count * Feature.count)
        active.append(Int32(relation))
      }
      let used = UnsafeBufferPointer(start: base, count: active.count * Feature.count)
      partials[block.index] = (active, body(active, used))
      histories.relieveMemory()
    }
    let results = (0..<blocks).compactMap { partials[$0] }
    return (results.flatMap(\.0), results.map(\.1))
  }

  private func write(_ relation: Int, _ workspace: RelationWorkspace, to base: UnsafeMutablePointer<Double>) {
    workspace.load(relation: relation)
    writeLoaded(workspace, dueState(workspace), to: base)
  }

  private func writeLoaded(
    _ workspace: RelationWorkspace, _ state: DueState, to base: UnsafeMutablePointer<Double>
  ) {
    let row = FeatureRow(base)
    workspace.writeRecency(state, into: row)
    workspace.writeFrequency(state, into: row)
    workspace.writeMoney(peers, into: row)
    workspace.writeMix(into: row)
    workspace.writeVehicle(state, peers, into: row)
    workspace.writeService(peers, into: row)
    workspace.writeSatisfaction(peers, into: row)
    workspace.writeComplaints(into: row)
    workspace.writeValue(state, peers, into: row)
    workspace.writeWork(peers.work, into: row)
    workspace.writeInsurance(into: row)
    if scope == .everything { workspace.writePotential(state, peers.work, into: row) }
    let contacts = workspace.contactSummary()
    workspace.writeAppointments(into: row)
    workspace.writePlace(context, into: row)
    workspace.writeAnswers(into: row)
    workspace.writeContacts(contacts, into: row)
    workspace.writeRecords(contacts, context, into: row)
    workspace.writeContext(context, into: row)
  }

  // MARK: What a list says beside features

  /// Facts about one relation that people want to see.
  public func facts(of relation: Int) -> RelationFacts {
    let workspace = RelationWorkspace(histories: histories, asOf: asOf)
    workspace.load(relation: relation)
    let state = dueState(workspace)
    let last = workspace.lastQualified >= 0 ? workspace.visits[workspace.lastQualified] : nil
    let latest = workspace.visits.isEmpty ? nil : workspace.visits[workspace.visits.count - 1]
    return RelationFacts(
      lastQualifiedVisitOn: last?.day, dueOn: state.dueOn,
      dealer: latest?.dealer ?? histories.customers.dealers[workspace.customer],
      lastAdviser: latest.flatMap { $0.adviser >= 0 ? $0.adviser : nil })
  }
}

/// Which features somebody wants: what nobody asks for need not be computed.
public enum FeatureScope: Sendable {
  case everything
  /// Those that may enter a risk model.
  case riskModel
}

/// The relations of a population, ascending, and their outcomes where a label was asked for.
public struct Population: Sendable {
  public internal(set) var relations: [Int32] = []
  /// As long as `relations`, or empty without a label.
  public internal(set) var outcomes: [LapseOutcome] = []

  public var count: Int { relations.count }

  public func count(of outcome: LapseOutcome) -> Int {
    outcomes.count { $0 == outcome }
  }

  /// The relations that are kept, with their outcomes.
  public func filtered(_ isKept: (Int32, LapseOutcome?) -> Bool) -> Population {
    var result = Population()
    for (index, relation) in relations.enumerated() {
      let outcome = outcomes.isEmpty ? nil : outcomes[index]
      guard isKept(relation, outcome) else { continue }
      result.relations.append(relation)
      if let outcome { result.outcomes.append(outcome) }
    }
    return result
  }
}

/// Dates and names of one relation as of a date.
public struct RelationFacts: Sendable {
  public let lastQualifiedVisitOn: Day?
  public let dueOn: Day
  /// Store of the last visit, else home store; −1 when unknown.
  public let dealer: Int32
  public let lastAdviser: Int32?
}
