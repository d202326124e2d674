import Foundation
import Testing

@testable import CustomerValue

@Suite("Bins by one-dimensional k-means")
struct ClusteredBinsTests {
  /// The least sum of squares over all ways to cut sorted values into runs.
  private static func bruteForce(_ values: [Double], _ weights: [Double], _ count: Int) -> Double {
    func spread(_ run: Range<Int>) -> Double {
      let weight = run.reduce(0) { $0 + weights[$1] }
      let mean = run.reduce(0) { $0 + weights[$1] * values[$1] } / weight
      return run.reduce(0) { $0 + weights[$1] * (values[$1] - mean) * (values[$1] - mean) }
    }
    func best(_ first: Int, _ clusters: Int) -> Double {
      guard clusters > 1 else { return spread(first..<values.count) }
      return (first + 1...values.count - clusters + 1).map { spread(first..<$0) + best($0, clusters - 1) }
        .min() ?? .infinity
    }
    return best(0, count)
  }

  private static func spread(_ values: [Double], _ weights: [Double], _ firsts: [Int]) -> Double {
    zip(firsts, firsts.dropFirst() + [values.count]).reduce(0) { sum, run in
      let places = run.0..<run.1
      let weight = places.reduce(0) { $0 + weights[$1] }
      let mean = places.reduce(0) { $0 + weights[$1] * values[$1] } / weight
      return sum + places.reduce(0) { $0 + weights[$1] * (values[$1] - mean) * (values[$1] - mean) }
    }
  }

  @Test("no partition has a smaller spread, by trying all of small sets", arguments: 2...5)
  func optimal(count: Int) {
    var generator = Numbers(seed: UInt64(count))
    for _ in 0..<40 {
      let size = count + 1 + Int(generator.next() * 8)
      let values = Set((0..<size).map { _ in (generator.next() * 1000).rounded() / 10 }).sorted()
      guard values.count > count else { continue }
      let weights = values.map { _ in 1 + (generator.next() * 4).rounded() }
      let firsts = OptimalClusters.firsts(of: values, weights: weights, count: count)
      #expect(firsts.count == count && firsts[0] == 0 && firsts == firsts.sorted())
      let least = Self.bruteForce(values, weights, count)
      #expect(abs(Self.spread(values, weights, firsts) - least) <= 1e-9 * max(1, least))
    }
  }

  @Test("clear groups are found, and a weight counts like so many values")
  func groups() {
    let values = [1, 2, 3, 50, 51, 52, 400, 401, 9000, 9001].map(Double.init)
    let ones = values.map { _ in 1.0 }
    #expect(OptimalClusters.firsts(of: values, weights: ones, count: 4) == [0, 3, 6, 8])
    let repeated = ClusteredBins.boundaries(of: [1, 1, 1, 2, 40, 41, 41], count: 2)
    #expect(repeated == [40])
  }

  @Test("fewer distinct values than bins: each has its own bin, the others stay empty")
  func fewValues() {
    #expect(ClusteredBins.boundaries(of: [3, 1, 1, 3], count: 5) == [3, .infinity, .infinity, .infinity])
    #expect(ClusteredBins.boundaries(of: [], count: 3) == [.infinity, .infinity])
    #expect(ClusteredBins.boundaries(of: [0, 0], count: 3) == [.infinity, .infinity])
  }

  @Test("bins hold values of one order of magnitude, and negative ones lie below")
  func magnitudes() {
    let values = (0..<50).flatMap { (step: Int) -> [Double] in
      let offset = Double(step)
      return [Double(step % 5) + 1, 1000 + offset, 200_000 + offset]
    }
    #expect(ClusteredBins.boundaries(of: values, count: 3) == [1000, 200_000])
    #expect(ClusteredBins.boundaries(of: [-900, -1000, 1000, 900, 1], count: 3) == [1, 900])
  }

  private struct Numbers {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
  }
}
