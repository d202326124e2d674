import Statistics

/// How the bins of one score are found.
public enum BinningRule: Sendable, Hashable {
  /// The rule of the R package rfm, for whole days, orders and amounts: a bin begins at a quantile (linear interpolation
  /// between order statistics) *plus one* unit.
  case quantilesPlusOne
  /// The rule of the catalogue's `R_score`, `F_score` and `M_score`, for any scale: a bin begins above a quantile, so that
  /// a value on it counts for the lower bin.
  case quantiles
  /// The clusters of least spread on a logarithmic scale (see `ClusteredBins`).
  case kMeans
  /// Where the bins 2 and up begin, rising; a value that reaches a cut-off belongs to the bin above.
  case cutOffs([Double])

  /// The bins of a population.
  ///
  /// Values that are not finite play no part. Without any other, all values fall into bin 1; with fewer distinct values
  /// than bins, some bins stay empty.
  /// - Parameter count: bins, at least 2; cut-offs are one fewer.
  /// - Complexity: O(n) on average; `kMeans` O(n log n).
  public func bins(of values: [Double], count: Int) -> ScoreBins {
    precondition(count >= 2, "a score has two bins at least")
    switch self {
    case .cutOffs(let cutOffs):
      precondition(cutOffs.count == count - 1, "cut-offs are one fewer than bins")
      return ScoreBins(boundaries: cutOffs)
    case .kMeans:
      return ScoreBins(boundaries: ClusteredBins.boundaries(of: values.filter(\.isFinite), count: count))
    case .quantiles, .quantilesPlusOne:
      var known = values.filter(\.isFinite)
      guard !known.isEmpty else {
        return ScoreBins(boundaries: Array(repeating: .infinity, count: count - 1))
      }
      let quantiles = known.withUnsafeMutableBufferPointer { known in
        Selection.quantiles((1..<count).map { Double($0) / Double(count) }, of: known)
      }
      guard self == .quantilesPlusOne else {
        return ScoreBins(boundaries: quantiles, includesBoundary: false)
      }
      return ScoreBins(boundaries: quantiles.map { $0 + Self.publishedOffset })
    }
  }

  /// What the published rule adds to a quantile to get the beginning of a bin.
  static let publishedOffset = 1.0
}
