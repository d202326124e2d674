/// Quantiles of a sample by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
public enum Quantiles {
  /// The quantile of `values` at `probability`, both in any order; NaN for an empty sample.
  ///
  /// - Parameter probability: between 0 and 1.
  /// - Complexity: O(n log n)
  public static func quantile(_ values: some Sequence<Double>, at probability: Double) -> Double {
    quantile(ofSorted: values.sorted(), at: probability)
  }

  /// The quantile of values sorted upwards; NaN for an empty sample.
  ///
  /// - Complexity: O(1)
  public static func quantile(ofSorted values: [Double], at probability: Double) -> Double {
    precondition((0...1).contains(probability), "a probability lies between 0 and 1")
    guard let last = values.last else { return .nan }
    let position = probability * Double(values.count - 1)
    let lower = Int(position)
    guard lower + 1 < values.count else { return last }
    return values[lower] + (position - Double(lower)) * (values[lower + 1] - values[lower])
  }

  /// The median of `values`; NaN for an empty sample.
  ///
  /// - Complexity: O(n log n)
  public static func median(_ values: some Sequence<Double>) -> Double {
    quantile(values, at: 0.5)
  }
}
