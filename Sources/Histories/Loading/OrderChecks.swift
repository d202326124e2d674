/// Marks orders that contradict the calendar, the vehicle or themselves. Every check looks only backwards in time, so
/// that later orders never change what is known of earlier ones.
struct OrderChecks {
  let orders: Orders
  let identities: Buffer<UInt64>
  let relations: Relations
  let vehicles: Vehicles
  let dataEnd: Day
  /// Where the orders lie; `nil` for memory.
  let store: ColumnStore?

  private static let relationsPerLook = 1 << 15
  private static let table = "visits"
  /// No dealer system is older; days before are mistyped.
  private static let earliest = Day(year: 1990, month: 1, day: 1)
  /// A car with more orders on one day is noted.
  private static let believableOrdersPerDay = 50
  private static let kmPerMile = 1.609_344
  /// A reading that fell is taken for miles when it makes no more kilometres a day than this once converted.
  private static let usualKmPerDay = 300.0
  /// More kilometres a day between two readings are not believed.
  private static let maximumKmPerDay = 1500.0

  func run(report: inout LoadReport) {
    var counts = Counts()
    for relation in 0..<relations.count {
      let run = Int(orders.starts[relation])..<Int(orders.starts[relation + 1])
      if run.isEmpty { continue }
      markUnusable(run, relation: relation, &counts)
      noteCrowds(run, &counts)
      checkOdometers(run, &counts)
      if relation % Self.relationsPerLook == 0 { store?.relieve() }
    }
    report.count(Self.table, "the same order twice", .dropped, at: nil, times: counts.duplicates)
    report.count(
      Self.table, "dated before the vehicle's delivery", .dropped, at: nil, times: counts.beforeDelivery)
    report.count(Self.table, "dated after the end of the data", .dropped, at: nil, times: counts.afterEnd)
    report.count(Self.table, "dated before 1990", .dropped, at: nil, times: counts.tooEarly)
    report.withdraw(
      Self.table, counts.duplicates + counts.beforeDelivery + counts.afterEnd + counts.tooEarly)
    report.count(Self.table, "odometer_km: lower than before", .missing, at: nil, times: counts.rollbacks)
    report.count(
      Self.table, "odometer_km: lower than before, but right if in miles", .missing, at: nil,
      times: counts.miles)
    report.count(
      Self.table, "more than 50 orders of one car on one day", .noted, at: nil, times: counts.crowded)
    report.count(Self.table, "odometer_km: too high a jump", .missing, at: nil, times: counts.jumps)
  }

  private struct Counts {
    var duplicates = 0
    var beforeDelivery = 0
    var afterEnd = 0
    var tooEarly = 0
    var rollbacks = 0
    var miles = 0
    var crowded = 0
    var jumps = 0
  }

  private func markUnusable(_ run: Range<Int>, relation: Int, _ counts: inout Counts) {
    let vehicle = Int(relations.vehicles[relation])
    for order in run {
      let day = orders.openedOn[order]
      let isTwin =
        order > run.lowerBound && orders.openedOn[order - 1] == day
        && identities[order - 1] == identities[order]
      if isTwin {
        counts.duplicates += 1
      } else if vehicles.isBefore(day, vehicle: vehicle) {
        counts.beforeDelivery += 1
      } else if day > dataEnd {
        counts.afterEnd += 1
      } else if day < Self.earliest {
        counts.tooEarly += 1
      } else {
        continue
      }
      orders.flags[order].insert(.unusable)
    }
  }

  /// A reading below the last believed one is not believed, unless the odometer was replaced; nor is one so high that
  /// no car gets there.
  private func checkOdometers(_ run: Range<Int>, _ counts: inout Counts) {
    for order in run where orders.odometers[order] >= 0 && !orders.flags[order].contains(.unusable) {
      let km = orders.odometers[order]
      guard let before = lastReading(before: order, from: run.lowerBound) else { continue }
      if km < orders.odometers[before] {
        if mayBeMiles(order, after: before) { counts.miles += 1 } else { counts.rollbacks += 1 }
        reject(order)
        continue
      }
      let days = max(orders.openedOn[order] - orders.openedOn[before], 1)
      if Double(km - orders.odometers[before]) > Self.maximumKmPerDay * Double(days) {
        counts.jumps += 1
        reject(order)
      }
    }
  }

  /// Whether a reading that is lower than the last believed one goes on from it once it is taken for miles.
  ///
  /// It is told, not mended: a wrong conversion would spoil the usage rate, a missing reading hardly does. A car all of
  /// whose readings are in miles cannot be told at all: a factor of 1.6 lies well within what drivers differ by.
  private func mayBeMiles(_ order: Int, after before: Int) -> Bool {
    let driven = Double(orders.odometers[order]) * Self.kmPerMile - Double(orders.odometers[before])
    let days = max(orders.openedOn[order] - orders.openedOn[before], 1)
    return driven >= 0 && driven <= Self.usualKmPerDay * Double(days)
  }

  /// Counts the orders beyond a believable number on one day. They are one visit, whatever they are.
  private func noteCrowds(_ run: Range<Int>, _ counts: inout Counts) {
    guard run.count > Self.believableOrdersPerDay else { return }
    var first = run.lowerBound
    for order in run where orders.openedOn[order] != orders.openedOn[first] || order == run.upperBound - 1 {
      let end = orders.openedOn[order] == orders.openedOn[first] ? order + 1 : order
      if end - first > Self.believableOrdersPerDay { counts.crowded += end - first }
      first = order
    }
  }

  private func reject(_ order: Int) {
    orders.odometers[order] = -1
    orders.flags[order].insert(.odometerConflict)
  }

  /// The last believed reading of the same odometer before an order, of those that were known when the order was: an
  /// order that is entered late must not change what was believed until then.
  private func lastReading(before order: Int, from first: Int) -> Int? {
    if orders.flags[order].contains(.odometerReplaced) { return nil }
    let known = knownFrom(order)
    var index = order - 1
    while index >= first {
      defer { index -= 1 }
      if orders.flags[index].contains(.unusable) || knownFrom(index) > known { continue }
      if orders.odometers[index] >= 0 { return index }
      if orders.flags[index].contains(.odometerReplaced) { return nil }
    }
    return nil
  }

  /// The day from which an order counts: settled, and in the group's system.
  private func knownFrom(_ order: Int) -> Day {
    max(orders.openedOn[order], orders.closedOn[order], orders.knownOn[order])
  }

  /// The last day with a believable number of orders: going forward from the median order, the last day whose 30 days
  /// up to it hold at least a twentieth of the usual 30-day count, before half a year without such a day. Mistyped
  /// years lie apart, be they one or many.
  static func dataEnd(_ days: UnsafeBufferPointer<Day>) -> Day {
    let latest = Day(year: 2100, month: 1, day: 1)
    let window = 30
    let longestPause = 183
    var counts = [Int](repeating: 0, count: latest - earliest)
    var total = 0
    for day in days where day >= earliest && day < latest {
      counts[day - earliest] += 1
      total += 1
    }
    guard total > 0 else { return earliest }
    let full = stride(from: 0, to: counts.count - window, by: window)
      .map { counts[$0..<($0 + window)].reduce(0, +) }.filter { $0 > 0 }.sorted()
    let enough = full.isEmpty ? 1 : max(1, full[full.count / 2] / 20)

    var seen = 0
    var end = 0
    for (day, count) in counts.enumerated() {
      seen += count
      if seen * 2 < total { continue }
      if end > 0, day - end > longestPause { break }
      let recent = counts[max(0, day - window + 1)...day].reduce(0, +)
      if end == 0 || (count > 0 && recent >= enough) { end = day }
    }
    return earliest + end
  }
}
