internal import CVectorLoops
import LinearAlgebra

/// Every k-th row of the training table: enough for bounds and provisional moments.
struct BoundSample: Sendable {
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
    var (values, weights) = present(feature)
    var bounds: (lower: Double, upper: Double)?
    if kind != .flag, share > 0 {
      bounds = TailBounds.bounds(share: share, values: values, weights: weights)
      // A feature that differs from one value only in its tails would be lost: it keeps them.
      if let found = bounds, found.lower >= found.upper { bounds = nil }
    }
    transform(&values, isLogarithm: kind == .logarithm, bounds)
    let (mean, scale) = Self.moments(values, weights)
    return DesignColumn(
      name: data.features[feature].name, feature: feature,
      term: .value(lower: bounds?.lower, upper: bounds?.upper, fill: mean), mean: mean, scale: scale)
  }

  /// The sampled values of a feature that are there, with their rows' weights, both greater than 0.
  private func present(_ feature: Int) -> (values: [Double], weights: [Double]) {
    var (values, weights) = ([Double](), [Double]())
    let sampled = (data.rows + step - 1) / step
    values.reserveCapacity(sampled)
    weights.reserveCapacity(sampled)
    data.values.withUnsafeElements { elements in
      for row in stride(from: 0, to: data.rows, by: step) {
        let value = elements[row * data.features.count + feature]
        guard !value.isNaN, data.weights[row] > 0 else { continue }
        values.append(value)
        weights.append(data.weights[row])
      }
    }
    return (values, weights)
  }

  private func transform(
    _ values: inout [Double], isLogarithm: Bool, _ bounds: (lower: Double, upper: Double)?
  ) {
    var term = VectorTerm.unbounded
    term.lower = bounds?.lower ?? term.lower
    term.upper = bounds?.upper ?? term.upper
    let raw = values
    if isLogarithm {
      vector_logarithm_term(raw, 1, raw.count, &term, &values)
    } else {
      vector_linear_term(raw, 1, raw.count, &term, &values)
    }
  }

  /// Weighted mean and standard deviation; 0 and 1 in place of what the sample does not tell.
  private static func moments(_ values: [Double], _ weights: [Double]) -> (mean: Double, scale: Double) {
    var (total, sum) = (0.0, 0.0)
    for (value, weight) in zip(values, weights) {
      total += weight
      sum += weight * value
    }
    guard total > 0 else { return (0, 1) }
    let mean = sum / total
    var squares = 0.0
    for (value, weight) in zip(values, weights) { squares += weight * (value - mean) * (value - mean) }
    let scale = (squares / total).squareRoot()
    return (mean, scale > 0 && scale.isNormal ? scale : 1)
  }
}
