import Histories

/// What one worker needs to look at one relation at one as-of date, reused from relation to relation.
final class RelationWorkspace {
  let histories: Histories
  let orders: OrderColumns
  let facts: FactColumns
  let work: WorkColumns
  let asOf: Day
  let hasPurchases: Bool
  let hasAdvisers: Bool
  let contactFacts: ContactColumns
  let known: KnownSources

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
  /// Day of the order added last.
  private var latestDay = Day.none

  var slopes = Scratch<Double>()
  var readings = Scratch<OdometerReading>()
  var values = Scratch<Double>()
  var gaps = Scratch<Double>()

  init(histories: Histories, asOf: Day) {
    self.histories = histories
    self.asOf = asOf
    orders = OrderColumns(histories.orders, items: histories.items)
    facts = FactColumns(histories)
    work = WorkColumns(histories)
    hasPurchases = histories.presentTables.contains("purchases")
    hasAdvisers = histories.presentTables.contains("advisers")
    contactFacts = ContactColumns(histories)
    known = KnownSources(histories)
  }

  /// Builds the visits of a relation as known at the as-of date.
  ///
  /// Orders are collapsed here, from what was visible, and not once for all dates: a later order that belongs to the
  /// same visit must not change what was known before it.
  ///
  /// - Complexity: O(orders of the relation).
  func load(relation: Int) {
    self.relation = relation
    vehicle = Int(facts.vehicleOfRelation[relation])
    customer = Int(facts.customerOfRelation[relation])
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
    if last >= 0, visit.day - latestDay <= 1, let same = visitContinued(by: visit) {
      visits.base[same].add(visit)
    } else {
      visits.append(visit)
    }
    latestDay = visit.day
  }

  /// The visit that an order belongs to: not always the last one, when two stores were visited at a time.
  private func visitContinued(by visit: Visit) -> Int? {
    var index = visits.count - 1
    while index >= 0 {
      if visits.base[index].dealer == visit.dealer, visit.day - visits.base[index].lastDay <= 1 {
        return index
      }
      index -= 1
    }
    return nil
  }

  /// First day of the relation.
  var start: Day { facts.startsOn[relation] }

  /// Maintenance intervals of the vehicle.
  var schedule: ServiceSchedule { facts.schedules[Int(facts.scheduleOfVehicle[vehicle])] }

  /// Day on which the ownership ends that lasts at the as-of date, or that ended last before it; `Day.none` while it
  /// lasts.
  var ownershipEnd: Day {
    work.hasInterruptions ? histories.relations.end(of: relation, asOf: asOf) : facts.endsOn[relation]
  }

  /// Whether the relation had begun and not ended at the as-of date.
  var isCurrent: Bool {
    let end = ownershipEnd
    return !start.isNone && start <= asOf && (end.isNone || end > asOf)
  }

  /// Whether the vehicle was new when the relation began, so that the first service was to be made here: a car that was
  /// delivered long before, to whomever, follows the regular schedule.
  var beganNew: Bool {
    let registrationDays = 60
    let delivered = facts.deliveredOn[vehicle]
    return facts.ownerSequence[relation] < 2
      && (delivered.isNone || start - delivered <= registrationDays)
  }

  func daysSince(_ day: Day) -> Double { Double(asOf - day) }
}
