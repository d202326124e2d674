extension BinEdges {
  /// Edges between bins of about equal weight; each distinct value has its own bin when there are no more than `bins`.
  ///
  /// Values are taken in ascending order, and a bin ends where its weight comes nearest to an equal share of what is
  /// left, so that a value that outweighs a share has a bin of its own and the others share the rest. Edges are values
  /// of the column (the least of their bin): a monotone transformation of the column does not change what lies where.
  ///
  /// - Parameters:
  ///   - values: in any order; NaN is left out.
  ///   - weights: at least 0, one a value, or nil for 1 each.
  ///   - bins: most bins for values, 1...255.
  /// - Complexity: O(n)
  public init(quantilesOf values: [Double], weights: [Double]? = nil, bins: Int = greatestEdgeCount + 1) {
    precondition(weights.map { $0.count == values.count } ?? true, "as many weights as values are needed")
    let sorter = RadixSorter(capacity: values.count)
    values.withUnsafeBufferPointer { values in
      if let weights {
        weights.withUnsafeBufferPointer { sorter.fill(values, weights: $0) }
      } else {
        sorter.fill(values, weights: nil)
      }
    }
    self.init(quantilesOf: sorter, bins: bins)
  }

  init(quantilesOf sample: RadixSorter, bins: Int) {
    precondition((1...Self.greatestEdgeCount + 1).contains(bins), "a column has 1 to 255 bins for values")
    sample.sort()
    var filling = BinFilling(
      bins: bins, total: sample.totalWeight, distinct: sample.distinctCount(upTo: bins))
    sample.forEachDistinct { value, weight in filling.add(value, weight) }
    self.init(filling.edges)
  }
}

/// Fills bins with ascending values one after the other.
private struct BinFilling {
  private(set) var edges: [Double] = []
  private let eachAlone: Bool
  private var binsLeft: Int
  private var weightLeft: Double
  private var filled = 0.0

  /// - Parameter distinct: number of distinct values, or anything greater than `bins` when there are more.
  init(bins: Int, total: Double, distinct: Int) {
    eachAlone = distinct <= bins
    binsLeft = bins
    weightLeft = total
  }

  mutating func add(_ value: Double, _ weight: Double) {
    if filled > 0, binsLeft > 1, value.isFinite, isFull(for: weight) {
      edges.append(value)
      binsLeft -= 1
      weightLeft -= filled
      filled = 0
    }
    filled += weight
  }

  /// Whether the bin is nearer to its share without the next value than with it.
  private func isFull(for next: Double) -> Bool {
    if eachAlone { return true }
    let share = weightLeft / Double(binsLeft)
    return filled + next - share > share - filled
  }
}
