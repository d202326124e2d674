internal import Foundation

/// Beta calibration: logit(probability) = c + a·ln p − b·ln(1 − p) with a, b ≥ 0.
///
/// The likelihood ratio of two beta distributions of scores (Kull, Silva Filho and Flach 2017, Electronic Journal of
/// Statistics 11): a logistic regression on ln p and −ln(1 − p). a = b = 1, c = 0 changes nothing, and a = b is Platt's
/// scaling of the log-odds. A negative slope would turn the order of scores round: it is set to 0 and the others are
/// fitted again, as in the paper; of two such fits the likelier one is kept, which is the optimum under the condition.
///
/// Far out the curve would come to 0 and 1, which no sample can prove and a single error makes infinitely bad. What it gives
/// less than the share of one row among those that it was learned from (`rowShare`) is drawn half the way to that share, at
/// either end: it never comes nearer to 0 or 1 than half a row's worth, keeps its order, and stays as it is elsewhere.
public struct BetaCalibrator: Sendable, Equatable {
  /// Slope a of ln p, at least 0.
  public let lowSlope: Double
  /// Slope b of −ln(1 − p), at least 0.
  public let highSlope: Double
  /// Intercept c.
  public let intercept: Double
  /// Share of one row among those that the curve was learned from, above 0 and at most ½.
  public let rowShare: Double

  /// That of curves that do not know how many rows they were learned from.
  public static let leastRowShare = 1e-12

  /// Distance that probabilities keep from 0 and 1 before their logarithm is taken.
  static let leastProbability = 1e-12

  public init(
    lowSlope: Double, highSlope: Double, intercept: Double, rowShare: Double = Self.leastRowShare
  ) {
    precondition(
      Self.isValid(lowSlope, highSlope, intercept, rowShare),
      "the slopes of beta calibration are finite and at least 0, and the share of a row is above 0 and at most a half"
    )
    (self.lowSlope, self.highSlope, self.intercept) = (lowSlope, highSlope, intercept)
    self.rowShare = rowShare
  }

  private static func isValid(
    _ lowSlope: Double, _ highSlope: Double, _ intercept: Double, _ rowShare: Double
  ) -> Bool {
    lowSlope >= 0 && highSlope >= 0 && lowSlope.isFinite && highSlope.isFinite && intercept.isFinite
      && (leastRowShare...0.5).contains(rowShare)
  }

  /// Fits the three coefficients by maximum likelihood; nil when they are not determined: one class only, one
  /// probability only, or classes that the probabilities separate.
  ///
  /// - Parameters:
  ///   - probabilities: between 0 and 1, one a row; kept 1e-12 away from both.
  ///   - labels: one a row.
  ///   - weights: at least 0, one a row, or nil for 1 each; they count as repeated rows.
  /// - Complexity: O(n) a step of Newton's method.
  public init?(probabilities: [Double], labels: [Bool], weights: [Double]? = nil) {
    precondition(
      labels.count == probabilities.count && (weights.map { $0.count == labels.count } ?? true),
      "as many labels and weights as probabilities are needed")
    let inside = probabilities.map(Self.inside)
    let data = SmallLogisticRegression.Data(
      first: inside.map { log($0) }, second: inside.map { -log1p(-$0) }, labels: labels, weights: weights)
    guard let best = Self.best(data) else { return nil }
    let rows = weights?.reduce(0, +) ?? Double(labels.count)
    self.init(
      lowSlope: max(best.coefficients[1], 0), highSlope: max(best.coefficients[2], 0),
      intercept: best.coefficients[0], rowShare: min(max(1 / (rows + 1), Self.leastRowShare), 0.5))
  }

  /// The fit with the least loss whose slopes are not negative.
  private static func best(_ data: SmallLogisticRegression.Data) -> SmallLogisticRegression? {
    let ideal = [0.0, 1, 1]
    guard let free = SmallLogisticRegression(data, usesSecond: true, start: ideal) else {
      // Two probabilities only: one slope describes them.
      return oneSlope(data)
    }
    return isRising(free) ? free : oneSlope(data)
  }

  private static func oneSlope(_ data: SmallLogisticRegression.Data) -> SmallLogisticRegression? {
    let fits = [(true, false), (false, true)].compactMap { usesFirst, usesSecond in
      SmallLogisticRegression(
        data, usesFirst: usesFirst, usesSecond: usesSecond,
        start: [0, usesFirst ? 1 : 0, usesSecond ? 1 : 0])
    }
    guard !fits.isEmpty else { return nil }
    return fits.filter(isRising).min { $0.meanLoss < $1.meanLoss }
      ?? SmallLogisticRegression(data, usesFirst: false, usesSecond: false)
  }

  private static func isRising(_ fit: SmallLogisticRegression) -> Bool {
    fit.coefficients[1] >= 0 && fit.coefficients[2] >= 0
  }

  static func inside(_ probability: Double) -> Double {
    min(max(probability, leastProbability), 1 - leastProbability)
  }

  /// The probability of a score between 0 and 1.
  ///
  /// - Complexity: O(1)
  public func probability(_ score: Double) -> Double {
    let inside = Self.inside(score)
    let margin = intercept + lowSlope * log(inside) - highSlope * log1p(-inside)
    let e = exp(-margin.magnitude)
    return score.isNaN ? .nan : bounded((margin < 0 ? e : 1) / (1 + e))
  }

  private func bounded(_ probability: Double) -> Double {
    if probability < rowShare { return (probability + rowShare) / 2 }
    if probability > 1 - rowShare { return (probability + (1 - rowShare)) / 2 }
    return probability
  }
}

extension BetaCalibrator: Codable {
  private enum CodingKeys: String, CodingKey {
    case lowSlope = "low_slope"
    case highSlope = "high_slope"
    case intercept
    case rowShare = "row_share"
  }

  /// Files from before the curve was held back at its ends lack the share of a row.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let lowSlope = try container.decode(Double.self, forKey: .lowSlope)
    let highSlope = try container.decode(Double.self, forKey: .highSlope)
    let intercept = try container.decode(Double.self, forKey: .intercept)
    let rowShare = try container.decodeIfPresent(Double.self, forKey: .rowShare) ?? Self.leastRowShare
    guard Self.isValid(lowSlope, highSlope, intercept, rowShare) else {
      throw DecodingError.dataCorruptedError(
        forKey: .lowSlope, in: container,
        debugDescription:
          "the slopes of beta calibration must be at least 0, and the share of a row between 0 and a half")
    }
    self.init(lowSlope: lowSlope, highSlope: highSlope, intercept: intercept, rowShare: rowShare)
  }
}
