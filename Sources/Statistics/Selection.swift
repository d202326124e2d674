/// Order statistics without sorting.
public enum Selection {
  /// Puts the k-th smallest value (from 0) in its place, no larger ones before it and no smaller ones after it.
  ///
  /// Source: C. A. R. Hoare (1961), Algorithm 65: FIND.
  ///
  /// - Complexity: O(n) on average.
  @inlinable
  public static func select<Value: Comparable>(_ k: Int, in values: UnsafeMutableBufferPointer<Value>)
    -> Value
  {
    var low = 0
    var high = values.count - 1
    while low < high {
      let pivot = values[(low + high) / 2]
      var left = low
      var right = high
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if k <= right {
        high = right
      } else if k >= left {
        low = left
      } else {
        break
      }
    }
    return values[k]
  }

  /// The median of values, which change places: the mean of the middle two for even counts; NaN for none.
  ///
  /// - Complexity: O(n) on average.
  public static func median(of values: UnsafeMutableBufferPointer<Int32>) -> Double {
    guard !values.isEmpty else { return .nan }
    let (lower, upper) = middle(values)
    return (Double(lower) + Double(upper)) / 2
  }

  /// The median of values, which change places; NaN for none.
  ///
  /// - Complexity: O(n) on average.
  public static func median(of values: UnsafeMutableBufferPointer<Double>) -> Double {
    guard !values.isEmpty else { return .nan }
    let (lower, upper) = middle(values)
    return values.count % 2 == 1 ? upper : (lower + upper) / 2
  }

  /// The middle two of an even number of values, the middle one twice of an odd number.
  private static func middle<Value: Comparable>(
    _ values: UnsafeMutableBufferPointer<Value>
  ) -> (lower: Value, upper: Value) {
    let middle = values.count / 2
    let upper = select(middle, in: values)
    guard values.count % 2 == 0 else { return (upper, upper) }
    return (values[..<middle].max() ?? upper, upper)
  }

  /// Several quantiles, see `quantile`, by ascending shares: each is looked for behind the one before.
  ///
  /// - Complexity: O(n) on average a quantile, less for the later ones.
  public static func quantiles(
    _ shares: [Double], of values: UnsafeMutableBufferPointer<Double>
  ) -> [Double] {
    guard !values.isEmpty else { return shares.map { _ in .nan } }
    var first = 0
    return shares.map { share in
      precondition((0...1).contains(share), "a share lies between 0 and 1")
      let position = share * Double(values.count - 1)
      let index = Int(position)
      precondition(index >= first, "shares ascend")
      // Nothing before `first` is larger than what stands there or behind it.
      let lower = select(index - first, in: UnsafeMutableBufferPointer(rebasing: values[first...]))
      first = index
      let fraction = position - Double(index)
      guard fraction > 0, index + 1 < values.count else { return lower }
      let upper = values[(index + 1)...].min() ?? lower
      return lower + fraction * (upper - lower)
    }
  }

  /// The quantile by linear interpolation between order statistics (type 7); the values are put in another order.
  ///
  /// - Complexity: O(n) on average.
  public static func quantile(_ share: Double, of values: UnsafeMutableBufferPointer<Double>) -> Double {
    quantiles([share], of: values)[0]
  }
}
