/// Between which numbers each step of a term, from a node of a number to the next, must lie.
struct StepBounds: Sendable, Equatable {
  /// One a step; −∞ for none.
  let lower: [Double]
  /// One a step; ∞ for none.
  let upper: [Double]

  /// - Parameter directions: one a step.
  init(_ directions: [MonotoneDirection]) {
    lower = directions.map { $0 == .rising ? 0 : -.infinity }
    upper = directions.map { $0 == .rising ? .infinity : 0 }
  }

  /// Bounds of both sides.
  init(lower: [Double], upper: [Double]) {
    precondition(lower.count == upper.count, "every step needs both bounds")
    (self.lower, self.upper) = (lower, upper)
  }

  /// Whether the steps from value to value keep the bounds.
  func admits(_ values: ArraySlice<Double>) -> Bool {
    zip(values.dropFirst(), values).enumerated().allSatisfy { step, pair in
      let size = pair.0 - pair.1
      return lower[step] <= size && size <= upper[step]
    }
  }
}
