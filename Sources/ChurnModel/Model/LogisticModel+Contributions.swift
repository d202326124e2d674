extension LogisticModel {
  /// What each feature adds to the margin of one row: the difference in log-odds to the average training row.
  ///
  /// An element is the sum over the feature's design columns of coefficient × standardised value; all of them and the
  /// intercept add up to the margin. Where features share a missing-value indicator, its part goes to the first.
  ///
  /// - Parameter row: one raw value a feature.
  /// - Returns: one element a feature.
  public func contributions(row: UnsafeBufferPointer<Double>) -> [Double] {
    [Double](unsafeUninitializedCapacity: features.count) { buffer, count in
      contributions(row: row, into: UnsafeMutableBufferPointer(rebasing: buffer[..<features.count]))
      count = features.count
    }
  }

  /// Writes what each feature adds to the margin of one row; nothing is allocated.
  ///
  /// - Complexity: O(features)
  public func contributions(
    row: UnsafeBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(row.count == features.count, "one value a feature is needed")
    precondition(result.count >= features.count, "the result needs one element a feature")
    guard let source = row.baseAddress, let target = result.baseAddress else { return }
    for (feature, step) in plan.steps.enumerated() {
      plan.write(step, source + feature, stride: 1, count: 1, to: target + feature)
    }
  }
}
