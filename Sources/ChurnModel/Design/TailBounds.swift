/// The values below and above which a given share of the weight lies.
enum TailBounds {
  /// The least value with at least `share` of the weight at or below it, and the greatest with as much at or above.
  ///
  /// Defined by cumulated weights, so that a weight of 2 is the same as the value twice; nil without values.
  ///
  /// - Parameters:
  ///   - values: finite, in any order.
  ///   - weights: one a value, greater than 0.
  /// - Complexity: O(n log(share·n)), without sorting the sample.
  static func bounds(
    share: Double, values: UnsafeBufferPointer<Double>, weights: UnsafeBufferPointer<Double>
  ) -> (lower: Double, upper: Double)? {
    guard !values.isEmpty else { return nil }
    let target = share * weights.reduce(0, +)
    var low = Tail(target: target)
    var high = Tail(target: target)
    for (value, weight) in zip(values, weights) {
      low.add(value, weight)
      high.add(-value, weight)
    }
    return (low.greatest, -high.greatest)
  }

  /// The smallest values that together reach the target weight, as a heap with the greatest on top.
  private struct Tail {
    private let target: Double
    private var weight = 0.0
    private var heap: [(value: Double, weight: Double)] = []

    init(target: Double) {
      self.target = target
    }

    var greatest: Double { heap[0].value }

    mutating func add(_ value: Double, _ added: Double) {
      if weight >= target, let top = heap.first, value >= top.value { return }
      heap.append((value, added))
      weight += added
      siftUp()
      while heap.count > 1, weight - heap[0].weight >= target {
        weight -= heap[0].weight
        removeTop()
      }
    }

    private mutating func siftUp() {
      var child = heap.count - 1
      while child > 0 {
        let parent = (child - 1) / 2
        guard heap[parent].value < heap[child].value else { return }
        heap.swapAt(parent, child)
        child = parent
      }
    }

    private mutating func removeTop() {
      heap[0] = heap[heap.count - 1]
      heap.removeLast()
      var parent = 0
      while true {
        var greatest = parent
        for child in 2 * parent + 1...2 * parent + 2 where child < heap.count {
          if heap[child].value > heap[greatest].value { greatest = child }
        }
        if greatest == parent { return }
        heap.swapAt(parent, greatest)
        parent = greatest
      }
    }
  }
}
