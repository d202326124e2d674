internal import Foundation

extension DesignColumn {
  /// The greatest magnitude of the standardised column over all rows with a weight: what the feature's extreme values
  /// give.
  ///
  /// - Complexity: O(1)
  func greatestMagnitude(kind: FeatureColumn.Kind, summary: FeatureSummary) -> Double {
    let ends: [Double]
    switch term {
    case .value(let lower, let upper, let fill):
      ends =
        [summary.least, summary.greatest].map { value in
          let bounded = min(max(value, lower ?? value), upper ?? value)
          guard kind == .logarithm else { return bounded }
          return (bounded < 0 ? -1 : 1) * log1p(bounded.magnitude)
        } + [fill]
    case .missing, .level, .otherLevels: ends = [0, 1]
    }
    return ends.reduce(0) { max($0, (($1 - mean) / scale).magnitude) }
  }
}
