import Foundation
import Testing

@testable import Simulation

@Suite("Random draws")
struct RandomTests {
  private static let draws = 40_000

  /// Mean and variance over many draws.
  private func moments(_ draw: (inout RandomStream) -> Double) -> (mean: Double, variance: Double) {
    var random = RandomStream(seed: 7, stream: 11)
    var sum = 0.0
    var squares = 0.0
    for _ in 0..<Self.draws {
      let value = draw(&random)
      sum += value
      squares += value * value
    }
    let mean = sum / Double(Self.draws)
    return (mean, squares / Double(Self.draws) - mean * mean)
  }

  /// Expects the mean within 4 of its standard errors and the variance within a tenth.
  private func expect(
    mean: Double, variance: Double, _ draw: (inout RandomStream) -> Double
  ) {
    let found = moments(draw)
    #expect(abs(found.mean - mean) < 4 * (variance / Double(Self.draws)).squareRoot())
    #expect(abs(found.variance / variance - 1) < 0.1)
  }

  @Test("draws have the means and variances of their distributions")
  func distributions() {
    expect(mean: 0.5, variance: 1.0 / 12) { $0.uniform() }
    expect(mean: 0, variance: 1) { $0.normal() }
    expect(mean: 20, variance: 400) { $0.exponential(mean: 20) }
    expect(mean: 3, variance: 3) { Double($0.poisson(mean: 3)) }
    expect(mean: 70, variance: 70) { Double($0.poisson(mean: 70)) }
    expect(mean: 6, variance: 12) { $0.gamma(shape: 3, scale: 2) }
    expect(mean: 1, variance: 2) { $0.gamma(shape: 0.5, scale: 2) }
    let sigma = 0.5
    expect(
      mean: exp(sigma * sigma / 2), variance: (exp(sigma * sigma) - 1) * exp(sigma * sigma)
    ) { $0.lognormal(median: 1, sigma: sigma) }
    // Γ(1 + 1/2) and Γ(1 + 2/2), the moments of the Weibull distribution of shape 2.
    let first = Double.pi.squareRoot() / 2
    let second = 1.0
    expect(mean: 10 * first, variance: 100 * (second - first * first)) { $0.weibull(scale: 10, shape: 2) }
  }

  @Test("choices come in the shares of their weights")
  func choices() {
    var random = RandomStream(seed: 1, stream: 2)
    var counts = [0, 0, 0]
    for _ in 0..<Self.draws { counts[random.choice([1, 2, 5])] += 1 }
    for (count, share) in zip(counts, [0.125, 0.25, 0.625]) {
      let error = (share * (1 - share) / Double(Self.draws)).squareRoot()
      #expect(abs(Double(count) / Double(Self.draws) - share) < 4 * error)
    }
  }

  @Test("streams are reproducible and differ by seed, stream and purpose")
  func streams() {
    func first(_ seed: UInt64, _ stream: UInt64, _ purpose: UInt64) -> UInt64 {
      var random = RandomStream(seed: seed, stream: stream, purpose: purpose)
      return random.next()
    }
    #expect(first(1, 2, 3) == first(1, 2, 3))
    let values = [first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4), first(2, 1, 3)]
    #expect(Set(values).count == values.count)
  }
}
