internal import CVectorLoops
import LinearAlgebra

/// Finds the pairs of features whose interaction the terms so far do not tell.
///
/// Residuals are summed up on the grid of two features' bins (as in FAST: Lou, Caruana, Gehrke and Hooker 2013, "Accurate
/// intelligible models with pairwise interactions", KDD), once for each of some folds. In every cell a step of Newton's
/// method, shrunk by a ridge, is fitted outside a fold and its gain in log-likelihood measured inside: a pair that only
/// follows noise gains nothing, however fine its grid. Of several grids, from fine to coarse, of the product of the
/// features' places alone, and of several ridges the best counts.
struct PairSearch {
  /// One feature's bins.
  struct Bins: Sendable {
    /// Bin of each row.
    let codes: [UInt8]
    let count: Int
    /// For each coarser grid, the bin there of each bin here; the grid itself first.
    let grids: [(bins: [Int], count: Int)]
    /// For a number, where each bin stands among the others, with mean 0 and mean square 1 over the rows; else empty.
    let scores: [Double]
  }

  struct Candidate: Sendable {
    let first: Int
    let second: Int
    /// Gain in log-likelihood on rows that the cells were not fitted to.
    let gain: Double
  }

  static let folds = 4
  /// A grid and three coarser ones, each with half as many bins.
  fileprivate static let halvings = 3
  private static let ridges = [1.0, 4, 16]

  /// One a feature; nil for those that take no part.
  let bins: [Bins?]
  /// Fold of each row.
  let foldOfRow: [UInt8]
  let parallel: Parallel

  /// - Parameters:
  ///   - gradients: y − p times the weight, one a row.
  ///   - curvatures: p(1 − p) times the weight, one a row.
  ///   - isTaken: whether a pair is among the terms already.
  /// - Returns: every pair with its gain, the greatest first.
  /// - Complexity: O(pairs × rows)
  func candidates(
    gradients: [Double], curvatures: [Double], isTaken: (Int, Int) -> Bool
  ) -> [Candidate] {
    let features = bins.indices.filter { bins[$0] != nil }
    let pairs = features.flatMap { first in
      features.filter { $0 > first && !isTaken(first, $0) }.map { (first, $0) }
    }
    var gains = [Double](repeating: 0, count: pairs.count)
    gains.withUnsafeMutableBufferPointer { gains in
      nonisolated(unsafe) let gains = gains
      parallel.forEachBlock(count: pairs.count, blockSize: 1) { block in
        let (first, second) = pairs[block.index]
        guard let one = bins[first], let other = bins[second] else { return }
        gains[block.index] = gain(one, other, gradients, curvatures)
      }
    }
    return zip(pairs, gains).map { Candidate(first: $0.0, second: $0.1, gain: $1) }
      .sorted { ($1.gain, $0.first, $0.second) < ($0.gain, $1.first, $1.second) }
  }

  private func gain(_ one: Bins, _ other: Bins, _ gradients: [Double], _ curvatures: [Double]) -> Double {
    var sums = [Double](repeating: 0, count: 2 * Self.folds * one.count * other.count)
    term_add_pair_sums(
      one.codes, other.codes, one.count, other.count, foldOfRow, gradients, curvatures, gradients.count, &sums
    )
    var best = Self.productGain(sums, one.scores, other.scores)
    for (coarseOne, coarseOther) in zip(one.grids, other.grids) {
      let size = coarseOne.count * coarseOther.count
      var coarse = [Double](repeating: 0, count: 2 * Self.folds * size)
      for fold in 0..<Self.folds {
        for first in 0..<one.count {
          for second in 0..<other.count {
            let source = 2 * ((fold * one.count + first) * other.count + second)
            let cell = coarseOne.bins[first] * coarseOther.count + coarseOther.bins[second]
            coarse[2 * (fold * size + cell)] += sums[source]
            coarse[2 * (fold * size + cell) + 1] += sums[source + 1]
          }
        }
      }
      best = max(best, Self.heldOutGain(coarse, cells: size))
    }
    return best
  }

  /// What the product of both features' scores gains: one coefficient for the whole grid, for interactions too weak to be
  /// seen in single cells.
  private static func productGain(_ sums: [Double], _ one: [Double], _ other: [Double]) -> Double {
    guard !one.isEmpty, !other.isEmpty else { return -.infinity }
    let cells = one.count * other.count
    var products = [Double](repeating: 0, count: 2 * folds)
    for fold in 0..<folds {
      for cell in 0..<cells {
        let product = one[cell / other.count] * other[cell % other.count]
        products[2 * fold] += product * sums[2 * (fold * cells + cell)]
        products[2 * fold + 1] += product * product * sums[2 * (fold * cells + cell) + 1]
      }
    }
    return heldOutGain(products, cells: 1)
  }

  /// - Parameter sums: gradient and curvature of each cell, fold by fold.
  private static func heldOutGain(_ sums: [Double], cells: Int) -> Double {
    var gains = [Double](repeating: 0, count: ridges.count)
    for cell in 0..<cells {
      var (gradient, curvature) = (0.0, 0.0)
      for fold in 0..<folds {
        gradient += sums[2 * (fold * cells + cell)]
        curvature += sums[2 * (fold * cells + cell) + 1]
      }
      for fold in 0..<folds {
        let inside = sums[2 * (fold * cells + cell)]
        let insideCurvature = sums[2 * (fold * cells + cell) + 1]
        for (index, ridge) in ridges.enumerated() {
          let step = (gradient - inside) / (curvature - insideCurvature + ridge)
          gains[index] += step * (inside - step / 2 * insideCurvature)
        }
      }
    }
    return gains.max() ?? 0
  }
}

extension PairSearch.Bins {
  /// The bins of a feature on the scale that a pair's term would have.
  ///
  /// - Parameter weights: one a row.
  init(_ scale: TermScale, _ column: PlacedColumn, weights: [Double]) {
    let last = scale.count - 1
    // Between two knots of a number with few values there is nothing, so that a node is a value.
    codes = zip(column.nodes, column.shares).map { node, share in node + (share >= 0.5 ? 1 : 0) }
    count = last + 1
    scores = scale.isNumber ? Self.scores(codes, weights, scale) : []
    grids = (0...PairSearch.halvings).map { halving in
      let bins = (0...last).map { node in
        guard scale.isNumber, node < scale.valueNodes else { return node }
        return node >> halving
      }
      // Close up the bins behind those of the knots.
      let used = Set(bins).sorted()
      return (bins.map { used.firstIndex(of: $0) ?? 0 }, used.count)
    }
  }

  private static func scores(_ codes: [UInt8], _ weights: [Double], _ scale: TermScale) -> [Double] {
    var sums = [Double](repeating: 0, count: scale.count)
    for (code, weight) in zip(codes, weights) where Int(code) < scale.valueNodes { sums[Int(code)] += weight }
    let total = sums.reduce(0, +)
    guard total > 0 else { return [] }
    let places = sums.indices.map { Double($0) }
    let mean = zip(places, sums).reduce(0) { $0 + $1.0 * $1.1 } / total
    let square = zip(places, sums).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) } / total
    guard square > 0 else { return [] }
    return places.map { Int($0) < scale.valueNodes ? ($0 - mean) / square.squareRoot() : 0 }
  }
}
