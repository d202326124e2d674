import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Bins of a column")
struct BinEdgesTests {
  private static let special = [
    Double.nan, .infinity, -.infinity, 0, -0.0, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNonzeroMagnitude, 1e12, 1e-12,
  ]

  @Test("the search finds the number of edges at or below a value, for any number of edges and values")
  func search() {
    var random = RandomNumbers(seed: 1)
    for edgeCount in [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 100, 127, 128, 253, 254] {
      let edges = Set((0..<edgeCount).map { Double($0) * 0.5 - 20 }).sorted()
      let bins = BinEdges(edges)
      for count in [0, 1, 31, 32, 33, 500] {
        // Values on the edges, between them and outside.
        let values =
          (0..<count).map { _ in (random.uniform() * 600 - 100).rounded() / 4 - 10 } + Self.special
        var found = [UInt8](repeating: 99, count: values.count)
        values.withUnsafeBufferPointer { values in
          found.withUnsafeMutableBufferPointer { bins.indices(of: values, into: $0) }
        }
        let expected = values.map { value in
          value.isNaN ? edges.count + 1 : edges.reduce(0) { $0 + ($1 <= value ? 1 : 0) }
        }
        #expect(found.map(Int.init) == expected)
        #expect(values.map(bins.index(of:)) == expected)
      }
    }
  }

  @Test("bins of a value lie within their bounds, and NaN has the last bin")
  func bounds() {
    let bins = BinEdges([-1, 0.5, 7])
    #expect(bins.count == 5 && bins.valueBins == 4 && bins.missing == 4)
    for value in [-3, -1, 0, 0.5, 6.9, 7, 100] {
      let (lower, upper) = bins.bounds(of: bins.index(of: value))
      #expect(value >= lower && value < upper)
    }
    #expect(bins.index(of: .nan) == 4)
  }

  @Test("few distinct values have a bin each")
  func distinctValues() {
    let values = [3.0, .nan, 1, 3, 3, -2, 1, .nan, 8]
    #expect(BinEdges(quantilesOf: values, bins: 4).edges == [1, 3, 8])
    #expect(BinEdges(quantilesOf: values, bins: 3).edges.count == 2)
    #expect(BinEdges(quantilesOf: [.nan, .nan]).edges.isEmpty)
    #expect(BinEdges(quantilesOf: []).edges.isEmpty)
    #expect(BinEdges(quantilesOf: [5, 5, 5]).edges.isEmpty)
  }

  @Test("bins of many distinct values have nearly equal shares")
  func equalShares() {
    var random = RandomNumbers(seed: 2)
    let values = (0..<5_000).map { _ in exp(3 * random.normal()) }
    let bins = BinEdges(quantilesOf: values, bins: 50)
    var counts = [Int](repeating: 0, count: bins.count)
    for value in values { counts[bins.index(of: value)] += 1 }
    #expect(bins.valueBins == 50)
    #expect(counts.dropLast().allSatisfy { $0 == 100 })
  }

  @Test("a value with most of the weight has its own bin and leaves the other bins to the rest")
  func heavyValue() {
    var random = RandomNumbers(seed: 3)
    let values = (0..<3_000).map { $0.isMultiple(of: 10) ? 1 + random.uniform() : 0 }
    let bins = BinEdges(quantilesOf: values, bins: 31)
    var counts = [Int](repeating: 0, count: bins.count)
    for value in values { counts[bins.index(of: value)] += 1 }
    #expect(counts[0] == 2_700)
    #expect(counts[1..<31].allSatisfy { $0 == 10 })
  }

  @Test("a weight of 2 is the value twice, a weight of 0 no value, and the order has no say")
  func weights() {
    var random = RandomNumbers(seed: 4)
    let values = (0..<700).map { _ in (random.normal() * 200).rounded() }
    let weights = (0..<700).map { Double($0 % 3) }
    let repeated = zip(values, weights).flatMap { Array(repeating: $0, count: Int($1)) }
    let bins = BinEdges(quantilesOf: values, weights: weights, bins: 40)
    #expect(bins == BinEdges(quantilesOf: repeated, bins: 40))
    #expect(bins == BinEdges(quantilesOf: repeated.reversed(), bins: 40))
    #expect(bins.edges.count == 39)
  }

  @Test("a monotone transformation moves the edges along and no value to another bin")
  func transformed() {
    var random = RandomNumbers(seed: 5)
    let values = (0..<2_000).map { _ in random.normal() }
    for transform in [{ $0 * 1e12 }, { $0 * 1e-12 }, { exp($0) }] as [(Double) -> Double] {
      let plain = BinEdges(quantilesOf: values)
      let moved = BinEdges(quantilesOf: values.map(transform))
      #expect(moved.edges == plain.edges.map(transform))
    }
  }

  @Test("infinite values never become edges")
  func infiniteValues() {
    let bins = BinEdges(quantilesOf: [-.infinity, -.infinity, 1, 2, .infinity])
    #expect(bins.edges.allSatisfy { $0.isFinite })
    #expect(bins.index(of: .infinity) == bins.valueBins - 1)
  }

  @Test("edges survive coding, and damaged ones are refused")
  func coding() throws {
    let bins = BinEdges([1, 2.5, 1e300])
    #expect(try JSONDecoder().decode(BinEdges.self, from: JSONEncoder().encode(bins)) == bins)
    for text in ["[2,1]", "[1,1]"] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(BinEdges.self, from: Data(text.utf8)) }
    }
  }

  @Test("sorting by bits gives the order of comparisons", arguments: [0, 1, 2, 1_000])
  func sorting(count: Int) {
    var random = RandomNumbers(seed: 6)
    let values = (0..<count).map { _ in random.normal() * exp(20 * random.normal()) } + Self.special
    let weights = values.map { _ in random.uniform() }
    let sorter = RadixSorter(capacity: values.count)
    values.withUnsafeBufferPointer { values in
      weights.withUnsafeBufferPointer { sorter.fill(values, weights: $0) }
    }
    sorter.sort()
    var sorted: [(Double, Double)] = []
    sorter.forEachDistinct { sorted.append(($0, $1)) }
    var expected: [Double: Double] = [:]
    for (value, weight) in zip(values, weights) where !value.isNaN { expected[value, default: 0] += weight }
    #expect(sorted.map(\.0) == expected.keys.sorted())
    #expect(sorted.allSatisfy { ($1 - expected[$0]!).magnitude < 1e-12 })
    #expect(sorter.distinctCount(upTo: count + 20) == sorted.count)
  }
}
