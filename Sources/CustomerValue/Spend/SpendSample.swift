internal import Foundation

/// The amounts that a gamma-gamma model is fitted to: of every customer their number and mean, sorted by number.
public struct SpendSample: Sendable {
  /// Customers with the same number of amounts.
  struct Group: Sendable {
    /// x, at least 1.
    let count: Int
    /// Where their means stand.
    let range: Range<Int>
    /// Σ ln z̄ over them.
    let logMeans: Double
  }

  let groups: [Group]
  /// z̄ of each customer, in the unit of amounts.
  let means: [Double]
  /// Customers with amounts whose mean is not above 0, who say nothing to a model of positive amounts.
  public let nonPositive: Int
  /// Pearson's correlation of number and mean over the customers, which the model takes for 0; NaN where it is not defined.
  public let correlation: Double

  /// Customers that the model is fitted to.
  public var customers: Int { means.count }

  /// The mean amount of all visits of the customers; NaN without any.
  public let meanAmount: Double

  /// - Parameters:
  ///   - counts: amounts known of each customer; those with none are left out.
  ///   - means: their means, as many.
  /// - Complexity: O(customers + highest count)
  public init(counts: [Int32], means: [Double]) {
    precondition(counts.count == means.count, "every customer has a count and a mean")
    var starts = [Int](repeating: 0, count: Int(counts.max() ?? 0) + 2)
    var nonPositive = 0
    for (count, mean) in zip(counts, means) where count > 0 {
      if mean > 0, mean.isFinite { starts[Int(count) + 1] += 1 } else { nonPositive += 1 }
    }
    for index in starts.indices.dropFirst() { starts[index] += starts[index - 1] }
    let ends = starts
    var sorted = [Double](repeating: 0, count: starts.last ?? 0)
    for (count, mean) in zip(counts, means) where count > 0 && mean > 0 && mean.isFinite {
      sorted[starts[Int(count)]] = mean
      starts[Int(count)] += 1
    }
    groups = (0..<ends.count - 1).compactMap { count in
      let range = ends[count]..<ends[count + 1]
      guard !range.isEmpty else { return nil }
      return Group(count: count, range: range, logMeans: sorted[range].reduce(0) { $0 + log($1) })
    }
    self.means = sorted
    self.nonPositive = nonPositive
    correlation = Self.correlation(groups, sorted)
    let amounts = groups.reduce(0.0) { $0 + Double($1.count) * Double($1.range.count) }
    meanAmount =
      groups.reduce(0.0) { $0 + Double($1.count) * sorted[$1.range].reduce(0, +) } / amounts
  }

  private static func correlation(_ groups: [Group], _ means: [Double]) -> Double {
    let total = Double(means.count)
    let meanCount = groups.reduce(0.0) { $0 + Double($1.count) * Double($1.range.count) } / total
    let meanMean = means.reduce(0, +) / total
    var (counts, spends, both) = (0.0, 0.0, 0.0)
    for group in groups {
      let distance = Double(group.count) - meanCount
      counts += distance * distance * Double(group.range.count)
      for mean in means[group.range] {
        spends += (mean - meanMean) * (mean - meanMean)
        both += distance * (mean - meanMean)
      }
    }
    return counts > 0 && spends > 0 ? both / (counts * spends).squareRoot() : .nan
  }
}
