import CustomerValue
import Foundation
import LinearAlgebra
import Testing

@Suite("Spend")
struct SpendModelTests {
  /// Customers with a rate ν ~ Gamma(q, v) and so many Gamma(p, ν) amounts; sums of exponentials give whole shapes.
  private static func simulated(
    _ customers: Int, p: Int, q: Int, v: Double, seed: UInt64
  ) -> (counts: [Int32], means: [Double], true: [Double]) {
    var state = seed
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
    }
    func gamma(_ shape: Int) -> Double { (0..<shape).reduce(0) { sum, _ in sum - log(uniform()) } }
    var (counts, means, own): ([Int32], [Double], [Double]) = ([], [], [])
    for index in 0..<customers {
      let rate = gamma(q) / v
      let count = 1 + index % 6
      counts.append(Int32(count))
      means.append((0..<count).reduce(0) { sum, _ in sum + gamma(p) / rate } / Double(count))
      own.append(Double(p) / rate)
    }
    return (counts, means, own)
  }

  @Test("known parameters are found again within their errors, and intervals hold what they promise")
  func recovery() throws {
    let (counts, means, own) = Self.simulated(20_000, p: 3, q: 4, v: 60, seed: 7)
    let model = SpendModel(SpendSample(counts: counts, means: means))
    let fit = try #require(model.fit)
    for (found, true_, error) in [
      (fit.model.p, 3.0, fit.standardErrors[0]), (fit.model.q, 4, fit.standardErrors[1]),
      (fit.model.v, 60, fit.standardErrors[2]),
    ] {
      #expect(abs(found - true_) < 3 * error && error / true_ < 0.1, "\(found) ± \(error)")
    }
    let intervals = SpendIntervals(model, counts: counts, confidence: 0.95)
    var held = 0
    for index in counts.indices {
      let ends = try #require(intervals.interval(count: counts[index], mean: means[index]))
      if (ends.lower...ends.upper).contains(own[index]) { held += 1 }
    }
    let share = Double(held) / Double(counts.count)
    #expect((0.945...0.955).contains(share), "\(share)")
  }

  @Test(
    "95 % intervals of the parameters hold the truth 93 to 97 times in 100",
    .enabled(if: ProcessInfo.processInfo.environment["REVISIT_SOAK"] == "1"))
  func coverage() throws {
    let truth = [3.0, 4, 60]
    var (held, runs) = ([0, 0, 0], 0)
    for seed in UInt64(1)...1000 {
      let (counts, means, _) = Self.simulated(2000, p: 3, q: 4, v: 60, seed: seed &* 7_919)
      guard let fit = GammaGammaFit(SpendSample(counts: counts, means: means)) else { continue }
      runs += 1
      for (index, found) in [fit.model.p, fit.model.q, fit.model.v].enumerated()
      where abs(log(found / truth[index])) < 1.959964 * fit.standardErrors[index] / found { held[index] += 1 }
    }
    let shares = held.map { Double($0) / Double(runs) }
    print("coverage of Gamma-Gamma, \(runs) runs:", shares)
    for share in shares { #expect(share > 0.93 && share < 0.97, "\(shares)") }
  }

  @Test("a customer twice counts like two, and another currency scales v and nothing else")
  func metamorphic() throws {
    let (counts, means, _) = Self.simulated(400, p: 2, q: 5, v: 100, seed: 1)
    let once = try #require(GammaGammaFit(SpendSample(counts: counts, means: means)))
    let twice = try #require(GammaGammaFit(SpendSample(counts: counts + counts, means: means + means)))
    let cents = try #require(GammaGammaFit(SpendSample(counts: counts, means: means.map { $0 * 100 })))
    #expect(
      abs(twice.model.p / once.model.p - 1) < 1e-7
        && abs(twice.logLikelihood / once.logLikelihood - 2) < 1e-10)
    for index in 0..<3 {
      #expect(abs(twice.standardErrors[index] * 2.squareRoot() / once.standardErrors[index] - 1) < 1e-5)
    }
    #expect(abs(cents.model.p / once.model.p - 1) < 1e-7 && abs(cents.model.q / once.model.q - 1) < 1e-7)
    #expect(abs(cents.model.v / once.model.v - 100) < 1e-5)
  }

  @Test(
    "amounts of 0 or less are excluded and counted, and their customers expected like others without repeats")
  func nonPositive() throws {
    let (counts, means, _) = Self.simulated(300, p: 2, q: 5, v: 100, seed: 3)
    let model = SpendModel(SpendSample(counts: counts + [2, 3, 1], means: means + [0, -5, .nan]))
    #expect(model.sample.customers == 300 && model.sample.nonPositive == 3)
    let alone = SpendModel(SpendSample(counts: counts, means: means))
    #expect(model.fit?.model == alone.fit?.model)
    let population = model.expected(count: 0, mean: 0)
    #expect(population.isFinite && population > 0)
    for mean in [0, -5, Double.nan] { #expect(model.expected(count: 2, mean: mean) == population) }
  }

  @Test(
    "where no model can be fitted nothing is NaN: everybody spends their own mean, others the mean of all",
    arguments: [([Int32](repeating: 2, count: 50), [Double](repeating: 9.99, count: 50)), ([3], [12.5])])
  func unfitted(counts: [Int32], means: [Double]) {
    let model = SpendModel(SpendSample(counts: counts, means: means))
    #expect(model.fit == nil)
    #expect(abs(model.expected(count: counts[0], mean: means[0]) - means[0]) < 1e-9)
    #expect(abs(model.expected(count: 0, mean: 0) - means[0]) < 1e-9)
  }
}
