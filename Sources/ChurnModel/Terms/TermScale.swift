internal import Foundation

/// The nodes of one feature on which a term has its values, and how a raw value finds its place among them.
///
/// A number lies between two neighbouring knots and takes a share of each (so that a term is piecewise linear); beyond
/// the outermost knots it counts as these. A number that is cut into bins lies on the node of its bin. A category lies on the node of its level. A missing value has a node of its
/// own when training rows missed the feature. What training never showed lies on the last node, which is worth nothing.
public struct TermScale: Sendable, Equatable {
  /// What the nodes stand for.
  public enum Nodes: Sendable, Equatable {
    /// Ascending numbers, at least two.
    case knots([Double])
    /// Bins: node k holds the values from edge k − 1 to below edge k. Nearly all training values lie in `range`, which
    /// drawings end at.
    case steps(BinEdges, range: ClosedRange<Double>)
    /// The levels (as indices of the feature's levels) of each node; unseen and pooled levels belong to `pool`, or to
    /// no node when there is none.
    case levels([[Int]], pool: Int?)
  }

  public let nodes: Nodes
  /// Whether missing values have a node; it follows those of `nodes`.
  public let hasMissing: Bool
  /// Whether shares between two knots are those of sign(x)·log(1 + |x|), not of x.
  public let isLogarithmic: Bool
  /// The node of each level, -1 where there is none; empty for numbers.
  private let nodeOfLevel: [Int]

  init(nodes: Nodes, hasMissing: Bool, isLogarithmic: Bool = false) {
    self.nodes = nodes
    self.hasMissing = hasMissing
    self.isLogarithmic = isLogarithmic
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

  /// Most nodes that fit in the byte of a row's place; only levels may have more (`LevelColumns`).
  static let mostNodes = 250

  /// Number of nodes of values that are there; they come first.
  public var valueNodes: Int {
    switch nodes {
    case .knots(let knots): knots.count
    case .steps(let edges, _): edges.valueBins
    case .levels(let groups, _): groups.count
    }
  }

  /// Whether the nodes of values have an order.
  var isNumber: Bool {
    if case .levels = nodes { false } else { true }
  }

  /// sign(x)·log(1 + |x|).
  static func signedLogarithm(_ value: Double) -> Double {
    value < 0 ? -log1p(-value) : log1p(value)
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

  /// Whether places do not fit in a byte.
  var isLong: Bool { valueNodes > Self.mostNodes }

  /// Finds the place of a raw value.
  ///
  /// - Complexity: O(log nodes)
  func place(_ value: Double) -> Place {
    if value.isNaN { return missingNode.map { Place(node: $0, share: 0) } ?? nowhere }
    switch nodes {
    case .knots(let knots):
      let place = knots.withUnsafeBufferPointer { Self.place(value, among: $0) }
      return isLogarithmic ? logarithmic(place, of: value, among: knots) : place
    case .steps(let edges, _):
      return Place(node: edges.index(of: value), share: 0)
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

  /// The same place with the share of the logarithm between two knots.
  private func logarithmic(_ place: Place, of value: Double, among knots: [Double]) -> Place {
    guard place.share > 0, place.share < 1 else { return place }
    let (start, end) = (
      Self.signedLogarithm(knots[place.node]), Self.signedLogarithm(knots[place.node + 1])
    )
    // Neighbours so great that their logarithms are equal stay as they are.
    guard end > start else { return place }
    return Place(node: place.node, share: (Self.signedLogarithm(value) - start) / (end - start))
  }
}
