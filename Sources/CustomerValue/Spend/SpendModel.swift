internal import Foundation
public import LinearAlgebra
internal import Statistics

/// What a visit of each customer is expected to bring.
///
/// A gamma-gamma model where one can be fitted. Where none can (fewer than two customers with amounts, or means that do
/// not differ), everybody is expected to spend their own mean, and who has none that of all.
public struct SpendModel: Sendable {
  public let sample: SpendSample
  /// `nil` where none could be fitted.
  public let fit: GammaGammaFit?

  /// - Complexity: O(customers) a step of the fit.
  public init(_ sample: SpendSample, parallel: Parallel = .standard) {
    self.sample = sample
    fit = GammaGammaFit(sample, parallel: parallel)
  }

  /// Whether the model's mean of all customers is infinite (q ≤ 1), so that the mean that is seen stands for it.
  public var hasNoPopulationMean: Bool { fit.map { $0.model.q <= 1 } ?? false }

  /// The mean amount of a visit to be expected of a customer, always finite when there is an amount at all.
  ///
  /// - Parameters:
  ///   - count: amounts known of the customer; those whose mean is not above 0 count as unknown.
  ///   - mean: their mean.
  public func expected(count: Int32, mean: Double) -> Double {
    let known = mean > 0 && mean.isFinite ? Int(count) : 0
    guard let fit else { return known > 0 ? mean : sample.meanAmount }
    let value = fit.model.expectedSpend(count: known, mean: mean)
    return value.isFinite ? value : known > 0 ? mean : sample.meanAmount
  }
}

/// Intervals of what customers spend on average: where their own mean lies, given their amounts, widened by what the
/// parameters' errors leave open (Laplace, delta method on the logarithm).
public struct SpendIntervals: Sendable {
  private let model: SpendModel
  private let z: Double
  /// By number of amounts: the ends for p·(v + x·z̄) = 1; `nil` for numbers that do not occur.
  private let ends: [(lower: Double, upper: Double)?]

  /// - Parameters:
  ///   - counts: amounts known of each customer that will be asked about.
  ///   - confidence: between 0 and 1.
  /// - Complexity: O(customers)
  public init(_ model: SpendModel, counts: [Int32], confidence: Double) {
    self.model = model
    z = NormalDistribution.quantile((1 + confidence) / 2)
    guard let fit = model.fit else {
      ends = []
      return
    }
    var occurs = [Bool](repeating: false, count: Int(counts.max() ?? 0) + 1)
    occurs[0] = true
    for count in counts { occurs[Int(count)] = true }
    ends = occurs.enumerated().map { count, occurs in
      occurs ? fit.model.quantiles(count: count, confidence: confidence) : nil
    }
  }

  /// Lower end, upper end and the standard deviation of the mean's logarithm; `nil` without a model.
  ///
  /// - Complexity: O(1)
  public func interval(count: Int32, mean: Double) -> (lower: Double, upper: Double, logDeviation: Double)? {
    guard let fit = model.fit else { return nil }
    let known = mean > 0 && mean.isFinite ? Int(count) : 0
    guard known < ends.count, let own = ends[known] else { return nil }
    let (p, q, v) = (fit.model.p, fit.model.q, fit.model.v)
    let total = known > 0 ? Double(known) * mean : 0
    let scale = p * (v + total)
    let expected = model.expected(count: count, mean: mean)
    let (lower, upper) = (scale * own.lower, scale * own.upper)
    let shape = p * Double(known) + q - 1
    guard shape > 0 else { return (lower, upper, log(upper / lower) / (2 * z)) }
    let gradient = [1 - p * Double(known) / shape, -q / shape, v / (v + total)]
    var variance = 0.0
    for row in 0..<3 {
      for column in 0..<3 { variance += gradient[row] * fit.logCovariance[row, column] * gradient[column] }
    }
    let spread = log(upper / lower) / (2 * z)
    let deviation = (spread * spread + variance).squareRoot()
    let widened = deviation / spread
    return (
      expected * pow(lower / expected, widened), expected * pow(upper / expected, widened), deviation
    )
  }
}
