import Dispatch

/// Repair orders as they are read, before they are sorted into runs.
final class OrderStaging {
  let orders = Orders()
  /// Relation of each order, −1 for none; pair numbers until the owners are found.
  let relations = Buffer<Int32>()
  /// Hash of the order's own id, to find the same order twice and to break ties of day.
  let identities = Buffer<UInt64>()

  var count: Int { relations.count }
  /// Orders that have a relation.
  var owned = 0

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

    let order = Buffer<Int32>(repeating: 0, count: owned)
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
      { result.openedOn = Self.moved(result.openedOn, order) },
      { result.closedOn = Self.moved(result.closedOn, order) },
      { result.knownOn = Self.moved(result.knownOn, order) },
      { result.odometers = Self.moved(result.odometers, order) },
      { result.classes = Self.moved(result.classes, order) },
      { result.flags = Self.moved(result.flags, order) },
      { result.hours = Self.moved(result.hours, order) },
      { result.dealers = Self.moved(result.dealers, order) },
      { result.advisers = Self.moved(result.advisers, order) },
      { result.customerPaid = Self.moved(result.customerPaid, order) },
      { result.packagePaid = Self.moved(result.packagePaid, order) },
      { result.discounts = Self.moved(result.discounts, order) },
      { result.estimates = Self.moved(result.estimates, order) },
      { result.unpaid = Self.moved(result.unpaid, order) },
    ]
    DispatchQueue.concurrentPerform(iterations: moves.count) { moves[$0]() }
    return (result, Self.moved(identities, order))
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

  private static func moved<Element>(_ column: Buffer<Element>, _ order: Buffer<Int32>) -> Buffer<Element> {
    guard column.count > 0 else { return column }
    let result = Buffer<Element>(repeating: column[0], count: order.count)
    let target = result.base
    let source = column.base
    let order = order.base
    for position in 0..<result.count { target[position] = source[Int(order[position])] }
    return result
  }
}
