import Foundation
import LinearAlgebra
import Testing

@testable import ChurnModel

@Suite("Optimal bins of a table")
struct OptimalBinningTests {
  /// A number that matters in steps, one with a peak, one that says nothing, and a category.
  private struct Sample {
    var rows: [[Double]] = []
    var labels: [Bool] = []
    static let features =
      ["steps", "peak", "noise"].map { FeatureColumn(name: $0, kind: .numeric) }
      + [FeatureColumn(name: "city", kind: .category(levels: ["a", "b", "c", "d", "e"]))]

    init(count: Int = 3_000, seed: UInt64 = 9) {
      var random = RandomNumbers(seed: seed)
      for _ in 0..<count {
        let steps = random.uniform() < 0.1 ? Double.nan : (random.uniform() * 100).rounded()
        let peak = random.normal()
        let city = Double(Int(random.uniform() * 4.02))
        var margin = steps.isNaN ? 0.5 : steps < 30 ? -2 : steps < 70 ? -0.5 : 1
        margin += peak.magnitude < 0.7 ? 1.5 : -0.5
        margin += city == 1 || city == 3 ? 1 : 0
        rows.append([steps, peak, random.uniform(), city])
        labels.append(random.uniform() < 1 / (1 + exp(-margin)))
      }
    }

    func bins(
      rows chosen: [Int]? = nil, weights: [Double]? = nil, options: OptimalBinOptions = OptimalBinOptions()
    ) throws -> [OptimalBins] {
      let chosen = chosen ?? Array(rows.indices)
      return try OptimalBinning.bins(
        features: Self.features, values: Matrix(chosen.map { rows[$0] }), labels: chosen.map { labels[$0] },
        weights: weights, options: options)
    }
  }

  private static let sample = Sample()

  @Test("steps, peaks, noise and groups of levels are found")
  func found() throws {
    let bins = try Self.sample.bins()
    guard case .intervals(let steps) = bins[0].bins, case .intervals(let peak) = bins[1].bins,
      case .levels(let city) = bins[3].bins
    else {
      Issue.record("numbers have intervals, categories have levels")
      return
    }
    #expect(steps.edges.count == 2 && bins[0].trend == .increasing)
    #expect((28...32).contains(steps.edges[0]) && (68...72).contains(steps.edges[1]))
    #expect(bins[1].trend == .peak)
    #expect(peak.edges.contains { ($0 + 0.7).magnitude < 0.2 })
    #expect(peak.edges.contains { ($0 - 0.7).magnitude < 0.2 })
    #expect(bins[2].bins.valueBins == 1 && bins[2].informationValue.magnitude < 1e-12)
    #expect(city.valueBins == 2)
    #expect(city.binOfLevel[0] == city.binOfLevel[2] && city.binOfLevel[1] == city.binOfLevel[3])
    #expect(city.binOfLevel[0] != city.binOfLevel[1])
  }

  @Test("counts, rates, evidence, information value and likelihood are those of the rows in each bin")
  func figures() throws {
    let sample = Self.sample
    let all = Double(sample.labels.filter { $0 }.count)
    let others = Double(sample.labels.count) - all
    for (column, bins) in try sample.bins().enumerated() {
      var (information, likelihood) = (0.0, 0.0)
      #expect(bins.rows.count == bins.bins.count)
      for (bin, row) in bins.rows.enumerated() {
        let own = sample.labels.indices.filter { bins.bins.index(of: sample.rows[$0][column]) == bin }
        let events = Double(own.filter { sample.labels[$0] }.count)
        let rest = Double(own.count) - events
        #expect(row.weight == Double(own.count) && row.events == events)
        guard !own.isEmpty else {
          #expect(row.weightOfEvidence == 0 && row.informationValue == 0 && row.rate == all / (all + others))
          continue
        }
        #expect(row.rate == events / Double(own.count))
        let evidence = log(events / all / (rest / others))
        #expect((row.weightOfEvidence - evidence).magnitude < 1e-12)
        information += (events / all - rest / others) * evidence
        likelihood += events * log(row.rate) + rest * log(1 - row.rate)
      }
      #expect((bins.informationValue - information).magnitude < 1e-12)
      #expect((bins.logLikelihood - likelihood).magnitude < 1e-8)
      #expect(
        (bins.nullLogLikelihood - (all * log(all / 3_000) + others * log(others / 3_000))).magnitude < 1e-8)
      #expect(bins.logLikelihood >= bins.nullLogLikelihood - 1e-8)
    }
  }

  @Test("every bin keeps the limits, and none can hold all when no partition does")
  func limits() throws {
    var options = OptimalBinOptions()
    (options.leastShare, options.leastEvents, options.number) = (0.2, 150, .priced(0))
    for bins in try Self.sample.bins(options: options) {
      let values = bins.rows.dropLast()
      let total = values.reduce(0) { $0 + $1.weight }
      for row in values where values.count > 1 {
        #expect(row.weight >= 0.2 * total && row.events >= 150 && row.weight - row.events >= 150)
      }
    }
    options.leastEvents = 1e6
    #expect(try Self.sample.bins(options: options).allSatisfy { $0.bins.valueBins == 1 })
  }

  @Test("a weight of 2 is the row twice, a weight of 0 no row, and the order has no say")
  func weights() throws {
    let sample = Self.sample
    let repeated = sample.rows.indices.flatMap { Array(repeating: $0, count: $0 % 3) }
    let weighted = try sample.bins(weights: sample.rows.indices.map { Double($0 % 3) })
    for bins in [try sample.bins(rows: repeated), try sample.bins(rows: repeated.reversed())] {
      for (left, right) in zip(weighted, bins) {
        #expect(left.bins == right.bins && left.rows == right.rows)
      }
    }
  }

  @Test("rescaled columns have rescaled edges and the same bins, turned labels the same edges")
  func metamorphic() throws {
    let sample = Self.sample
    let column = sample.rows.map { $0[1] }
    let plain = try OptimalBinning.bins(column: column, labels: sample.labels)
    for factor in [1e12, 1e-12] {
      let scaled = try OptimalBinning.bins(column: column.map { $0 * factor }, labels: sample.labels)
      guard case .intervals(let edges) = scaled.bins, case .intervals(let own) = plain.bins else { return }
      #expect(edges.edges == own.edges.map { $0 * factor })
      #expect(scaled.rows == plain.rows)
    }
    let turned = try OptimalBinning.bins(column: column, labels: sample.labels.map { !$0 })
    #expect(turned.bins == plain.bins && turned.trend == .valley && plain.trend == .peak)
    let mirrored = try OptimalBinning.bins(column: column.map { -$0 }, labels: sample.labels)
    #expect(mirrored.bins.valueBins == plain.bins.valueBins)
  }

  @Test("the bits are the same for 1, 2, 3 and 8 threads")
  func threads() throws {
    var options = OptimalBinOptions()
    options.sampleRows = 500
    let weights = Self.sample.rows.indices.map { 0.1 + Double($0 % 7) }
    let results = try [1, 2, 3, 8].map { threads in
      options.parallel = Parallel(threads: threads)
      return try Self.sample.bins(weights: weights, options: options)
    }
    #expect(results.dropFirst().allSatisfy { $0 == results[0] })
  }

  @Test("constant, missing and single-row columns have one bin, infinite values a place at the ends")
  func degenerate() throws {
    let labels = (0..<200).map { $0.isMultiple(of: 3) }
    for column in [Array(repeating: 4.0, count: 200), Array(repeating: Double.nan, count: 200)] {
      let bins = try OptimalBinning.bins(column: column, labels: labels)
      #expect(bins.bins.valueBins == 1)
      #expect(bins.rows.reduce(0) { $0 + $1.weight } == 200)
    }
    let ends = (0..<200).map { $0 < 60 ? -Double.infinity : $0 < 120 ? Double($0) : .infinity }
    let bins = try OptimalBinning.bins(column: ends, labels: (0..<200).map { $0 % 60 > $0 / 4 })
    #expect(bins.bins.index(of: -.infinity) == 0)
    #expect(bins.bins.index(of: .infinity) == bins.bins.valueBins - 1)
    #expect(throws: ChurnModelError.self) { try OptimalBinning.bins(column: [1], labels: [true]) }
  }

  @Test("a bin of one class has finite evidence")
  func oneClassBin() throws {
    var options = OptimalBinOptions()
    options.leastEvents = 0
    let bins = try OptimalBinning.bins(
      column: (0..<100).map(Double.init), labels: (0..<100).map { $0 >= 50 }, options: options)
    #expect(bins.rows.map(\.weight) == [50, 50, 0])
    #expect(bins.logLikelihood == 0)
    #expect((bins.rows[1].weightOfEvidence - log(50.5 / 0.5)).magnitude < 1e-12)
    #expect(bins.informationValue.isFinite)
  }

  @Test("rare levels are pooled, unseen ones go with them, and a level that is none is named")
  func rareLevels() throws {
    let bins = try Self.sample.bins()[3]
    // Level "e" is rarer than a fiftieth.
    #expect(bins.bins.index(of: 4) == bins.bins.index(of: 17))
    let wrong = Matrix([[0], [7], [1]])
    #expect(throws: ChurnModelError.self) {
      try OptimalBinning.bins(
        features: [Sample.features[3]], values: wrong, labels: [true, false, true])
    }
  }

  @Test("options outside of their range are named")
  func options() {
    let changes: [(inout OptimalBinOptions) -> Void] = [
      { $0.maximumBins = 0 }, { $0.finestBins = 256 }, { $0.leastShare = 1 }, { $0.leastEvents = -1 },
      { $0.sampleRows = 0 }, { $0.number = .given(0) }, { $0.number = .priced(-1) },
    ]
    for change in changes {
      var options = OptimalBinOptions()
      change(&options)
      #expect(throws: ChurnModelError.self) {
        try OptimalBinning.bins(column: [1, 2], labels: [true, false], options: options)
      }
    }
  }
}
