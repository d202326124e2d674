import Testing

@testable import Histories

@Suite("Runs of events and the end of the data")
struct OrderTests {
  @Test("events are put into one run per owner, by day, those of one day in the file's order")
  func eventRuns() {
    var random = TestRandom(state: 11)
    let ownerCount = 50
    let owners = Buffer<Int32>()
    let days = Buffer<Day>()
    let rows = Buffer<Int32>()
    for row in 0..<3000 {
      owners.append(Int32.random(in: 0..<Int32(ownerCount - 1), using: &random))
      days.append(Day(Int32.random(in: 0..<100, using: &random)))
      rows.append(Int32(row))
    }
    let runs = EventRuns(owners: owners, days: days, ownerCount: ownerCount)
    let moved = runs.moved(rows)
    #expect(runs.starts.count == ownerCount + 1)
    for owner in 0..<ownerCount {
      let run = Int(runs.starts[owner])..<Int(runs.starts[owner + 1])
      let expected = (0..<3000).filter { owners[$0] == Int32(owner) }
        .sorted { (days[$0], $0) < (days[$1], $1) }
      #expect(run.map { Int(moved[$0]) } == expected)
    }
    let noRuns = EventRuns(owners: Buffer(), days: Buffer<Day>(), ownerCount: 3)
    #expect((0..<noRuns.starts.count).map { noRuns.starts[$0] } == [0, 0, 0, 0])
  }

  private static let first = Day(year: 2020, month: 1, day: 1)

  /// Twenty orders a day from 2020 on.
  private static func steady(days: Int) -> [Day] {
    (0..<days).flatMap { day in (0..<20).map { _ in first + day } }
  }

  private static func end(_ days: [Day]) -> Day {
    days.withUnsafeBufferPointer { OrderChecks.dataEnd($0) }
  }

  @Test("the data end on the last day of a steady stream")
  func steadyEnd() {
    #expect(Self.end(Self.steady(days: 1000)) == Self.first + 999)
    #expect(Self.end(Self.steady(days: 1000).reversed()) == Self.first + 999)
    #expect(Self.end([Self.first]) == Self.first)
  }

  @Test("mistyped years far ahead do not move the end, be they few or a block")
  func farFuture() {
    let year2099 = Day(year: 2099, month: 12, day: 31)
    let steady = Self.steady(days: 1000)
    #expect(Self.end(steady + [year2099]) == Self.first + 999)
    #expect(Self.end(steady + Array(repeating: year2099, count: 3000)) == Self.first + 999)
    #expect(Self.end(steady + (0..<60).map { year2099 - $0 }) == Self.first + 999)
    #expect(
      Self.end(steady + [Day(Int32.max), Day(Int32.min + 1), Day(year: 1900, month: 1, day: 1)]) == Self.first
        + 999)
  }

  @Test("a few stragglers after the stream do not move the end")
  func stragglers() {
    let late = [1040, 1080, 1130].map { Self.first + $0 }
    #expect(Self.end(Self.steady(days: 1000) + late) == Self.first + 999)
  }

  @Test("a pause of three months, such as a lockdown, does not end the data")
  func pauses() {
    let after = Self.steady(days: 400).map { $0 + 1090 }
    #expect(Self.end(Self.steady(days: 1000) + after) == Self.first + 1489)
  }

  @Test("no order at all, or none in our time, still gives a day")
  func noOrders() {
    #expect(Self.end([]) == Day(year: 1990, month: 1, day: 1))
    #expect(Self.end([Day(year: 1900, month: 1, day: 1)]) == Day(year: 1990, month: 1, day: 1))
  }
}
