import Foundation
import Histories

extension RelationWorkspace {
  /// Groups C and D, as far as they look into orders: the last ticket against peers, comebacks, what was bought,
  /// declined and recalled.
  func writeWork(_ peers: WorkPeers, into row: FeatureRow) {
    writeTicketAgainstPeers(peers, into: row)
    row[.rework365] = Double(comebacks)
    writeItems(into: row)
    writeRecalls(into: row)
    row[.priceBand] = peers.priceBand(work.listPrices[vehicle], dealer: facts.homeDealers[customer])
  }

  private func writeTicketAgainstPeers(_ peers: WorkPeers, into row: FeatureRow) {
    guard lastQualified >= 0 else { return }
    let visit = visits.base[lastQualified]
    guard visit.customerPaid > 0 else { return }
    let usual = peers.ticket(
      visit.classes, model: facts.models[vehicle], dealer: visit.dealer)
    row[.ticketVsPeer] = log(Double(visit.customerPaid) / usual)
  }

  // MARK: Comebacks

  private static let comebackDays = 30
  private static let comebackKm: Int32 = 1000

  /// Visits of the last 365 days flagged as comebacks, or repairs of the same job class soon after another visit.
  private var comebacks: Int {
    var count = 0
    for index in firstOf365..<visits.count {
      let classes = visits.base[index].classes
      if classes.contains(.rework) || (classes.contains(.repair) && isComeback(index)) { count += 1 }
    }
    return count
  }

  private func isComeback(_ index: Int) -> Bool {
    let visit = visits.base[index]
    let named = JobSet.everyCategory.subtracting(.other)
    // No visit that began earlier lasted long enough.
    let earliest = visit.day - Self.comebackDays - Int(total.longestStay)
    var earlier = index
    while earlier > 0, visits.base[earlier - 1].day >= earliest {
      earlier -= 1
      let before = visits.base[earlier]
      guard visit.day - before.lastDay <= Self.comebackDays else { continue }
      let isFar =
        visit.odometer >= 0 && before.odometer >= 0 && visit.odometer >= before.odometer
        && visit.odometer - before.odometer > Self.comebackKm
      if isFar { continue }
      let areItemised = visit.jobs.contains(.hasItems) && before.jobs.contains(.hasItems)
      let isSame =
        areItemised
        ? !visit.jobs.intersection(before.jobs).isDisjoint(with: named) : before.classes.contains(.repair)
      if isSame { return true }
    }
    return false
  }

  // MARK: Items

  /// What the orders of a window say of items.
  private struct Itemised {
    var hasOrders = false
    var hasItems = false

    mutating func add(_ jobs: JobSet) {
      hasOrders = true
      if jobs.contains(.hasItems) { hasItems = true }
    }

    /// Orders without any item tell nothing of items.
    var isKnown: Bool { hasItems || !hasOrders }
  }

  private func writeItems(into row: FeatureRow) {
    guard let jobs = orders.jobs else { return }
    var year = Itemised()
    var years = Itemised()
    var bought: JobSet = []
    var declined = 0
    var open = OpenDeclines()
    let first = Int(orders.starts[relation])
    var order = nextOrder - 1
    while order >= first, orders.openedOn[order] > asOf - 730 {
      defer { order -= 1 }
      guard orders.isVisible(order, asOf: asOf) else { continue }
      let own = jobs[order]
      let day = orders.openedOn[order]
      years.add(own)
      bought.formUnion(own)
      open.begin(day)
      if day > asOf - 365 { year.add(own) }
      if own.contains(.hasDeclined) {
        let count = addDeclined(of: order, to: &open)
        if day > asOf - 365 { declined += count }
      }
      open.addBought(own)
    }
    bought.formIntersection(.everyCategory)
    if years.isKnown {
      row[.jobBreadth730] = Double(bought.count)
      row[.tyreBrakeBattHere] = Double(bought.intersection(.wearParts).count)
      row[.declinedValueOpen] = open.value / facts.moneyScale
    }
    if year.isKnown { row[.declinedN365] = Double(declined) }
  }

  /// - Returns: how many items of the order were declined.
  private func addDeclined(of order: Int, to open: inout OpenDeclines) -> Int {
    let items = work.items
    var count = 0
    for item in Int(items.starts[order])..<Int(items.starts[order + 1]) {
      let code = items.codes[item]
      guard code.isDeclined else { continue }
      count += 1
      open.addDeclined(JobSet(category: code.category), amount: items.amounts[item])
    }
    return count
  }

  // MARK: Recalls

  private func writeRecalls(into row: FeatureRow) {
    let recalls = work.recalls
    guard let starts = recalls.starts else { return }
    var isOpen = false
    for recall in Int(starts[vehicle])..<Int(starts[vehicle + 1]) {
      let done = recalls.doneOn[recall]
      if recalls.openedOn[recall] <= asOf, done.isNone || done > asOf { isOpen = true }
    }
    row[.recallOpen] = flag(isOpen)
  }
}

/// Sums what was declined and not bought since, going back in time order by order.
///
/// Of each category the items declined on the latest day count: what is recommended again is not wanted twice.
private struct OpenDeclines: BitwiseCopyable {
  private var day = Day.none
  /// Bought, and declined, on days after `day`.
  private var boughtLater: JobSet = []
  private var declinedLater: JobSet = []
  private var boughtToday: JobSet = []
  private var declinedToday: JobSet = []
  private var sum: Int64 = 0
  private var isPriced = false
  private var isUnpriced = false

  /// In minor units; NaN when items are open and none has a price.
  var value: Double { isUnpriced && !isPriced ? .nan : Double(sum) }

  mutating func begin(_ day: Day) {
    guard day != self.day else { return }
    self.day = day
    boughtLater.formUnion(boughtToday)
    declinedLater.formUnion(declinedToday)
    boughtToday = []
    declinedToday = []
  }

  mutating func addBought(_ jobs: JobSet) { boughtToday.formUnion(jobs.intersection(.everyCategory)) }

  mutating func addDeclined(_ job: JobSet, amount: Int32) {
    declinedToday.formUnion(job)
    guard boughtLater.isDisjoint(with: job), declinedLater.isDisjoint(with: job) else { return }
    if amount == Money.none {
      isUnpriced = true
    } else {
      isPriced = true
      sum += Int64(amount)
    }
  }
}
