import Histories

/// What one worker needs to look at one relation at one as-of date, reused from relation to relation.
final class RelationWorkspace {
  let histories: Histories
  let orders: OrderColumns
  let asOf: Day
  let hasPurchases: Bool
  let hasAdvisers: Bool

  private(set) var relation = 0
  private(set) var vehicle = 0
  private(set) var customer = 0
  /// Visits visible at the as-of date, by day.
  var visits = Scratch<Visit>()
  /// Whether the car is in the workshop.
  private(set) var isInShop = false
  /// Indices into `visits` of the last of each kind, −1 for none.
  private(set) var lastQualified = -1
  private(set) var lastPaid = -1
  private(set) var lastScheduled = -1

  var slopes = Scratch<Double>()
  var readings = Scratch<OdometerReading>()
  var values = Scratch<Double>()
  var gaps = Scratch<Double>()

  init(histories: Histories, asOf: Day) {
    self.histories = histories
    self.asOf = asOf
    orders = OrderColumns(histories.orders)
    hasPurchases = histories.presentTables.contains("purchases")
    hasAdvisers = histories.presentTables.contains("advisers")
  }

  /// Builds the visits of a relation as known at the as-of date.
  ///
  /// Orders are collapsed here, from what was visible, and not once for all dates: a later order that belongs to the
  /// same visit must not change what was known before it.
  ///
  /// - Complexity: O(orders of the relation).
  func load(relation: Int) {
    self.relation = relation
    vehicle = Int(histories.relations.vehicles.base[relation])
    customer = Int(histories.relations.customers.base[relation])
    visits.removeAll()
    isInShop = false
    lastQualified = -1
    lastPaid = -1
    lastScheduled = -1
    var order = Int(orders.starts[relation])
    let end = Int(orders.starts[relation + 1])
    while order < end, orders.openedOn[order] <= asOf {
      if orders.isVisible(order, asOf: asOf) {
        add(orders.visit(order))
      } else if orders.isInShop(order, asOf: asOf) {
        isInShop = true
      }
      order += 1
    }
    for index in 0..<visits.count {
      if visits.base[index].isQualified { lastQualified = index }
      if visits.base[index].isPaid { lastPaid = index }
      if visits.base[index].isScheduled { lastScheduled = index }
    }
  }

  @inline(__always)
  private func add(_ visit: Visit) {
    let last = visits.count - 1
    if last >= 0, visits.base[last].dealer == visit.dealer, visit.day - visits.base[last].lastDay <= 1 {
      visits.base[last].add(visit)
    } else {
      visits.append(visit)
    }
  }

  /// First day of the relation.
  var start: Day { histories.relations.startsOn.base[relation] }

  /// Whether the relation had begun and not ended at the as-of date.
  var isCurrent: Bool {
    let end = histories.relations.endsOn.base[relation]
    return !start.isNone && start <= asOf && (end.isNone || end > asOf)
  }

  func daysSince(_ day: Day) -> Double { Double(asOf - day) }
}
