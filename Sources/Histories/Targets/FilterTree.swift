/// A filter: comparisons joined by and, or and not.
public indirect enum FilterTree<Leaf: Sendable>: Sendable {
  case leaf(Leaf)
  case not(FilterTree)
  case all([FilterTree])
  case any([FilterTree])

  /// The same tree with other leaves.
  public func map<New, Failure: Error>(
    _ transform: (Leaf) throws(Failure) -> New
  ) throws(Failure) -> FilterTree<New> {
    switch self {
    case .leaf(let leaf): return .leaf(try transform(leaf))
    case .not(let tree): return .not(try tree.map(transform))
    case .all(let trees): return .all(try Self.each(trees, transform))
    case .any(let trees): return .any(try Self.each(trees, transform))
    }
  }

  private static func each<New, Failure: Error>(
    _ trees: [FilterTree], _ transform: (Leaf) throws(Failure) -> New
  ) throws(Failure) -> [FilterTree<New>] {
    var result: [FilterTree<New>] = []
    for tree in trees { result.append(try tree.map(transform)) }
    return result
  }

  /// Whether the filter holds, as in SQL: `nil` when a missing value leaves it open.
  ///
  /// - Parameter truth: whether a comparison holds, `nil` when what it compares is missing.
  public func holds(_ truth: (Leaf) -> Bool?) -> Bool? {
    switch self {
    case .leaf(let leaf): return truth(leaf)
    case .not(let tree): return tree.holds(truth).map { !$0 }
    case .all(let trees): return Self.joined(trees, decisive: false, truth)
    case .any(let trees): return Self.joined(trees, decisive: true, truth)
    }
  }

  private static func joined(_ trees: [FilterTree], decisive: Bool, _ truth: (Leaf) -> Bool?) -> Bool? {
    var result: Bool? = !decisive
    for tree in trees {
      guard let holds = tree.holds(truth) else {
        result = nil
        continue
      }
      if holds == decisive { return decisive }
    }
    return result
  }

  /// All leaves, from left to right.
  public var leaves: [Leaf] {
    switch self {
    case .leaf(let leaf): [leaf]
    case .not(let tree): tree.leaves
    case .all(let trees), .any(let trees): trees.flatMap(\.leaves)
    }
  }
}

/// What is wrong with a filter, and where in its text.
public struct FilterError: Error, Sendable, Equatable {
  /// Character in the text, counted from 1.
  public let position: Int
  public let message: String

  public init(at position: Int, _ message: String) {
    self.position = position
    self.message = message
  }
}
