/// The partition of sorted values into clusters of least sum of squared distances from their means.
///
/// An optimal cluster of numbers is a run of the sorted values, so dynamic programming over where the last cluster begins
/// finds the optimum; where it begins never falls as values are added, so that each layer is solved by halving. Of equally
/// good partitions the one whose last clusters begin earliest is taken: nothing is drawn at random.
///
/// Source: H. Wang and M. Song (2011), Ckmeans.1d.dp, The R Journal 3(2); divide and conquer as in A. Grønlund et al.
/// (2017), Fast exact k-means, k-medians and Bregman divergence clustering in 1D, arXiv:1701.07204.
enum OptimalClusters {
  /// Where each cluster begins: places in `values`, the first of them 0; fewer than `count` when values are fewer.
  ///
  /// - Parameters:
  ///   - values: rising, each once.
  ///   - weights: how often each occurs, above 0.
  /// - Complexity: O(count · n log n) time, 4 · count · n bytes.
  static func firsts(of values: [Double], weights: [Double], count: Int) -> [Int] {
    precondition(values.count == weights.count, "one weight a value")
    guard values.count > count else { return Array(values.indices) }
    let spread = RunSpread(values, weights)
    var best = (0...values.count).map { spread(0, $0) }
    var origins: [[Int32]] = []
    for clusters in stride(from: 2, through: count, by: 1) {
      var layer = Layer(spread: spread, before: best, fewest: clusters - 1)
      // Of the last layer only the whole is asked for.
      let wanted = clusters == count ? values.count...values.count : clusters...values.count
      layer.solve(wanted, origins: clusters - 1...values.count - 1)
      best = layer.best
      origins.append(layer.origins)
    }
    var firsts: [Int] = []
    var end = values.count
    for layer in origins.reversed() {
      end = Int(layer[end])
      firsts.append(end)
    }
    return [0] + firsts.reversed()
  }

  /// One more cluster behind the best partitions so far.
  private struct Layer {
    let spread: RunSpread
    /// The least sum of the first j values in one cluster fewer.
    let before: [Double]
    /// Values that the clusters before need.
    let fewest: Int
    var best: [Double]
    /// Where the last cluster of the first j values begins.
    var origins: [Int32]

    init(spread: RunSpread, before: [Double], fewest: Int) {
      self.spread = spread
      self.before = before
      self.fewest = fewest
      best = Array(repeating: .infinity, count: before.count)
      origins = Array(repeating: 0, count: before.count)
    }

    /// Solves for the middle one of some ends, whose origin bounds those of the ends on either side.
    mutating func solve(_ ends: ClosedRange<Int>, origins allowed: ClosedRange<Int>) {
      let middle = (ends.lowerBound + ends.upperBound) / 2
      var (least, place) = (Double.infinity, allowed.lowerBound)
      for origin in allowed.lowerBound...min(allowed.upperBound, middle - 1) {
        let sum = before[origin] + spread(origin, middle)
        if sum < least { (least, place) = (sum, origin) }
      }
      best[middle] = least
      origins[middle] = Int32(place)
      if ends.lowerBound < middle { solve(ends.lowerBound...middle - 1, origins: allowed.lowerBound...place) }
      if middle < ends.upperBound { solve(middle + 1...ends.upperBound, origins: place...allowed.upperBound) }
    }
  }

  /// The sum of squared distances of a run of values from their mean, from sums up to each value.
  private struct RunSpread {
    private let weights: [Double]
    private let sums: [Double]
    private let squares: [Double]

    init(_ values: [Double], _ weights: [Double]) {
      // Distances from the mean of all keep the differences of squares exact enough.
      let total = weights.reduce(0, +)
      let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
      func cumulated(_ term: (Double, Double) -> Double) -> [Double] {
        var sum = 0.0
        return [0]
          + zip(values, weights).map { value, weight in
            sum += term(value - mean, weight)
            return sum
          }
      }
      self.weights = cumulated { $1 }
      sums = cumulated { $0 * $1 }
      squares = cumulated { $0 * $0 * $1 }
    }

    /// Of the values `first..<end`.
    @inline(__always)
    func callAsFunction(_ first: Int, _ end: Int) -> Double {
      let weight = weights[end] - weights[first]
      guard weight > 0 else { return 0 }
      let sum = sums[end] - sums[first]
      return max(squares[end] - squares[first] - sum * sum / weight, 0)
    }
  }
}
