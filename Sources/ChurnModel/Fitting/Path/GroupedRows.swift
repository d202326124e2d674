import LinearAlgebra

/// The rows of a path's fits, those of one group (a fold or a period) side by side, so that sums are kept per group.
struct GroupedRows: Sendable {
  let data: TrainingData
  /// The rows with a weight, group after group, ascending within each; nil when there is one group of all rows.
  let order: [Int32]?
  /// Positions of each group.
  let ranges: [Range<Int>]
  /// Σw of each group.
  let weights: [Double]

  /// All rows as one group.
  init(data: TrainingData) {
    self.data = data
    order = nil
    ranges = [0..<data.rows]
    weights = [data.totalWeight]
  }

  /// - Parameters:
  ///   - groupOfRow: one a row, `0..<groups`.
  /// - Complexity: O(rows)
  init(data: TrainingData, groupOfRow: [Int], groups: Int) {
    self.data = data
    var counts = [Int](repeating: 0, count: groups)
    var weights = [Double](repeating: 0, count: groups)
    for (row, group) in groupOfRow.enumerated() where data.weights[row] > 0 {
      counts[group] += 1
      weights[group] += data.weights[row]
    }
    var ends: [Int] = []
    for count in counts { ends.append((ends.last ?? 0) + count) }
    var next = zip(ends, counts).map { $0 - $1 }
    ranges = zip(next, ends).map { $0..<$1 }
    var order = [Int32](repeating: 0, count: ends.last ?? 0)
    for (row, group) in groupOfRow.enumerated() where data.weights[row] > 0 {
      order[next[group]] = Int32(row)
      next[group] += 1
    }
    self.order = order
    self.weights = weights
  }

  /// Σw of some groups.
  func weight(_ groups: [Int]) -> Double { groups.reduce(0) { $0 + weights[$1] } }

  /// Blocks of rows of one group each; they depend on the sizes alone.
  func blocks(about count: Int) -> [(group: Int, positions: Range<Int>)] {
    let total = ranges.reduce(0) { $0 + $1.count }
    let size = Parallel.blockSize(count: total, blocks: count, multipleOf: Panel.usualCapacity)
    return ranges.enumerated().flatMap { group, range in
      stride(from: range.lowerBound, to: range.upperBound, by: size).map {
        (group, $0..<min($0 + size, range.upperBound))
      }
    }
  }
}
