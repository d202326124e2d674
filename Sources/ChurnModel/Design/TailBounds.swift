/// The values below and above which a given share of the weight lies.
enum TailBounds {
  /// The least value with at least `share` of the weight at or below it, and the greatest with as much at or above.
  ///
  /// Defined by cumulated weights, so that a weight of 2 is the same as the value twice. NaN values and weights of 0
  /// are skipped; nil when no value is left.
  ///
  /// - Complexity: O(n log(share·n)), without sorting the sample.
  static func bounds(
    share: Double, count: Int, value: (Int) -> Double, weight: (Int) -> Double
  ) -> (lower: Double, upper: Double)? {
    var total = 0.0
    for index in 0..<count where !value(index).isNaN { total += weight(index) }
    guard total > 0 else { return nil }
    var low = Tail(target: share * total)
    var high = Tail(target: share * total)
    for index in 0..<count {
      let (value, weight) = (value(index), weight(index))
      guard !value.isNaN, weight > 0 else { continue }
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
