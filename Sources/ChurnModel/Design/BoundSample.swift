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
    let rows = share > 0 ? options.boundRows : min(options.boundRows, Self.momentRows)
    step = (data.rows + rows - 1) / rows
  }

  /// Rows that suffice for provisional moments where no bounds are asked for.
  private static let momentRows = 16_384

  /// The value columns of some features with their bounds, and mean and scale of the sample; nil for what is no number or
  /// unused.
  func valueColumns(_ range: Range<Int>) -> [DesignColumn?] {
    let count = (data.rows + step - 1) / step
    let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: (range.count + 1) * count)
    defer { memory.deallocate() }
    read(range, count, into: memory)
    let own = UnsafeMutableBufferPointer(rebasing: memory[(range.count * count)...])
    return range.enumerated().map { position, feature in
      let kind = data.features[feature].kind
      guard !kind.isCategory, kind != .unused else { return nil }
      let values = UnsafeMutableBufferPointer(rebasing: memory[position * count..<(position + 1) * count])
      let present = keepPresent(values, weights: own)
      return valueColumn(
        feature, UnsafeMutableBufferPointer(rebasing: values[..<present]),
        UnsafeBufferPointer(rebasing: own[..<present]))
    }
  }

  /// Rows that are brought side by side before the next ones are looked at.
  private static let rowsReadTogether = 512

  /// Writes the sample's values of some features, one feature after the other, `count` each.
  private func read(_ range: Range<Int>, _ count: Int, into memory: UnsafeMutableBufferPointer<Double>) {
    let stride = step * data.rowStride
    data.values.withUnsafeElements { elements in
      guard let source = elements.baseAddress, let target = memory.baseAddress else { return }
      for first in Swift.stride(from: 0, to: count, by: Self.rowsReadTogether) {
        let rows = min(Self.rowsReadTogether, count - first)
        for (position, feature) in range.enumerated() {
          vector_gather(
            source + first * stride + feature, stride, rows, target + position * count + first)
        }
      }
    }
  }

  /// Moves the values that are there, of rows with a weight, to the front and writes their weights beside them.
  ///
  /// - Returns: how many there are.
  private func keepPresent(
    _ values: UnsafeMutableBufferPointer<Double>, weights: UnsafeMutableBufferPointer<Double>
  ) -> Int {
    var present = 0
    data.weights.withUnsafeBufferPointer { all in
      for row in values.indices {
        let (value, weight) = (values[row], all[row * step])
        // What does not count is overwritten by the next one.
        values[present] = value
        weights[present] = weight
        present += value.isNaN || !(weight > 0) ? 0 : 1
      }
    }
    return present
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
