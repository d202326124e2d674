import Features
internal import Foundation
import LinearAlgebra

/// Groups features whose values go together: single linkage of absolute correlations above a limit.
///
/// Correlations are Pearson's over the rows where both are known, of values as a model takes them in (long-tailed ones by
/// their logarithm). Categories are left out.
enum CorrelationGroups {
  /// Features beyond this say the same: the limit at which the project's catalogue wants one of a pair dropped.
  static let limit = 0.9
  /// Fewer common rows say nothing.
  private static let minimumRows = 30

  /// The groups of two and more, each ascending, in the order of their first features.
  static func find(_ sample: FeatureSample, _ parallel: Parallel) -> [[Int]] {
    let step = max(
      1, (sample.count + FeatureDescription.correlationRows - 1) / FeatureDescription.correlationRows)
    let columns = Catalogue.all.map { centred($0, sample, step: step) }
    var leads = Array(columns.indices)
    func lead(of feature: Int) -> Int {
      var feature = feature
      while leads[feature] != feature { feature = leads[feature] }
      return feature
    }
    for (earlier, later) in pairs(columns, parallel) {
      let (a, b) = (lead(of: earlier), lead(of: later))
      leads[max(a, b)] = min(a, b)
    }
    let groups = Dictionary(grouping: columns.indices, by: lead)
    return groups.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { $0.value.sorted() }
  }

  /// A feature's values about their mean; empty for categories and constants.
  private static func centred(_ definition: FeatureDefinition, _ sample: FeatureSample, step: Int) -> [Double]
  {
    var values = sample.column(definition.feature.rawValue, step: step)
    switch definition.kind {
    case .category: return []
    case .logarithm: values = values.map { $0 < 0 ? -log1p(-$0) : log1p($0) }
    case .numeric, .flag: break
    }
    let known = values.filter { !$0.isNaN }
    guard let first = known.first, known.contains(where: { $0 != first }) else { return [] }
    let mean = known.reduce(0, +) / Double(known.count)
    return values.map { $0 - mean }
  }

  /// Pairs of features beyond the limit, the earlier one first.
  private static func pairs(_ columns: [[Double]], _ parallel: Parallel) -> [(Int, Int)] {
    var found = [[Int]](repeating: [], count: columns.count)
    found.withUnsafeMutableBufferPointer { found in
      // Each call writes its own element only.
      nonisolated(unsafe) let found = found
      parallel.forEachBlock(count: columns.count, blockSize: 1) { block in
        let earlier = block.index
        found[earlier] = (earlier + 1..<columns.count).filter { later in
          abs(correlation(columns[earlier], columns[later])) > limit
        }
      }
    }
    return found.enumerated().flatMap { earlier, others in others.map { (earlier, $0) } }
  }

  /// Pearson's correlation over the rows where both are known; 0 where too few are.
  static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return 0 }
    var (n, sumA, sumB, squaresA, squaresB, products) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for row in a.indices {
          let (x, y) = (a[row], b[row])
          guard !x.isNaN, !y.isNaN else { continue }
          n += 1
          sumA += x
          sumB += y
          squaresA += x * x
          squaresB += y * y
          products += x * y
        }
      }
    }
    guard n >= Double(minimumRows) else { return 0 }
    let varianceA = squaresA - sumA * sumA / n
    let varianceB = squaresB - sumB * sumB / n
    guard varianceA > 0, varianceB > 0 else { return 0 }
    return (products - sumA * sumB / n) / (varianceA * varianceB).squareRoot()
  }
}
