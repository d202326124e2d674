import Features
import Histories
import LinearAlgebra
import Synchronization
import Testing

@Suite("One sweep for all dates")
struct SweepTests {
  private static let labels: [LapseLabel?] = [nil, .due, .firstService, .secondService, .postwarranty]

  private static func bits(_ values: UnsafeBufferPointer<Double>) -> [UInt64] { values.map(\.bitPattern) }

  private static func bits(_ view: AsOfView, of relations: [Int32]) -> [UInt64] {
    view.features(of: relations).withUnsafeElements(bits)
  }

  @Test(
    "rows and populations of many dates are those of each date by itself, bit for bit, whatever came late",
    arguments: UInt64(1)...8)
  func eachDate(seed: UInt64) throws {
    var random = RandomHistories(seed: seed)
    let histories = try random.load()
    let sweep = FeatureSweep(histories: histories, dates: random.dates())
    #expect(sweep.views.count >= 6)
    let everybody = Array(0..<Int32(histories.relations.count))
    var held = 0
    let rows = Mutex([Int: [UInt64]]())
    sweep.forEachBlock(of: sweep.views.map { _ in everybody }) { date, range, values in
      rows.withLock { $0[date * everybody.count + range.lowerBound] = Self.bits(values) }
    }
    let inOrder = rows.withLock { rows in rows.keys.sorted().flatMap { rows[$0] ?? [] } }
    let width = everybody.count * Feature.count
    for (date, view) in sweep.views.enumerated() {
      let alone = AsOfView(histories: histories, asOf: view.asOf)
      #expect(Array(inOrder[date * width..<(date + 1) * width]) == Self.bits(alone, of: everybody))
      held += alone.population().count
    }
    #expect(held > 0)
    for label in Self.labels {
      let populations = sweep.populations(label: label)
      for (view, found) in zip(sweep.views, populations) {
        let alone = AsOfView(histories: histories, asOf: view.asOf).population(label: label)
        #expect(found.relations == alone.relations)
        #expect(found.outcomes == alone.outcomes)
      }
    }
  }

  @Test("population and rows in one go are what both give one after the other", arguments: labels)
  func oneGo(label: LapseLabel?) {
    let sweep = FeatureSweep(
      histories: SimulatedSet.histories, dates: [SimulatedSet.laterAsOf, SimulatedSet.asOf])
    #expect(sweep.views.map(\.asOf) == [SimulatedSet.asOf, SimulatedSet.laterAsOf])
    let found = sweep.forEachPopulationBlock(label: label) { date, population, values in
      (date, population.relations, Self.bits(values))
    }
    let populations = sweep.populations(label: label)
    for (date, view) in sweep.views.enumerated() {
      #expect(!populations[date].relations.isEmpty)
      #expect(found[date].population.relations == populations[date].relations)
      #expect(found[date].population.outcomes == populations[date].outcomes)
      #expect(found[date].values.allSatisfy { $0.0 == date })
      #expect(found[date].values.flatMap(\.1) == populations[date].relations)
      #expect(found[date].values.flatMap(\.2) == Self.bits(view, of: populations[date].relations))
    }
  }

  @Test("rows written for several dates stand one date after the other, on 1, 2, 3 and 8 threads alike")
  func written() {
    let dates = (0..<5).map { SimulatedSet.asOf - 120 * $0 }
    var first: [UInt64] = []
    for threads in [1, 2, 3, 8] {
      let sweep = FeatureSweep(
        histories: SimulatedSet.histories, dates: dates, parallel: Parallel(threads: threads))
      let relations = sweep.populations().map(\.relations)
      let count = relations.reduce(0) { $0 + $1.count }
      let values = Matrix(rows: count, columns: Feature.count) {
        sweep.writeFeatures(of: relations, into: $0)
      }
      let bits = values.withUnsafeElements(Self.bits)
      if first.isEmpty {
        first = zip(sweep.views, relations).flatMap { Self.bits($0, of: $1) }
        #expect(!first.isEmpty)
      }
      #expect(bits == first)
    }
  }

  @Test("what peers did does not depend on the dates asked for together")
  func peers() throws {
    let dates = [SimulatedSet.asOf - 400, SimulatedSet.asOf, SimulatedSet.laterAsOf]
    let sweep = FeatureSweep(histories: SimulatedSet.histories, dates: dates)
    let chosen = sweep.selecting([SimulatedSet.asOf])
    #expect(chosen.views.map(\.asOf) == [SimulatedSet.asOf])
    let view = try #require(sweep.view(asOf: SimulatedSet.asOf))
    #expect(sweep.view(asOf: SimulatedSet.asOf + 1) == nil)
    let relations = view.population().relations
    let alone = AsOfView(histories: SimulatedSet.histories, asOf: SimulatedSet.asOf)
    #expect(Self.bits(view, of: relations) == Self.bits(alone, of: relations))
  }
}
