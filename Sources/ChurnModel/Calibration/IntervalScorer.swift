internal import Foundation
public import LinearAlgebra
internal import Statistics

/// Probabilities with the range that the uncertainty of the coefficients leaves them.
///
/// The delta method on the margin η = x·β: with its standard error s the interval η ± z·s goes through the model's link
/// (logistic, calibrator, correction). All of it rises, so that the ends are mapped exactly and stay within 0 and 1. The
/// interval is about the probability, not about the outcome, and about a model that is right: what the calibrator corrects
/// is taken as known. With a penalty it is about the shrunk coefficients.
public struct IntervalScorer: Sendable {
  public let model: AnyModel
  /// How often the interval holds the probability, between 0 and 1.
  public let confidence: Double

  private let design: DesignRows
  private let factor: Matrix
  /// Half the interval's width in standard errors.
  private let reach: Double

  /// Rows whose design is multiplied out at a time.
  private static let blockRows = 256

  /// - Parameters:
  ///   - covariance: of this model.
  ///   - confidence: between 0 and 1 exclusively.
  /// - Throws: `ChurnModelError` (`invalidOption`, or `damagedModel` for the covariance of another model).
  public init(
    _ model: AnyModel, covariance: MarginCovariance, confidence: Double = 0.95
  ) throws(ChurnModelError) {
    guard confidence > 0, confidence < 1 else {
      throw ChurnModelError(
        .invalidOption,
        "the confidence of intervals is \(confidence); choose one between 0 and 1, such as 0.95")
    }
    try covariance.check(model)
    self.model = model
    self.confidence = confidence
    design = DesignRows(model, covariance)
    factor = covariance.factor
    reach = NormalDistribution.quantile((1 + confidence) / 2)
  }

  /// The probability of each row, the same to the bit as without intervals, with its interval.
  ///
  /// - Parameters:
  ///   - values: rows × the model's features.
  ///   - offsets: one a row, added to its margin; nil for 0 each.
  ///   - parallel: the result is the same for any number of threads.
  /// - Complexity: O(rows × coefficients²)
  public func intervals(
    _ values: Matrix, offsets: [Double]? = nil, parallel: Parallel = .standard
  ) -> ProbabilityIntervals {
    precondition(offsets.map { $0.count == values.rows } ?? true, "there must be one offset a row")
    return ProbabilityIntervals(rows: values.rows) { probabilities, lower, upper in
      nonisolated(unsafe) let (probabilities, lower, upper) = (probabilities, lower, upper)
      parallel.forEachBlock(count: values.rows, blockSize: Self.blockRows) { block in
        values.withUnsafeRows(block.range) { rows in
          score(
            features: rows, rows: block.range.count, offsets: offsets?[block.range],
            into: UnsafeMutableBufferPointer(rebasing: probabilities[block.range]),
            lower: UnsafeMutableBufferPointer(rebasing: lower[block.range]),
            upper: UnsafeMutableBufferPointer(rebasing: upper[block.range]))
        }
      }
    }
  }

  /// Writes probability and interval of each row.
  ///
  /// - Parameters:
  ///   - features: rows × the model's features, row-major.
  ///   - offsets: one a row, added to its margin; nil for 0 each.
  ///   - probabilities, lower, upper: at least `rows` elements each.
  /// - Complexity: O(rows × coefficients²)
  public func score(
    features: UnsafeBufferPointer<Double>, rows: Int, offsets: ArraySlice<Double>? = nil,
    into probabilities: UnsafeMutableBufferPointer<Double>, lower: UnsafeMutableBufferPointer<Double>,
    upper: UnsafeMutableBufferPointer<Double>
  ) {
    precondition(lower.count >= rows && upper.count >= rows, "the result needs one element a row")
    model.margins(features: features, rows: rows, into: probabilities)
    if let offsets {
      for (row, offset) in offsets.enumerated() { probabilities[row] += offset }
    }
    guard rows > 0, let source = features.baseAddress else { return }
    let stride = model.features.count
    let capacity = min(rows, Self.blockRows) * factor.rows
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * capacity) { scratch in
      guard let x = scratch.baseAddress else { return }
      let product = x + capacity
      let block = design.makeBlock(rows: min(rows, Self.blockRows))
      for first in Swift.stride(from: 0, to: rows, by: Self.blockRows) {
        let count = min(Self.blockRows, rows - first)
        design.write(source + first * stride, count: count, block, to: x)
        factor.withUnsafeElements { elements in
          guard let r = elements.baseAddress else { return }
          Products.multiply(
            rows: count, inner: factor.rows, columns: factor.rows, x, r, transposesSecond: true, into: product
          )
        }
        for row in 0..<count {
          var variance = design.ownVariance(source + (first + row) * stride)
          for index in row * factor.rows..<(row + 1) * factor.rows {
            variance += product[index] * product[index]
          }
          let half = reach * variance.squareRoot()
          lower[first + row] = probabilities[first + row] - half
          upper[first + row] = probabilities[first + row] + half
        }
      }
    }
    for margins in [probabilities, lower, upper] {
      model.link.apply(to: UnsafeMutableBufferPointer(rebasing: margins[..<rows]))
    }
  }
}

/// Probabilities with their intervals, one of each a row.
public struct ProbabilityIntervals: Sendable, Equatable {
  public let probabilities: [Double]
  public let lower: [Double]
  public let upper: [Double]

  /// - Parameter fill: must set all elements of the three columns: probabilities, lower and upper ends.
  package init(
    rows: Int,
    filledBy fill: (
      UnsafeMutableBufferPointer<Double>, UnsafeMutableBufferPointer<Double>,
      UnsafeMutableBufferPointer<Double>
    ) -> Void
  ) {
    var columns = [[Double]](repeating: [Double](repeating: 0, count: rows), count: 3)
    var (probabilities, lower, upper) = (columns[0], columns[1], columns[2])
    columns = []
    probabilities.withUnsafeMutableBufferPointer { probabilities in
      lower.withUnsafeMutableBufferPointer { lower in
        upper.withUnsafeMutableBufferPointer { upper in fill(probabilities, lower, upper) }
      }
    }
    (self.probabilities, self.lower, self.upper) = (probabilities, lower, upper)
  }
}
