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
  let parallel: Parallel

  /// Looks at all relations once for what peers do; for several dates a `FeatureSweep` does so once for all.
  ///
  /// - Parameter scope: which features are wanted; others are missing.
  /// - Complexity: O(orders + relations log relations).
  public convenience init(
    histories: Histories, asOf: Day, scope: FeatureScope = .everything, parallel: Parallel = .standard
  ) {
    let made = PeerPass.run(histories, dates: [asOf], scopes: [scope], parallel: parallel)[0]
    self.init(histories, asOf, peers: made.peers, context: made.context, scope: scope, parallel: parallel)
  }

  init(
    _ histories: Histories, _ asOf: Day, peers: PeerRates, context: GroupContext, scope: FeatureScope,
    parallel: Parallel
  ) {
    self.histories = histories
    self.asOf = asOf
    self.peers = peers
    self.context = context
    self.scope = scope
    self.parallel = parallel
  }

  private static let blockSize = 1 << 11

  // MARK: Population

  /// The relations active at the date, and with a label what became of them; labels with a population of their own
  /// (see `LapseLabel`) give that.
  ///
  /// - Parameter activeOnly: `false` for every relation that had begun and not ended, lapsed ones included.
  /// - Complexity: O(orders).
  public func population(label: LapseLabel? = nil, activeOnly: Bool = true) -> Population {
    FeatureSweep([self]).populations(label: label, activeOnly: activeOnly)[0]
  }

  /// A relation that belongs to a population.
  struct Member {
    let state: DueState
    /// `nil` without a label.
    let outcome: LapseOutcome?
  }

  /// Whether the relation that the workspace has advanced to the date belongs to the population; `nil` when not.
  ///
  /// - Parameter judge: of the label, when that is a target.
  func member(
    _ workspace: RelationWorkspace, label: LapseLabel?, judge: TargetJudge?, activeOnly: Bool
  ) -> Member? {
    guard workspace.isCurrent else { return nil }
    let state = dueState(workspace)
    if let judge {
      write(workspace, state, to: judge.row)
      return judge.outcome(of: workspace, state).map { Member(state: state, outcome: $0) }
    }
    if let label {
      guard let window = workspace.window(of: label, state, activeOnly: activeOnly) else { return nil }
      return Member(state: state, outcome: workspace.outcome(in: window))
    }
    return !activeOnly || workspace.isActive(state) ? Member(state: state, outcome: nil) : nil
  }

  func dueState(_ workspace: RelationWorkspace) -> DueState {
    workspace.dueState(
      segment: peers.segments.segment(vehicle: workspace.vehicle), own: peers.usage[workspace.relation])
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
    RelationPass(histories, parallel).forEachBlock(of: relations, blockSize: Self.blockSize) {
      [self] block, workspace in
      for index in block.range {
        write(Int(relations[index]), workspace, to: target + index * Feature.count)
        relieveMemory(after: index)
      }
    }
  }

  /// A list may jump: then each row maps pages of its own from every column, with their neighbours sixteen at a time.
  @inline(__always)
  private func relieveMemory(after index: Int) {
    let rowsPerLook = 32
    if index % rowsPerLook == rowsPerLook - 1 { histories.relieveMemory() }
  }

  /// Computes the features of some relations block by block, so that no more than a block a thread is in memory.
  ///
  /// - Parameter body: is called on several threads with the rows' numbers in `relations` and their features
  ///   (row-major); must only write to what belongs to those rows.
  public func forEachBlock(
    of relations: [Int32], body: @Sendable (Range<Int>, UnsafeBufferPointer<Double>) -> Void
  ) {
    RelationPass(histories, parallel).forEachBlock(of: relations, blockSize: Self.blockSize) {
      [self] block, workspace in
      let rows = UnsafeMutableBufferPointer<Double>.allocate(capacity: block.range.count * Feature.count)
      defer { rows.deallocate() }
      guard let base = rows.baseAddress else { return }
      for (row, index) in block.range.enumerated() {
        write(Int(relations[index]), workspace, to: base + row * Feature.count)
        relieveMemory(after: index)
      }
      body(block.range, UnsafeBufferPointer(rows))
    }
  }

  /// Finds the active relations and computes their features in one go, block by block.
  ///
  /// - Parameter body: is called on several threads with the block's active relations and their features (row-major).
  /// - Returns: the active relations, ascending: those of block 0, then those of block 1, and so on.
  /// - Complexity: O(orders).
  public func forEachActiveBlock<Value: Sendable>(
    body: @Sendable (_ relations: [Int32], _ features: UnsafeBufferPointer<Double>) -> Value
  ) -> (relations: [Int32], values: [Value]) {
    let found = FeatureSweep([self]).forEachPopulationBlock { _, population, features in
      body(population.relations, features)
    }[0]
    return (found.population.relations, found.values)
  }

  private func write(_ relation: Int, _ workspace: RelationWorkspace, to base: UnsafeMutablePointer<Double>) {
    workspace.load(relation: relation, asOf: asOf)
    write(workspace, dueState(workspace), to: base)
  }

  /// Writes the row of the relation that the workspace has advanced to the date.
  func write(_ workspace: RelationWorkspace, _ state: DueState, to base: UnsafeMutablePointer<Double>) {
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

  /// The median gross margin of the vehicles that the customer's home store sold in 730 days (see `trade_potential`), in
  /// currency units; NaN where no sale tells its margin, or the view is for risk models.
  public func unitMargin(of relation: Int) -> Double {
    guard scope == .everything else { return .nan }
    let customer = Int(histories.relations.customers[relation])
    return peers.work.unitMargin(dealer: histories.customers.dealers[customer]) / histories.moneyScale
  }

  /// Facts about one relation that people want to see.
  public func facts(of relation: Int) -> RelationFacts {
    facts(of: relation, RelationWorkspace(histories: histories))
  }

  /// The same of many relations, each in its place.
  ///
  /// - Complexity: O(their orders), on all threads.
  public func facts(of relations: [Int32]) -> [RelationFacts] {
    [RelationFacts](unsafeUninitializedCapacity: relations.count) { buffer, count in
      nonisolated(unsafe) let facts = buffer
      RelationPass(histories, parallel).forEachBlock(of: relations, blockSize: Self.blockSize) {
        [self] block, workspace in
        for index in block.range {
          facts.initializeElement(at: index, to: self.facts(of: Int(relations[index]), workspace))
        }
      }
      count = relations.count
    }
  }

  private func facts(of relation: Int, _ workspace: RelationWorkspace) -> RelationFacts {
    workspace.load(relation: relation, asOf: asOf)
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

  mutating func append(_ relation: Int, _ outcome: LapseOutcome?) {
    relations.append(Int32(relation))
    if let outcome { outcomes.append(outcome) }
  }

  mutating func append(_ other: Population) {
    relations += other.relations
    outcomes += other.outcomes
  }

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
