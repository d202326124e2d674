public import Histories

/// A declared target ready to be judged: its population over features and facts, its events, its window.
public struct Target: Sendable, Hashable, CustomStringConvertible {
  /// What stands before a target's name where labels are named.
  public static let prefix = "target:"

  public let name: String
  public let windowDays: Int
  /// The declaration in one line.
  public let summary: String
  private let population: FilterTree<PopulationTest>?
  private let events: TargetEvents

  public var description: String { Self.prefix + name }

  /// - Throws: `HistoriesError` (`badData`) when the population names what is no feature or fact; `unknownTarget` when
  ///   the histories were not loaded with this target.
  public init(_ name: String, in histories: Histories) throws(HistoriesError) {
    guard let declared = histories.targets[name] else {
      throw HistoriesError(
        .unknownTarget, "The target `\(name)` was not loaded.", next: "Load the histories with it.")
    }
    let definition = declared.definition
    self.name = name
    windowDays = definition.windowDays
    summary = definition.summary
    events = declared.events
    do {
      population = try definition.population?.map { (comparison) throws(FilterError) in
        try PopulationTest(comparison, in: histories)
      }
    } catch {
      throw definition.populationFailure(error)
    }
  }

  public static func == (a: Target, b: Target) -> Bool { a.name == b.name && a.summary == b.summary }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(summary)
  }

  /// Whether the loaded relation, whose features are in `row`, belongs to the population.
  func includes(
    _ workspace: RelationWorkspace, _ state: DueState, row: UnsafePointer<Double>
  ) -> Bool {
    guard let population else { return workspace.isActive(state) }
    return population.holds { $0.holds(workspace, state, row: row) } == true
  }

  /// Whether the event happens to the loaded relation in the window.
  func outcome(of workspace: RelationWorkspace) -> LapseOutcome {
    let end = workspace.asOf + windowDays
    if end > workspace.histories.dataEnd { return .censored }
    let happens = events.happens(
      customer: Int32(workspace.customer), vehicle: Int32(workspace.vehicle), after: workspace.asOf,
      through: end)
    if happens { return .lapsed }
    return workspace.isLost(through: end) ? .naturalLoss : .stayed
  }
}

/// Judges relation after relation for a target; its row takes their features.
final class TargetJudge {
  private let target: Target
  /// `Feature.count` elements.
  let row: UnsafeMutablePointer<Double>

  /// `nil` for labels that are no targets.
  init?(_ label: LapseLabel?) {
    guard case .target(let target)? = label else { return nil }
    self.target = target
    row = .allocate(capacity: Feature.count)
  }

  deinit { row.deallocate() }

  /// `nil` when the relation is not in the population.
  func outcome(of workspace: RelationWorkspace, _ state: DueState) -> LapseOutcome? {
    target.includes(workspace, state, row: row) ? target.outcome(of: workspace) : nil
  }
}
