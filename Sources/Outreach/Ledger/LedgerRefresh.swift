public import ContactQueue
internal import Foundation
public import Histories

/// Brings the ledger of a queue up to date with the histories of a data folder: consents, complaints, bookings, open
/// orders, natural ends and past contacts as they are now.
public enum LedgerRefresh {
  /// - Parameter histories: loaded with `LoadOptions.addresses`.
  /// - Returns: the number of relations.
  /// - Throws: `QueueError`.
  /// - Complexity: O(relations)
  public static func run(_ queue: TaskQueue, _ histories: Histories, at now: Moment) throws -> Int {
    let time = LocalTime(TimeZone(identifier: histories.timeZone) ?? .gmt)
    let policies = try queue.campaigns().compactMap {
      try? ContactPolicy(yaml: $0.campaign.policy, file: "policy of \($0.campaign.name)", timeZone: time.zone)
    }
    // A policy that cannot be read is told when its tasks are asked about; until then the built-in one remembers enough.
    let known = policies + [ContactPolicy.builtIn(timeZone: time.zone)]
    let memory = known.map(\.memory).max() ?? .days(0)
    let ledger = Ledger(histories, at: now, time: time, memory: memory)
    var next = 0
    return try queue.refresh(at: now) {
      guard next < histories.relations.count else { return nil }
      defer { next += 1 }
      let vehicle = histories.relations.vehicles[next]
      return LedgerLine(
        customerID: histories.customers.ids.texts[Int(histories.relations.customers[next])],
        vin: vehicle < 0 ? nil : histories.vehicles.vins.texts[Int(vehicle)],
        standing: ledger.standing(of: next))
    }
  }
}
