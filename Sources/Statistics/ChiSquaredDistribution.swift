internal import Foundation

/// The chi-squared distribution.
public enum ChiSquaredDistribution {
  /// P(X ≥ `statistic`), the p value of a chi-squared statistic.
  ///
  /// - Parameter degreesOfFreedom: greater than 0.
  public static func pValue(_ statistic: Double, degreesOfFreedom: Double) -> Double {
    IncompleteGamma.upper(shape: degreesOfFreedom / 2, statistic / 2)
  }

  /// P(X ≤ `statistic`).
  ///
  /// - Parameter degreesOfFreedom: greater than 0.
  public static func cumulative(_ statistic: Double, degreesOfFreedom: Double) -> Double {
    IncompleteGamma.lower(shape: degreesOfFreedom / 2, statistic / 2)
  }
}
