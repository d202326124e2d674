/// A number's bins as nodes of its term.
struct TermBins {
  let scale: TermScale
  /// What the steps of the term are held to; nil for nothing.
  let steps: StepBounds?

  /// Optimal bins from some rows; nil when no border pays and none of the rows misses the value.
  ///
  /// - Parameters:
  ///   - rows: the rows that decide.
  ///   - most: most bins.
  /// - Throws: `ChurnModelError` when the rows have one label.
  /// - Complexity: O(rows × log rows + bins × finest bins²)
  init?(
    _ data: TrainingData, feature: Int, rows: [Int32], trend: OptimalBinOptions.Trend, most: Int,
    options: TermOptions
  ) throws(ChurnModelError) {
    var bins = options.bins
    let wanted = options.trend(of: data.features[feature].name, trend)
    bins.trend = wanted.trend
    bins.maximumBins = min(bins.maximumBins, most)
    bins.parallel = options.parallel
    let values = rows.map { data.values[Int($0), feature] }
    let found = try OptimalBinning.bins(
      column: values, labels: rows.map { data.outcomes[Int($0)] > 0 },
      weights: rows.map { data.weights[Int($0)] },
      options: bins)
    let distribution = ValueDistribution(data, feature: feature, rows: rows)
    guard case .intervals(let edges) = found.bins, !distribution.values.isEmpty,
      edges.valueBins > 1 || distribution.missingWeight > 0
    else { return nil }
    scale = TermScale(
      nodes: .steps(edges, range: distribution.range(around: edges.edges)),
      hasMissing: distribution.missingWeight > 0)
    steps = wanted.isHeld ? Self.bounds(found, wanted.trend) : nil
  }

  /// The trend as a direction for each step; one that turns, turns at the bin with the extreme rate.
  private static func bounds(_ bins: OptimalBins, _ trend: OptimalBinOptions.Trend) -> StepBounds {
    let rates = bins.rows.prefix(bins.bins.valueBins).map(\.rate)
    let steps = rates.indices.dropLast()
    switch trend {
    case .increasing: return StepBounds(steps.map { _ in .rising })
    case .decreasing: return StepBounds(steps.map { _ in .falling })
    case .peak:
      let turn = rates.indices.max { rates[$0] < rates[$1] } ?? 0
      return StepBounds(steps.map { $0 < turn ? .rising : .falling })
    case .valley:
      let turn = rates.indices.min { rates[$0] < rates[$1] } ?? 0
      return StepBounds(steps.map { $0 < turn ? .falling : .rising })
    case .free, .auto: preconditionFailure("trends that are left open are not held")
    }
  }
}
