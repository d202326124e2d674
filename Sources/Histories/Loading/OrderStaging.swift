import Dispatch

/// Repair orders as they are read, before they are sorted into runs.
final class OrderStaging {
  let orders = Orders()
  /// Relation of each order, −1 for none; pair numbers until the owners are found.
  let relations: Buffer<Int32>
  /// Hash of the order's own id, to find the same order twice and to break ties of day.
  let identities: Buffer<UInt64>

  var count: Int { relations.count }
  /// Orders that have a relation.
  var owned = 0

  /// - Parameter store: where the columns lie; `nil` for memory.
  init(in store: ColumnStore?) {
    relations = Buffer(in: store)
    identities = Buffer(in: store)
    if let store { orders.settle(in: store) }
  }

  /// Makes room for this many orders in all.
  func reserve(_ count: Int) {
    relations.reserve(count)
    identities.reserve(count)
    orders.openedOn.reserve(count)
    orders.closedOn.reserve(count)
    orders.knownOn.reserve(count)
    orders.odometers.reserve(count)
    orders.classes.reserve(count)
    orders.flags.reserve(count)
    orders.hours.reserve(count)
    orders.dealers.reserve(count)
    orders.advisers.reserve(count)
    for column in [
      orders.customerPaid, orders.packagePaid, orders.discounts, orders.estimates, orders.unpaid,
      orders.margins,
    ] {
      column.reserve(count)
    }
  }

  /// Sorts all columns into one run per relation, by day and then by identity, and empties the staging.
  ///
  /// - Complexity: a counting sort by relation, then insertion sorts of short runs; columns are moved one at a time.
  func sorted(relationCount: Int) -> (orders: Orders, identities: Buffer<UInt64>) {
    let starts = Buffer<Int32>(repeating: 0, count: relationCount + 1)
    for relation in relations.values where relation >= 0 { starts.base[Int(relation) + 1] += 1 }
    for relation in 0..<relationCount { starts.base[relation + 1] += starts.base[relation] }

    let order = Buffer<Int32>(repeating: 0, count: owned, in: relations.store)
    let next = Buffer<Int32>(repeating: 0, count: relationCount)
    for relation in 0..<relationCount { next.base[relation] = starts.base[relation] }
    for row in 0..<count where relations.base[row] >= 0 {
      let relation = Int(relations.base[row])
      order.base[Int(next.base[relation])] = Int32(row)
      next.base[relation] += 1
    }
    sortRuns(order, starts)

    let result = orders
    result.starts = starts
    let moves: [@Sendable () -> Void] = [
      { result.openedOn = result.openedOn.gathered(by: order) },
      { result.closedOn = result.closedOn.gathered(by: order) },
      { result.knownOn = result.knownOn.gathered(by: order) },
      { result.odometers = result.odometers.gathered(by: order) },
      { result.classes = result.classes.gathered(by: order) },
      { result.flags = result.flags.gathered(by: order) },
      { result.hours = result.hours.gathered(by: order) },
      { result.dealers = result.dealers.gathered(by: order) },
      { result.advisers = result.advisers.gathered(by: order) },
      { result.customerPaid = result.customerPaid.gathered(by: order) },
      { result.packagePaid = result.packagePaid.gathered(by: order) },
      { result.discounts = result.discounts.gathered(by: order) },
      { result.estimates = result.estimates.gathered(by: order) },
      { result.unpaid = result.unpaid.gathered(by: order) },
      { result.margins = result.margins.gathered(by: order) },
    ]
    DispatchQueue.concurrentPerform(iterations: moves.count) { moves[$0]() }
    return (result, identities.gathered(by: order))
  }

  private func sortRuns(_ order: Buffer<Int32>, _ starts: Buffer<Int32>) {
    let days = orders.openedOn.base
    let identities = identities.base
    let order = order.base
    for relation in 0..<(starts.count - 1) {
      let run = Int(starts.base[relation])..<Int(starts.base[relation + 1])
      for position in run.dropFirst() {
        let row = order[position]
        let day = days[Int(row)]
        let identity = identities[Int(row)]
        var slot = position
        while slot > run.lowerBound {
          let before = Int(order[slot - 1])
          let isLater = days[before] > day || (days[before] == day && identities[before] > identity)
          guard isLater else { break }
          order[slot] = order[slot - 1]
          slot -= 1
        }
        order[slot] = row
      }
    }
  }
}
