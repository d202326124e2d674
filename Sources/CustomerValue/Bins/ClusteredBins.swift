import Foundation
import Statistics

/// Bins by one-dimensional k-means, solved exactly.
///
/// Amounts and visits have long tails, in which plain k-means would spend its clusters on a few customers. So values are
/// clustered as sign(x) · log(1 + |x| / m), where m is the median of the magnitudes above 0: the unit of the values plays
/// no part, and a bin holds values of one order of magnitude.
enum ClusteredBins {
  /// Where the clusters 2 and up begin: the smallest value of each; infinite where values are too few.
  ///
  /// - Parameter values: finite, in any order.
  /// - Complexity: O(n log n + bins · d log d) for d distinct values.
  static func boundaries(of values: [Double], count: Int) -> [Double] {
    var magnitudes = values.map(\.magnitude).filter { $0 > 0 }
    let median = magnitudes.withUnsafeMutableBufferPointer { Selection.median(of: $0) }
    let unit = median.isNaN ? 1 : median
    let distinct = DistinctValues(values)
    let scaled = distinct.values.map { ($0 < 0 ? -1 : 1) * log1p($0.magnitude / unit) }
    let firsts = OptimalClusters.firsts(of: scaled, weights: distinct.weights, count: count)
    let boundaries = firsts.dropFirst().map { distinct.values[$0] }
    return boundaries + Array(repeating: .infinity, count: count - 1 - boundaries.count)
  }
}

/// The values of a sample in rising order, each once, and how often they occur.
struct DistinctValues {
  private(set) var values: [Double] = []
  private(set) var weights: [Double] = []

  /// - Complexity: O(n log n)
  init(_ sample: [Double]) {
    for value in sample.sorted() {
      if value == values.last {
        weights[weights.count - 1] += 1
      } else {
        values.append(value)
        weights.append(1)
      }
    }
  }
}
