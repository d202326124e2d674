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

  /// The value columns of some features with their bounds, and mean and scale of the sample; nil for what is no number or
  /// unused.
  func valueColumns(_ range: Range<Int>) -> [DesignColumn?] {
    let capacity = (data.rows + step - 1) / step
    var counts = [Int](repeating: 0, count: range.count)
    let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: 2 * range.count * capacity)
    defer { memory.deallocate() }
    let weightsStart = range.count * capacity
    let columns = data.features.count
    data.values.withUnsafeElements { elements in
      counts.withUnsafeMutableBufferPointer { counts in
        for row in stride(from: 0, to: data.rows, by: step) where data.weights[row] > 0 {
          for position in 0..<range.count {
            // A value that is missing is overwritten by the next one.
            let value = elements[row * columns + range.lowerBound + position]
            let place = position * capacity + counts[position]
            memory[place] = value
            memory[weightsStart + place] = data.weights[row]
            counts[position] += value.isNaN ? 0 : 1
          }
        }
      }
    }
    return range.enumerated().map { position, feature in
      let kind = data.features[feature].kind
      guard !kind.isCategory, kind != .unused else { return nil }
      let values = memory[position * capacity..<position * capacity + counts[position]]
      let weights = memory[weightsStart + values.startIndex..<weightsStart + values.endIndex]
      return valueColumn(
        feature, UnsafeMutableBufferPointer(rebasing: values), UnsafeBufferPointer(rebasing: weights))
    }
  }

  /// - Parameters:
  ///   - values: what is there of the feature; transformed in place.
  ///   - weights: the weights of their rows.
  private func valueColumn(
    _ feature: Int, _ values: UnsafeMutableBufferPointer<Double>, _ weights: UnsafeBufferPointer<Double>
  ) -> DesignColumn {
    let kind = data.features[feature].kind
    var bounds: (lower: Double, upper: Double)?
    if kind != .flag, share > 0 {
      bounds = TailBounds.bounds(share: share, values: UnsafeBufferPointer(values), weights: weights)
      // A feature that differs from one value only in its tails would be lost: it keeps them.
      if let found = bounds, found.lower >= found.upper { bounds = nil }
    }
    transform(values, isLogarithm: kind == .logarithm, bounds)
    let (mean, scale) = Self.moments(values, weights)
    return DesignColumn(
      name: data.features[feature].name, feature: feature,
      term: .value(lower: bounds?.lower, upper: bounds?.upper, fill: mean), mean: mean, scale: scale)
  }

  private func transform(
    _ values: UnsafeMutableBufferPointer<Double>, isLogarithm: Bool, _ bounds: (lower: Double, upper: Double)?
  ) {
    var term = VectorTerm.unbounded
    term.lower = bounds?.lower ?? term.lower
    term.upper = bounds?.upper ?? term.upper
    guard let base = values.baseAddress else { return }
    if isLogarithm {
      vector_logarithm_in_place(values.count, &term, base)
    } else {
      vector_linear_in_place(values.count, &term, base)
    }
  }

  /// Weighted mean and standard deviation; 0 and 1 in place of what the sample does not tell.
  private static func moments(
    _ values: UnsafeMutableBufferPointer<Double>, _ weights: UnsafeBufferPointer<Double>
  ) -> (mean: Double, scale: Double) {
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
