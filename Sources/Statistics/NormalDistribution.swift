internal import Foundation

/// The standard normal distribution.
public enum NormalDistribution {
  /// P(Z ≤ z), accurate in both tails.
  public static func cumulative(_ z: Double) -> Double {
    erfc(-z / 2.0.squareRoot()) / 2
  }

  /// The density at z.
  public static func density(_ z: Double) -> Double {
    exp(-z * z / 2) / (2 * Double.pi).squareRoot()
  }

  /// P(|Z| ≥ |z|), the two-sided p value of a z statistic.
  public static func twoSidedPValue(_ z: Double) -> Double {
    erfc(z.magnitude / 2.0.squareRoot())
  }

  /// The z with P(Z ≤ z) = `probability`; −∞ at 0, +∞ at 1, NaN outside.
  ///
  /// Starts with the rational approximation 26.2.23 of Abramowitz and Stegun (error below 4.5e-4) and sharpens it by
  /// Halley steps, which triple the number of correct digits.
  public static func quantile(_ probability: Double) -> Double {
    guard (0...1).contains(probability) else { return .nan }
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    if probability > 0.5 { return -lowerQuantile(1 - probability) }
    return lowerQuantile(probability)
  }

  /// The quantile of a probability in (0, 0.5], where cumulative values keep their relative precision.
  private static func lowerQuantile(_ probability: Double) -> Double {
    let t = (-2 * log(probability)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    var z = numerator / denominator - t
    for _ in 0..<3 {
      let density = density(z)
      guard density > 0 else { break }
      let step = (cumulative(z) - probability) / density
      z -= step / (1 + z * step / 2)
    }
    return z
  }
}
