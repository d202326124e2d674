/// Ranks of values among each other.
public enum Ranks {
  /// The midrank of every value, counted from 1: equal values share the mean of the ranks they take up.
  ///
  /// - Complexity: O(n log n)
  public static func midranks(_ values: [Double]) -> [Double] {
    let order = ascendingOrder(values)
    var ranks = [Double](repeating: 0, count: values.count)
    forEachTie(order, values) { positions in
      let rank = Double(positions.lowerBound + positions.upperBound + 1) / 2
      for position in positions { ranks[order[position]] = rank }
    }
    return ranks
  }

  /// The indices of `values` in ascending order of the values.
  static func ascendingOrder(_ values: [Double]) -> [Int] {
    var pairs = values.enumerated().map { (value: $0.element, index: $0.offset) }
    pairs.sort { $0.value < $1.value }
    return pairs.map(\.index)
  }

  /// Calls `body` with the positions in `order` of every run of equal values, upwards.
  static func forEachTie(_ order: [Int], _ values: [Double], _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
      body(start..<end)
      start = end
    }
  }
}
