import CustomerValue
import Foundation
import LinearAlgebra
import Testing

/// Fader and Hardie (2013) on the CDNOW customers.
@Suite("Gamma-gamma against published figures", .enabled(if: SharedReference.isThere))
struct PublishedSpendTests {
  @Test(
    "parameters, log-likelihood and the first ten conditional means are those of the paper and of lifetimes")
  func published() throws {
    let (counts, means) = try SharedReference.spends()
    let sample = SpendSample(counts: counts, means: means)
    #expect(sample.customers == 946 && sample.nonPositive == 0)
    let fit = try #require(GammaGammaFit(sample))
    #expect(abs(fit.model.p - 6.25) < 0.005)
    #expect(abs(fit.model.q - 3.74) < 0.005)
    #expect(abs(fit.model.v - 15.44) < 0.01, "\(fit.model)")
    #expect(abs(fit.logLikelihood - -4055.92) < 0.005, "\(fit.logLikelihood)")
    let published = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    for (index, expected) in published.enumerated() {
      let spend = fit.model.expectedSpend(count: Int(counts[index]), mean: means[index])
      #expect(abs(spend - expected) < 0.01, "\(index): \(spend)")
    }
    print(fit.model, fit.standardErrors, fit.logLikelihood, fit.iterations, sample.correlation)
  }
}
