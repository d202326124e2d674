import LinearAlgebra

/// Every k-th row of the training table: enough for bounds and provisional moments.
struct BoundSample {
  private let data: TrainingData
  private let share: Double
  private let step: Int

  init(data: TrainingData, options: LogisticOptions) {
    self.data = data
    share = options.winsorisedShare
    step = (data.rows + options.boundRows - 1) / options.boundRows
  }

  /// The value column of a feature with its bounds, and mean and scale of the sample.
  func valueColumn(_ feature: Int) -> DesignColumn {
    let kind = data.features[feature].kind
    let sampled = (data.rows + step - 1) / step
    return data.values.withUnsafeElements { elements in
      let columns = data.features.count
      let value = { (index: Int) in elements[index * step * columns + feature] }
      let weight = { (index: Int) in data.weights[index * step] }
      var bounds: (lower: Double, upper: Double)?
      if kind != .flag, share > 0 {
        bounds = TailBounds.bounds(share: share, count: sampled, value: value, weight: weight)
        // A feature that differs from one value only in its tails would be lost: it keeps them.
        if let found = bounds, found.lower >= found.upper { bounds = nil }
      }
      let transformed = { (index: Int) in
        let bounded = min(max(value(index), bounds?.lower ?? -.infinity), bounds?.upper ?? .infinity)
        return kind == .logarithm ? ElementaryFunctions.signedLogarithm(bounded) : bounded
      }
      let (mean, scale) = Self.moments(sampled, transformed, weight, isMissing: { value($0).isNaN })
      return DesignColumn(
        name: data.features[feature].name, feature: feature,
        term: .value(lower: bounds?.lower, upper: bounds?.upper, fill: mean), mean: mean, scale: scale)
    }
  }

  /// Weighted mean and standard deviation; 0 and 1 in place of what the sample does not tell.
  private static func moments(
    _ count: Int, _ value: (Int) -> Double, _ weight: (Int) -> Double, isMissing: (Int) -> Bool
  ) -> (mean: Double, scale: Double) {
    var (total, sum) = (0.0, 0.0)
    for index in 0..<count where !isMissing(index) {
      total += weight(index)
      sum += weight(index) * value(index)
    }
    guard total > 0 else { return (0, 1) }
    let mean = sum / total
    var squares = 0.0
    for index in 0..<count where !isMissing(index) {
      let difference = value(index) - mean
      squares += weight(index) * difference * difference
    }
    let scale = (squares / total).squareRoot()
    return (mean, scale > 0 && scale.isNormal ? scale : 1)
  }
}
