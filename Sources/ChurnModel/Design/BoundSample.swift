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

  /// The value columns of some features with their bounds, and mean and scale of the sample; nil for categories.
  func valueColumns(_ range: Range<Int>) -> [DesignColumn?] {
    var samples = range.map { _ in Sample() }
    let count = data.features.count
    data.values.withUnsafeElements { elements in
      for row in stride(from: 0, to: data.rows, by: step) where data.weights[row] > 0 {
        for feature in range {
          samples[feature - range.lowerBound].add(elements[row * count + feature], data.weights[row])
        }
      }
    }
    return zip(range, samples).map { feature, sample in
      data.features[feature].kind.isCategory ? nil : valueColumn(feature, sample)
    }
  }

  /// The values that are there, with their rows' weights.
  private struct Sample {
    var values: [Double] = []
    var weights: [Double] = []

    mutating func add(_ value: Double, _ weight: Double) {
      guard !value.isNaN else { return }
      values.append(value)
      weights.append(weight)
    }
  }

  private func valueColumn(_ feature: Int, _ sample: Sample) -> DesignColumn {
    let kind = data.features[feature].kind
    var values = sample.values
    let weights = sample.weights
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
