import Statistics

/// A reusable list of plain values, to be filled and emptied for every relation without allocating.
struct Scratch<Element: BitwiseCopyable>: ~Copyable {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 64) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit {
    base.deallocate()
  }

  var isEmpty: Bool { count == 0 }

  @inline(__always)
  mutating func removeAll() { count = 0 }

  /// Keeps the first `count` values.
  @inline(__always)
  mutating func shorten(to count: Int) { self.count = count }

  @inline(__always)
  mutating func append(_ value: Element) {
    if count == capacity { grow() }
    base[count] = value
    count += 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    capacity *= 2
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }
}

extension Scratch where Element == Double {
  /// The median of the values (mean of the middle two for even counts), which change places; NaN for none.
  ///
  /// - Complexity: O(n) on average.
  mutating func median() -> Double {
    guard count > 0 else { return .nan }
    let middle = count / 2
    let insertionSortCount = 12
    if count <= insertionSortCount {
      sort()
      return count % 2 == 1 ? base[middle] : (base[middle - 1] + base[middle]) / 2
    }
    return Selection.median(of: UnsafeMutableBufferPointer(start: base, count: count))
  }

  /// The median absolute deviation from `centre`; the values are replaced.
  mutating func medianAbsoluteDeviation(from centre: Double) -> Double {
    for index in 0..<count { base[index] = abs(base[index] - centre) }
    return median()
  }

  /// Insertion sort, for the few values of a relation.
  private mutating func sort() {
    var position = 1
    while position < count {
      let value = base[position]
      var slot = position
      while slot > 0, base[slot - 1] > value {
        base[slot] = base[slot - 1]
        slot -= 1
      }
      base[slot] = value
      position += 1
    }
  }
}
