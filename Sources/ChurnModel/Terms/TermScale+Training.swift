/// Values of one feature with their weights, ascending and each value once; missing ones counted apart.
struct ValueDistribution {
  let values: [Double]
  let weights: [Double]
  let missingWeight: Double

  /// - Complexity: O(rows log rows)
  init(_ data: TrainingData, feature: Int, rows: [Int32]) {
    var pairs: [(value: Double, weight: Double)] = []
    pairs.reserveCapacity(rows.count)
    var missing = 0.0
    let columns = data.features.count
    data.values.withUnsafeElements { elements in
      for row in rows {
        let value = elements[Int(row) * columns + feature]
        let weight = data.weights[Int(row)]
        if value.isNaN { missing += weight } else { pairs.append((value, weight)) }
      }
    }
    pairs.sort { $0.value < $1.value }
    var values: [Double] = []
    var weights: [Double] = []
    for (value, weight) in pairs {
      if values.last == value {
        weights[weights.count - 1] += weight
      } else {
        values.append(value)
        weights.append(weight)
      }
    }
    self.values = values
    self.weights = weights
    missingWeight = missing
  }

  /// For ascending shares the smallest values that so great a share of the weight does not exceed.
  func quantiles(_ shares: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    var result: [Double] = []
    var (position, below) = (0, weights.first ?? 0)
    for share in shares {
      while position < values.count - 1, below < share * total {
        position += 1
        below += weights[position]
      }
      result.append(values[position])
    }
    return result
  }
}

extension ValueDistribution {
  /// Share of the weight beyond each end of the range of usual values.
  static let tailShare = 0.001

  /// From the smallest usual value to the greatest, widened to hold some edges.
  func range(around edges: [Double]) -> ClosedRange<Double> {
    let ends = quantiles([Self.tailShare, 1 - Self.tailShare])
    return min(ends[0], edges.first ?? ends[0])...max(ends[1], edges.last ?? ends[1])
  }
}

extension TermScale {

  /// Knots for a number: every value when there are few, else quantiles. One value that some rows miss is a bin of its own
  /// beside the missing ones, for a mark is often written as 1 or nothing; nil when there is nothing to tell apart.
  ///
  /// - Parameter isLogarithmic: whether values stand between two knots by their logarithms.
  static func number(
    _ distribution: ValueDistribution, mostKnots: Int, isLogarithmic: Bool = false
  ) -> TermScale? {
    guard let least = distribution.values.first, let greatest = distribution.values.last else { return nil }
    let hasMissing = distribution.missingWeight > 0
    guard least < greatest else {
      return hasMissing ? TermScale(nodes: .steps(BinEdges([]), range: least...least), hasMissing: true) : nil
    }
    var knots = distribution.values
    if knots.count > mostKnots {
      let shares = (0..<mostKnots).map { index in
        min(
          max(Double(index) / Double(mostKnots - 1), ValueDistribution.tailShare),
          1 - ValueDistribution.tailShare)
      }
      knots = distribution.quantiles(shares).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
      // All quantiles may fall on the one value that nearly all rows have.
      if knots.count < 2 { knots = [least, greatest] }
    }
    return TermScale(nodes: .knots(knots), hasMissing: hasMissing, isLogarithmic: isLogarithmic)
  }

  /// Nodes for a category: a level of which less than `leastWeight` was seen, or that is not among the `mostNodes`
  /// heaviest, is pooled; nil when all rows have one level.
  static func category(
    _ distribution: ValueDistribution, mostNodes: Int, leastWeight: Double
  ) -> TermScale? {
    let hasMissing = distribution.missingWeight > 0
    let byWeight = distribution.values.indices.sorted {
      (distribution.weights[$0], distribution.values[$1]) > (
        distribution.weights[$1], distribution.values[$0]
      )
    }
    let own = byWeight.prefix(mostNodes).filter { distribution.weights[$0] >= leastWeight }.sorted()
    var groups = own.map { [Int(distribution.values[$0])] }
    let pooled = Set(distribution.values.indices).subtracting(own).sorted().map {
      Int(distribution.values[$0])
    }
    var pool: Int?
    if !pooled.isEmpty {
      pool = groups.count
      groups.append(pooled)
    }
    guard groups.count > 1 || (hasMissing && !groups.isEmpty) else { return nil }
    return TermScale(nodes: .levels(groups, pool: pool), hasMissing: hasMissing)
  }
}
