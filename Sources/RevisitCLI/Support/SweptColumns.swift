import Histories
import LinearAlgebra

/// What a sweep over all relations has to read: the columns of the histories from which features are computed.
///
/// A measure to hold the sweep against: reading the same bytes once, and doing nothing else with them.
struct SweptColumns {
  /// Rows of each table of events in memory that happened by a day, however many dates are asked for.
  let events: [String: Int]
  private let histories: Histories
  private let blocks: [UnsafeRawBufferPointer]

  var bytes: Int { blocks.reduce(0) { $0 + $1.count } }

  /// - Parameter day: the latest as-of date.
  /// - Complexity: O(events).
  init(_ histories: Histories, through day: Day) {
    self.histories = histories
    blocks = Self.blocks(histories)
    let orderDays = histories.orders.openedOn.values
    let items = histories.items
    var seenItems = 0
    if items.isPresent {
      for order in orderDays.indices where orderDays[order] <= day {
        seenItems += Int(items.starts[order + 1] - items.starts[order])
      }
    }
    let days: [(String, Buffer<Day>)] = [
      ("orders", histories.orders.openedOn), ("surveys", histories.surveys.days),
      ("survey_items", histories.surveys.items.days), ("complaints", histories.complaints.openedOn),
      ("contacts", histories.contacts.days), ("appointments", histories.appointments.bookedOn),
      ("consents", histories.consents.days), ("packages", histories.packages.boughtOn),
      ("policies", histories.policies.beginsOn), ("recalls", histories.recalls.openedOn),
      ("purchases", histories.purchases.days),
    ]
    var events = ["order_items": seenItems]
    for (table, column) in days { events[table] = column.values.count { $0 <= day } }
    self.events = events
  }

  /// Reads every byte once and adds all up.
  ///
  /// - Returns: a sum that depends on every word, so that no reading can be left out.
  /// - Complexity: O(bytes).
  func readOnce(_ parallel: Parallel) -> UInt64 {
    blocks.reduce(0) { $0 &+ MemoryReading.sum($1, parallel) }
  }

  private static func blocks(_ histories: Histories) -> [UnsafeRawBufferPointer] {
    func raw<Element>(_ column: Buffer<Element>) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(column.values)
    }
    let (orders, items, relations) = (histories.orders, histories.items, histories.relations)
    let (vehicles, customers, surveys) = (histories.vehicles, histories.customers, histories.surveys)
    let (complaints, contacts, consents) = (histories.complaints, histories.contacts, histories.consents)
    let (appointments, packages) = (histories.appointments, histories.packages)
    let (policies, recalls) = (histories.policies, histories.recalls)
    let (purchases, referrals) = (histories.purchases, histories.referrals)
    return [
      raw(orders.starts), raw(orders.openedOn), raw(orders.closedOn), raw(orders.knownOn),
      raw(orders.odometers),
      raw(orders.classes), raw(orders.flags), raw(orders.hours), raw(orders.dealers), raw(orders.advisers),
      raw(orders.customerPaid), raw(orders.packagePaid), raw(orders.discounts), raw(orders.estimates),
      raw(orders.unpaid), raw(orders.margins),
      raw(items.starts), raw(items.codes), raw(items.amounts), raw(items.jobs),
      raw(relations.customers), raw(relations.vehicles), raw(relations.startsOn), raw(relations.endsOn),
      raw(relations.ownerSequence), raw(relations.boughtOn), raw(relations.conditions),
      raw(relations.loanEndsOn),
      raw(vehicles.models), raw(vehicles.powertrains), raw(vehicles.useTypes), raw(vehicles.deliveredOn),
      raw(vehicles.listPrices), raw(vehicles.warrantyEndsOn), raw(vehicles.warrantyKm),
      raw(vehicles.extendedWarrantyEndsOn), raw(vehicles.schedules), raw(vehicles.plateHeads),
      raw(customers.ownerTypes), raw(customers.dealers), raw(customers.homes), raw(customers.cities),
      raw(customers.channels), raw(customers.addresses.starts), raw(customers.addresses.registeredOn),
      raw(customers.addresses.places),
      raw(surveys.starts), raw(surveys.days), raw(surveys.scores), raw(surveys.kinds),
      raw(surveys.items.starts), raw(surveys.items.days), raw(surveys.items.scores),
      raw(complaints.starts), raw(complaints.openedOn), raw(complaints.closedOn), raw(complaints.reopenedOn),
      raw(complaints.severities), raw(complaints.satisfied),
      raw(contacts.starts), raw(contacts.days), raw(contacts.outcomes), raw(contacts.channels),
      raw(contacts.purposes), raw(contacts.promisedOn), raw(contacts.vehicles),
      raw(appointments.starts), raw(appointments.bookedOn), raw(appointments.forDays),
      raw(appointments.states),
      raw(appointments.vehicles), raw(consents.starts), raw(consents.days), raw(consents.statements),
      raw(packages.starts), raw(packages.boughtOn), raw(packages.expiresOn), raw(packages.visits),
      raw(policies.starts), raw(policies.beginsOn), raw(policies.endsOn), raw(policies.soldHere),
      raw(policies.premiums), raw(policies.commissions), raw(recalls.starts), raw(recalls.openedOn),
      raw(recalls.doneOn), raw(purchases.starts), raw(purchases.days), raw(purchases.vehicles),
      raw(purchases.dealers), raw(purchases.grossMargins), raw(referrals.starts), raw(referrals.days),
      raw(referrals.buyers),
    ]
  }
}
