/// The nodes of one feature on which a term has its values, and how a raw value finds its place among them.
///
/// A number lies between two neighbouring knots and takes a share of each (so that a term is piecewise linear); beyond
/// the outermost knots it counts as these. A category lies on the node of its level. A missing value has a node of its
/// own when training rows missed the feature. What training never showed lies on the last node, which is worth nothing.
public struct TermScale: Sendable, Equatable {
  /// What the nodes stand for.
  public enum Nodes: Sendable, Equatable {
    /// Ascending numbers, at least two.
    case knots([Double])
    /// The levels (as indices of the feature's levels) of each node; unseen and pooled levels belong to `pool`, or to
    /// no node when there is none.
    case levels([[Int]], pool: Int?)
  }

  public let nodes: Nodes
  /// Whether missing values have a node; it follows those of `nodes`.
  public let hasMissing: Bool
  /// The node of each level, -1 where there is none; empty for numbers.
  private let nodeOfLevel: [Int]

  init(nodes: Nodes, hasMissing: Bool) {
    self.nodes = nodes
    self.hasMissing = hasMissing
    guard case .levels(let groups, _) = nodes else {
      nodeOfLevel = []
      return
    }
    var found = [Int](repeating: -1, count: (groups.joined().max() ?? -1) + 1)
    for (node, levels) in groups.enumerated() {
      for level in levels { found[level] = node }
    }
    nodeOfLevel = found
  }

  /// Most nodes that fit in the byte of a row's place.
  static let mostNodes = 250

  /// Number of nodes of values that are there; they come first.
  public var valueNodes: Int {
    switch nodes {
    case .knots(let knots): knots.count
    case .levels(let groups, _): groups.count
    }
  }

  /// The node of missing values, where they have one.
  public var missingNode: Int? { hasMissing ? valueNodes : nil }

  /// All nodes, the one that is worth nothing last.
  public var count: Int { valueNodes + (hasMissing ? 1 : 0) + 1 }

  /// Where a value lies: at node `node`, a share of it at the next one.
  struct Place: Equatable {
    var node: Int
    var share: Double
  }

  /// The place of what training never showed: wholly on the last node.
  private var nowhere: Place { Place(node: count - 2, share: 1) }

  /// Finds the place of a raw value.
  ///
  /// - Complexity: O(log nodes)
  func place(_ value: Double) -> Place {
    if value.isNaN { return missingNode.map { Place(node: $0, share: 0) } ?? nowhere }
    switch nodes {
    case .knots(let knots):
      return knots.withUnsafeBufferPointer { Self.place(value, among: $0) }
    case .levels(_, let pool):
      let level = value >= 0 && value < Double(nodeOfLevel.count) ? Int(value) : -1
      let node = level >= 0 && nodeOfLevel[level] >= 0 ? nodeOfLevel[level] : pool
      return node.map { Place(node: $0, share: 0) } ?? nowhere
    }
  }

  private static func place(_ value: Double, among knots: UnsafeBufferPointer<Double>) -> Place {
    let last = knots.count - 1
    if value >= knots[last] { return Place(node: last - 1, share: 1) }
    if value <= knots[0] { return Place(node: 0, share: 0) }
    var (low, high) = (0, last)
    while high - low > 1 {
      let middle = (low + high) / 2
      if value < knots[middle] { high = middle } else { low = middle }
    }
    return Place(node: low, share: (value - knots[low]) / (knots[high] - knots[low]))
  }

  /// Whether the value is there and its category has no node of its own: it is new, or was pooled.
  func isUnseen(_ value: Double) -> Bool {
    guard case .levels = nodes, !value.isNaN else { return false }
    let level = value >= 0 && value < Double(nodeOfLevel.count) ? Int(value) : -1
    return level < 0 || nodeOfLevel[level] < 0
  }
}
