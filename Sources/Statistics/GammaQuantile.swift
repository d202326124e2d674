internal import Foundation

/// Quantiles of gamma distributions.
public enum GammaQuantile {
  private static let mostSteps = 60
  private static let tolerance = 1e-12

  /// x with P(shape, x) = probability: the quantile of a gamma variable with unit rate.
  ///
  /// Newton steps from the approximation of Wilson and Hilferty (1931), halved back into the bracket when they leave it.
  ///
  /// - Parameters:
  ///   - shape: greater than 0.
  ///   - probability: between 0 and 1, which themselves give 0 and infinity.
  public static func quantile(shape: Double, probability: Double) -> Double {
    precondition(
      shape > 0 && (0...1).contains(probability), "a gamma quantile needs a shape and a probability")
    guard probability > 0 else { return 0 }
    guard probability < 1 else { return .infinity }
    var x = start(shape, probability)
    var (lower, upper) = (0.0, Double.infinity)
    for _ in 0..<mostSteps {
      let error = IncompleteGamma.lower(shape: shape, x) - probability
      if error > 0 { upper = min(upper, x) } else { lower = max(lower, x) }
      let density = exp((shape - 1) * log(x) - x - GammaFunctions.logGamma(shape))
      var next = x - error / density
      if !(next > lower && next < upper) {
        next = upper.isFinite ? (lower + upper) / 2 : 2 * max(x, .leastNormalMagnitude)
      }
      if abs(next - x) <= tolerance * x { return next }
      x = next
    }
    return x
  }

  private static func start(_ shape: Double, _ probability: Double) -> Double {
    let spread = 1 / (9 * shape)
    let root = 1 - spread + NormalDistribution.quantile(probability) * spread.squareRoot()
    // In the lower tail of small shapes P(a, x) ≈ x^a / Γ(a + 1).
    let tail = exp((log(probability) + GammaFunctions.logGamma(shape + 1)) / shape)
    return root > 0.1 ? shape * root * root * root : max(tail, .leastNormalMagnitude)
  }
}
