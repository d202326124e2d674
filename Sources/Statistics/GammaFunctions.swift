internal import Foundation

/// The logarithms of the gamma and beta functions and their derivatives for positive arguments.
///
/// From `stirling` on asymptotic series are summed (DLMF 5.11.1 and 5.11.2), below it the recurrences lead there.
/// Accuracy, over arguments from 1e-100 to 1e300: relative to max(1, |value|) better than 4e-15.
public enum GammaFunctions {
  /// Eight terms of the series err by less than a double can show.
  private static let stirling = 12.0
  /// B₂ₖ, k = 1 … 8.
  private static let bernoulli: [Double] = [
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
  ]
  private static let halfLogTwoPi = 0.918938533204672741780329736406

  /// ln Γ(x), x > 0.
  public static func logGamma(_ x: Double) -> Double {
    var (shifted, product) = (x, 1.0)
    while shifted < stirling {
      product *= shifted
      shifted += 1
    }
    let value = (shifted - 0.5) * log(shifted) - shifted + halfLogTwoPi + remainder(shifted)
    return shifted == x ? value : value - log(product)
  }

  /// ln B(x, y) = ln Γ(x) + ln Γ(y) − ln Γ(x + y), x, y > 0, without loss of digits for large arguments.
  public static func logBeta(_ x: Double, _ y: Double) -> Double {
    let (small, large) = (min(x, y), max(x, y))
    guard large >= stirling else { return logGamma(small) + logGamma(large) - logGamma(x + y) }
    let growth = log1p(small / large)
    let remainders = remainder(large) - remainder(x + y)
    guard small >= stirling else {
      return logGamma(small) + small + remainders - (large - 0.5) * growth - small * log(x + y)
    }
    return halfLogTwoPi - log(large) / 2 + remainders + remainder(small)
      + (small - 0.5) * (log(small / large) - growth) - large * growth
  }

  /// ln Γ(x + step) − ln Γ(x), without loss of digits for large x and small steps; x and x + step > 0.
  public static func logGammaStep(_ x: Double, _ step: Double) -> Double {
    guard x >= stirling, x + step >= stirling else { return logGamma(x + step) - logGamma(x) }
    return (x + step - 0.5) * log1p(step / x) + step * log(x) - step + remainder(x + step) - remainder(x)
  }

  /// ψ(x), the derivative of ln Γ, x > 0.
  public static func digamma(_ x: Double) -> Double {
    var (shifted, sum) = (x, 0.0)
    while shifted < stirling {
      sum -= 1 / shifted
      shifted += 1
    }
    let inverse = 1 / shifted
    let square = inverse * inverse
    var series = 0.0
    for k in (0..<bernoulli.count).reversed() {
      series = (series + bernoulli[k] / Double(2 * k + 2)) * square
    }
    return sum + log(shifted) - inverse / 2 - series
  }

  /// ψ′(x), the second derivative of ln Γ, x > 0.
  public static func trigamma(_ x: Double) -> Double {
    var (shifted, sum) = (x, 0.0)
    while shifted < stirling {
      sum += 1 / shifted / shifted
      shifted += 1
    }
    let inverse = 1 / shifted
    let square = inverse * inverse
    var series = 0.0
    for k in (0..<bernoulli.count).reversed() { series = (series + bernoulli[k]) * square }
    return sum + inverse + square / 2 + series * inverse
  }

  /// What Stirling's formula lacks of ln Γ(x): Σ B₂ₖ/(2k(2k − 1)x²ᵏ⁻¹).
  private static func remainder(_ x: Double) -> Double {
    let inverse = 1 / x
    let square = inverse * inverse
    var series = 0.0
    for k in (0..<bernoulli.count).reversed() {
      series = series * square + bernoulli[k] / Double((2 * k + 2) * (2 * k + 1))
    }
    return series * inverse
  }
}
