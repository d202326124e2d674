import Features
import Histories
import LinearAlgebra
import Synchronization
import Testing

@Suite("Threads and blocks")
struct ThreadTests {
  private static let label = LapseLabel.due

  private static func bits(_ view: AsOfView, of relations: [Int32]) -> [UInt64] {
    let values = view.features(of: relations)
    return (0..<values.rows).flatMap { row in (0..<Feature.count).map { values[row, $0].bitPattern } }
  }

  @Test("one, two and three threads give the same bits and the same population")
  func threads() {
    let histories = SimulatedSet.histories
    let views = [1, 2, 3].map {
      AsOfView(histories: histories, asOf: SimulatedSet.asOf, parallel: Parallel(threads: $0))
    }
    let populations = views.map { $0.population(label: Self.label) }
    let features = zip(views, populations).map { Self.bits($0, of: $1.relations) }
    for index in 1..<3 {
      #expect(populations[index].relations == populations[0].relations)
      #expect(populations[index].outcomes == populations[0].outcomes)
      #expect(features[index] == features[0])
    }
    #expect(populations[0].relations == populations[0].relations.sorted())
  }

  @Test("with bounded memory relations, populations and features are the same to the bit")
  func boundedMemory() throws {
    var options = Histories.LoadOptions()
    // So little that pages are given back whenever there is an occasion.
    options.memoryLimit = 1
    let bounded = try Histories.load(SimulatedSet.shared.path, options: options)
    let (own, other) = (
      AsOfView(histories: SimulatedSet.histories, asOf: SimulatedSet.asOf),
      AsOfView(histories: bounded, asOf: SimulatedSet.asOf)
    )
    let population = own.population(label: Self.label, activeOnly: false)
    #expect(population.count > 200)
    #expect(other.population(label: Self.label, activeOnly: false).relations == population.relations)
    #expect(Self.bits(other, of: population.relations) == Self.bits(own, of: population.relations))
  }

  @Test("a relation's row is the same alone, in any order and in blocks")
  func blocks() {
    let view = AsOfView(histories: SimulatedSet.histories, asOf: SimulatedSet.asOf)
    // More rows than a block holds.
    let some = view.population().relations.prefix(260)
    let relations = (0..<10).flatMap { $0 % 2 == 0 ? Array(some) : some.reversed() }
    let together = Self.bits(view, of: relations)
    let inBlocks = Mutex([UInt64](repeating: 0, count: together.count))
    view.forEachBlock(of: relations) { range, values in
      let bits = values.map(\.bitPattern)
      inBlocks.withLock {
        $0.replaceSubrange(range.lowerBound * Feature.count..<range.upperBound * Feature.count, with: bits)
      }
    }
    #expect(inBlocks.withLock { $0 } == together)
    for row in stride(from: 0, to: relations.count, by: 97) {
      #expect(
        Self.bits(view, of: [relations[row]])
          == Array(together[row * Feature.count..<(row + 1) * Feature.count]))
    }
  }
}
