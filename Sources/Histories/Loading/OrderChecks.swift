/// Marks orders that contradict the calendar, the vehicle or themselves. Every check looks only backwards in time, so
/// that later orders never change what is known of earlier ones.
struct OrderChecks {
  let orders: Orders
  let identities: Buffer<UInt64>
  let relations: Relations
  let vehicles: Vehicles
  let dataEnd: Day

  private static let table = "visits"
  /// No dealer system is older; days before are mistyped.
  private static let earliest = Day(year: 1990, month: 1, day: 1)
  /// An order may be this many days older than the delivery on record (papers come late).
  private static let deliveryTolerance = 30
  /// More kilometres a day between two readings are not believed.
  private static let maximumKmPerDay = 1500.0

  func run(report: inout LoadReport) {
    var counts = Counts()
    for relation in 0..<relations.count {
      let run = Int(orders.starts[relation])..<Int(orders.starts[relation + 1])
      if run.isEmpty { continue }
      markUnusable(run, relation: relation, &counts)
      checkOdometers(run, &counts)
    }
    report.count(Self.table, "the same order twice", .dropped, at: nil, times: counts.duplicates)
    report.count(
      Self.table, "dated before the vehicle's delivery", .dropped, at: nil, times: counts.beforeDelivery)
    report.count(Self.table, "dated after the end of the data", .dropped, at: nil, times: counts.afterEnd)
    report.count(Self.table, "dated before 1990", .dropped, at: nil, times: counts.tooEarly)
    report.withdraw(
      Self.table, counts.duplicates + counts.beforeDelivery + counts.afterEnd + counts.tooEarly)
    report.count(Self.table, "odometer_km: lower than before", .missing, at: nil, times: counts.rollbacks)
    report.count(Self.table, "odometer_km: too high a jump", .missing, at: nil, times: counts.jumps)
  }

  private struct Counts {
    var duplicates = 0
    var beforeDelivery = 0
    var afterEnd = 0
    var tooEarly = 0
    var rollbacks = 0
    var jumps = 0
  }

  private func markUnusable(_ run: Range<Int>, relation: Int, _ counts: inout Counts) {
    let delivered = vehicles.deliveredOn[Int(relations.vehicles[relation])]
    for order in run {
      let day = orders.openedOn[order]
      let isTwin =
        order > run.lowerBound && orders.openedOn[order - 1] == day
        && identities[order - 1] == identities[order]
      if isTwin {
        counts.duplicates += 1
      } else if !delivered.isNone, day < delivered - Self.deliveryTolerance {
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
        counts.rollbacks += 1
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
