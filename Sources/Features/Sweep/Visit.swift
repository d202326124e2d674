import Histories

/// One visit as known at the as-of date: the orders of one vehicle at one store opened at most a day apart.
struct Visit: BitwiseCopyable {
  var day: Day
  /// Day of the latest order in it.
  var lastDay: Day
  var classes: VisitClasses
  var dealer: Int32
  var adviser: Int32
  /// Last believed reading, −1 without one.
  var odometer: Int32
  var odometerReplaced: Bool
  var hours: UInt16
  var promised: Bool
  var promiseMissed: Bool
  var booked: Bool
  /// Whether any order says what the customer paid.
  var hasPayment: Bool
  /// Minor units.
  var customerPaid: Int64
  var packagePaid: Int64
  var discount: Int64
  /// Minor units, −1 without an estimate.
  var estimate: Int64
  /// Minor units, −1 when unknown.
  var unpaid: Int64
  /// Margin of the orders that the customer or a package paid something for, all payers less cost; the customer's and the
  /// package's payments of those whose cost is not known. Minor units.
  var customerMargin: Int64
  /// Categories of the work that was done; empty without items.
  var jobs: JobSet

  /// First service, maintenance or customer-paid repair: what resets the loyalty clock.
  var isQualified: Bool {
    !classes.isDisjoint(with: .scheduled) || (classes.contains(.repair) && (customerPaid > 0 || !hasPayment))
  }

  /// Customer or package payment above zero.
  var isPaid: Bool { customerPaid + packagePaid > 0 }

  var isScheduled: Bool { !classes.isDisjoint(with: .scheduled) }
}

/// Raw pointers into the orders' columns, taken once per block.
struct OrderColumns {
  let starts: UnsafePointer<Int32>
  let openedOn: UnsafePointer<Day>
  let closedOn: UnsafePointer<Day>
  let knownOn: UnsafePointer<Day>
  let odometers: UnsafePointer<Int32>
  let classes: UnsafePointer<VisitClasses>
  let flags: UnsafePointer<OrderFlags>
  let hours: UnsafePointer<UInt16>
  let dealers: UnsafePointer<Int32>
  let advisers: UnsafePointer<Int32>
  let customerPaid: UnsafePointer<Int32>
  let packagePaid: UnsafePointer<Int32>
  let discounts: UnsafePointer<Int32>
  let estimates: UnsafePointer<Int32>
  let unpaid: UnsafePointer<Int32>
  let margins: UnsafePointer<Int32>
  /// `nil` when the table of items is not there.
  let jobs: UnsafePointer<JobSet>?

  init(_ orders: Orders, items: OrderItems) {
    starts = UnsafePointer(orders.starts.base)
    openedOn = UnsafePointer(orders.openedOn.base)
    closedOn = UnsafePointer(orders.closedOn.base)
    knownOn = UnsafePointer(orders.knownOn.base)
    odometers = UnsafePointer(orders.odometers.base)
    classes = UnsafePointer(orders.classes.base)
    flags = UnsafePointer(orders.flags.base)
    hours = UnsafePointer(orders.hours.base)
    dealers = UnsafePointer(orders.dealers.base)
    advisers = UnsafePointer(orders.advisers.base)
    customerPaid = UnsafePointer(orders.customerPaid.base)
    packagePaid = UnsafePointer(orders.packagePaid.base)
    discounts = UnsafePointer(orders.discounts.base)
    estimates = UnsafePointer(orders.estimates.base)
    unpaid = UnsafePointer(orders.unpaid.base)
    margins = UnsafePointer(orders.margins.base)
    jobs = items.isPresent ? UnsafePointer(items.jobs.base) : nil
  }

  /// Whether an order counts at the as-of date: it was opened, closed and known by then.
  @inline(__always)
  func isVisible(_ order: Int, asOf: Day) -> Bool {
    openedOn[order] <= asOf && closedOn[order] <= asOf && knownOn[order] <= asOf
      && !flags[order].contains(.unusable)
  }

  /// Whether the car stood in the workshop at the end of the as-of date, as was known then.
  @inline(__always)
  func isInShop(_ order: Int, asOf: Day) -> Bool {
    openedOn[order] <= asOf && knownOn[order] <= asOf && closedOn[order] > asOf
      && !flags[order].contains(.unusable)
  }

  @inline(__always)
  func visit(_ order: Int) -> Visit {
    let paid = customerPaid[order]
    let estimate = estimates[order]
    let owed = unpaid[order]
    let flags = flags[order]
    return Visit(
      day: openedOn[order], lastDay: openedOn[order], classes: classes[order], dealer: dealers[order],
      adviser: advisers[order], odometer: odometers[order],
      odometerReplaced: flags.contains(.odometerReplaced), hours: hours[order],
      promised: flags.contains(.promised), promiseMissed: flags.contains(.promiseMissed),
      booked: flags.contains(.booked), hasPayment: paid != Money.none,
      customerPaid: amount(paid), packagePaid: amount(packagePaid[order]), discount: amount(discounts[order]),
      estimate: estimate == Money.none ? -1 : Int64(estimate), unpaid: owed == Money.none ? -1 : Int64(owed),
      customerMargin: customerMargin(order), jobs: jobs.map { $0[order] } ?? [])
  }

  /// Whether the customer or a package paid something for the order.
  @inline(__always)
  func hasOwnPayment(_ order: Int) -> Bool { ownPayment(order) != 0 }

  @inline(__always)
  private func ownPayment(_ order: Int) -> Int64 {
    amount(customerPaid[order]) + amount(packagePaid[order])
  }

  @inline(__always)
  private func customerMargin(_ order: Int) -> Int64 {
    let paid = ownPayment(order)
    let margin = margins[order]
    return paid == 0 ? 0 : margin == Money.none ? paid : Int64(margin)
  }

  @inline(__always)
  private func amount(_ value: Int32) -> Int64 { value == Money.none ? 0 : Int64(value) }
}

extension Visit {
  /// Takes a further order of the same visit in.
  @inline(__always)
  mutating func add(_ other: Visit) {
    lastDay = other.day
    classes.formUnion(other.classes)
    if other.adviser >= 0 { adviser = other.adviser }
    if other.odometer >= 0 { odometer = other.odometer }
    odometerReplaced = odometerReplaced || other.odometerReplaced
    if other.hours != .max { hours = hours == .max ? other.hours : max(hours, other.hours) }
    promised = promised || other.promised
    promiseMissed = promiseMissed || other.promiseMissed
    booked = booked || other.booked
    hasPayment = hasPayment || other.hasPayment
    customerPaid += other.customerPaid
    packagePaid += other.packagePaid
    customerMargin += other.customerMargin
    discount += other.discount
    if other.estimate >= 0 { estimate = max(estimate, 0) + other.estimate }
    if other.unpaid >= 0 { unpaid = max(unpaid, 0) + other.unpaid }
    jobs.formUnion(other.jobs)
  }
}
