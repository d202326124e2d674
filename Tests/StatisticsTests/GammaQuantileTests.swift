import Foundation
import Statistics
import Testing

@Suite("Quantiles of gamma distributions")
struct GammaQuantileTests {
  @Test(
    "the quantile is the inverse of the distribution, from tiny shapes to large ones",
    arguments: [0.05, 0.3, 1, 3.74, 25, 1e3, 1e5])
  func inverse(shape: Double) {
    for probability in [1e-6, 0.025, 0.5, 0.975, 1 - 1e-6] {
      let x = GammaQuantile.quantile(shape: shape, probability: probability)
      #expect(x > 0 && x.isFinite)
      // A tail of 1e-6 is compared as such.
      let found =
        probability > 0.5
        ? 1 - IncompleteGamma.upper(shape: shape, x) : IncompleteGamma.lower(shape: shape, x)
      #expect(abs(found - probability) < 1e-9 * probability + 1e-13, "\(shape) \(probability): \(found)")
    }
  }

  @Test("quantiles of an exponential are −ln(1 − p), and the ends are 0 and infinity")
  func exponential() {
    for probability in [0.01, 0.5, 0.99] {
      let x = GammaQuantile.quantile(shape: 1, probability: probability)
      #expect(abs(x / -log1p(-probability) - 1) < 1e-10)
    }
    #expect(GammaQuantile.quantile(shape: 2, probability: 0) == 0)
    #expect(GammaQuantile.quantile(shape: 2, probability: 1) == .infinity)
  }
}
