import Histories

/// What one worker needs to look at one relation at one as-of date after the other, reused from relation to relation.
///
/// A relation is begun, and then advanced from date to date, ascending: what became known since the last date is added to
/// the visits built so far.
final class RelationWorkspace {
  let histories: Histories
  let orders: OrderColumns
  let facts: FactColumns
  let work: WorkColumns
  let hasPurchases: Bool
  let hasAdvisers: Bool
  let contactFacts: ContactColumns
  let known: KnownSources

  private(set) var asOf = Day.none
  private(set) var relation = 0
  private(set) var vehicle = 0
  private(set) var customer = 0
  /// Day on which the ownership ends that lasts at the as-of date, or that ended last before it; `Day.none` while it
  /// lasts.
  private(set) var ownershipEnd = Day.none
  /// Visits visible at the as-of date, by day.
  private(set) var visits = Scratch<Visit>()
  /// By visit: what it and all before it come to.
  private(set) var totals = Scratch<VisitTotals>()
  /// Whether the car is in the workshop.
  private(set) var isInShop = false
  /// Whether a visible order held a reading that is not believed.
  private(set) var hasOdometerConflict = false
  /// Indices into `visits` of the last of each kind, −1 for none.
  private(set) var lastQualified = -1
  private(set) var lastPaid = -1
  private(set) var lastScheduled = -1
  /// The first visit of the last 730 days, and of the last 365; the number of visits without one.
  private(set) var firstOf730 = 0
  private(set) var firstOf365 = 0
  /// The first order of the relation opened after the as-of date.
  private(set) var nextOrder = 0
  /// Day of the order added last.
  private var latestDay = Day.none
  /// The order added last, −1 without one.
  private var latestOrder: Int32 = -1
  /// Usable orders opened by the as-of date that are not visible yet, ascending.
  private var pending = Scratch<Int32>()
  /// The first visit that the last advance changed or added.
  private var firstTouched = 0

  /// What follows from the visits alone, whatever the date; `nil` when they have changed since it was worked out.
  var tickets: OwnTickets?
  var skippedCycles: SkippedCycles?
  var usualAdviser: Int32?

  var slopes = Scratch<Double>()
  var readings = Scratch<OdometerReading>()
  var values = Scratch<Double>()
  var gaps = Scratch<Double>()

  init(histories: Histories) {
    self.histories = histories
    orders = OrderColumns(histories.orders, items: histories.items)
    facts = FactColumns(histories)
    work = WorkColumns(histories)
    hasPurchases = histories.presentTables.contains("purchases")
    hasAdvisers = histories.presentTables.contains("advisers")
    contactFacts = ContactColumns(histories)
    known = KnownSources(histories)
  }

  // MARK: Through time

  /// Turns to a relation, of which nothing is known yet.
  func begin(relation: Int) {
    self.relation = relation
    vehicle = Int(facts.vehicleOfRelation[relation])
    customer = Int(facts.customerOfRelation[relation])
    asOf = .none
    forget()
  }

  /// A relation as known at one date.
  func load(relation: Int, asOf: Day) {
    begin(relation: relation)
    advance(to: asOf)
  }

  private func forget() {
    visits.removeAll()
    totals.removeAll()
    pending.removeAll()
    hasOdometerConflict = false
    lastQualified = -1
    lastPaid = -1
    lastScheduled = -1
    nextOrder = Int(orders.starts[relation])
    latestDay = .none
    latestOrder = -1
    firstTouched = 0
    tickets = nil
    skippedCycles = nil
    usualAdviser = nil
  }

  /// Adds what became known since the last date.
  ///
  /// Orders are collapsed here, from what was visible, and not once for all dates: a later order that belongs to the
  /// same visit must not change what was known before it. One that becomes visible after a later one was taken in may
  /// belong between visits that are built: then all of them are built anew.
  ///
  /// - Parameter date: later than the last one.
  /// - Complexity: O(orders that became visible and that wait, visits of the last 730 days).
  func advance(to date: Day) {
    precondition(date >= asOf, "dates ascend")
    asOf = date
    ownershipEnd =
      work.hasInterruptions ? histories.relations.end(of: relation, asOf: date) : facts.endsOn[relation]
    isInShop = false
    firstTouched = visits.count
    if pending.count > 0, !takePending() {
      forget()
      isInShop = false
    }
    let end = Int(orders.starts[relation + 1])
    while nextOrder < end, orders.openedOn[nextOrder] <= date {
      if orders.isVisible(nextOrder, asOf: date) {
        add(nextOrder)
      } else if !orders.flags[nextOrder].contains(.unusable) {
        pending.append(Int32(nextOrder))
        if orders.isInShop(nextOrder, asOf: date) { isInShop = true }
      }
      nextOrder += 1
    }
    if firstTouched < visits.count { summariseTouched() }
    firstOf365 = visits.count
    while firstOf365 > 0, visits.base[firstOf365 - 1].day > date - 365 { firstOf365 -= 1 }
    firstOf730 = firstOf365
    while firstOf730 > 0, visits.base[firstOf730 - 1].day > date - 730 { firstOf730 -= 1 }
  }

  /// Takes in what has become visible of the orders that waited.
  ///
  /// - Returns: `false` when one of them comes before an order that was taken in already.
  private func takePending() -> Bool {
    var kept = 0
    for index in 0..<pending.count {
      let order = pending[index]
      if orders.isVisible(Int(order), asOf: asOf) {
        guard order > latestOrder else { return false }
        add(Int(order))
      } else {
        pending[kept] = order
        kept += 1
        if orders.isInShop(Int(order), asOf: asOf) { isInShop = true }
      }
    }
    pending.shorten(to: kept)
    return true
  }

  @inline(__always)
  private func add(_ order: Int) {
    let visit = orders.visit(order)
    if orders.flags[order].contains(.odometerConflict) { hasOdometerConflict = true }
    let last = visits.count - 1
    if last >= 0, visit.day - latestDay <= 1, let same = visitContinued(by: visit) {
      visits.base[same].add(visit)
      firstTouched = min(firstTouched, same)
    } else {
      visits.append(visit)
    }
    latestDay = visit.day
    latestOrder = Int32(order)
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

  /// Brings up to date what is kept of the visits, from the first one that has changed.
  private func summariseTouched() {
    tickets = nil
    skippedCycles = nil
    usualAdviser = nil
    totals.shorten(to: min(firstTouched, totals.count))
    var total = totals.isEmpty ? VisitTotals() : totals[totals.count - 1]
    let start = start
    for index in totals.count..<visits.count {
      total.add(visits.base[index], start: start)
      totals.append(total)
    }
    lastQualified = last(lastQualified) { $0.isQualified }
    lastPaid = last(lastPaid) { $0.isPaid }
    lastScheduled = last(lastScheduled) { $0.isScheduled }
  }

  /// The last visit of a kind; one that was found before holds as far as nothing has changed.
  @inline(__always)
  private func last(_ found: Int, _ isWanted: (Visit) -> Bool) -> Int {
    var index = visits.count - 1
    while index >= firstTouched {
      if isWanted(visits.base[index]) { return index }
      index -= 1
    }
    if found < firstTouched { return found }
    while index >= 0, !isWanted(visits.base[index]) { index -= 1 }
    return index
  }

  /// What all visits come to.
  @inline(__always)
  var total: VisitTotals { totals.isEmpty ? VisitTotals() : totals.base[totals.count - 1] }

  // MARK: What is known

  /// First day of the relation.
  var start: Day { facts.startsOn[relation] }

  /// Maintenance intervals of the vehicle.
  var schedule: ServiceSchedule { facts.schedules[Int(facts.scheduleOfVehicle[vehicle])] }

  /// Whether the relation had begun and not ended at the as-of date.
  var isCurrent: Bool {
    let end = ownershipEnd
    return hasBegun && (end.isNone || end > asOf)
  }

  /// Whether the relation had begun by the as-of date.
  var hasBegun: Bool { !start.isNone && start <= asOf }

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
