/// The likeliest partitions of pre-bins in 1, 2, … bins without a condition on their rates.
///
/// Dynamic programming over the end of the last bin (Bellman 1961; Fisher 1958): best(k, end) = max over start of
/// best(k − 1, start) + log-likelihood of start..<end. It goes through all partitions, so that its result is exact.
struct FreeSearch {
  private let table: SegmentTable
  private let mostBins: Int
  /// best(k, end) at (k − 1)·(pre-bins + 1) + end.
  private var best: [Double]
  /// The start of the last bin, in the same places.
  private var starts: [Int]

  /// - Complexity: O(bins × pre-bins²)
  init(_ table: SegmentTable, mostBins: Int) {
    self.table = table
    self.mostBins = mostBins
    let width = table.count + 1
    best = Array(repeating: -.infinity, count: mostBins * width)
    starts = Array(repeating: 0, count: mostBins * width)
    for end in 1..<width { best[end] = table.logLikelihoods[end * table.count] }
    for bins in 1..<max(mostBins, 1) {
      let (own, before) = (bins * width, (bins - 1) * width)
      for end in 1..<width {
        for start in 1..<max(end, 1) {
          let value = best[before + start] + table.logLikelihoods[end * table.count + start]
          if value > best[own + end] { (best[own + end], starts[own + end]) = (value, start) }
        }
      }
    }
  }

  /// The log-likelihood of the best partition in so many bins; −∞ when there is none.
  func logLikelihood(bins: Int) -> Double {
    best[(bins - 1) * (table.count + 1) + table.count]
  }

  /// Where the bins of the best partition start, upwards.
  func partition(bins: Int) -> [Int] {
    var (end, result) = (table.count, [Int]())
    for layer in (0..<bins).reversed() {
      end = starts[layer * (table.count + 1) + end]
      result.append(end)
    }
    return result.reversed()
  }
}
