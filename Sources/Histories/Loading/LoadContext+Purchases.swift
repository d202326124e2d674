extension LoadContext {
  /// Reads vehicles bought from the group, and who recommended it.
  ///
  /// For a relation the first of several purchases by the same customer counts: the later ones were not known before.
  func loadPurchases() throws(HistoriesError) -> (purchases: Purchases, referrals: Referrals) {
    let loading = PurchaseLoading(index: relationIndex, moneyScale: moneyScale, store: store)
    guard
      let reader = try reader(
        PurchaseLoading.table,
        [
          "customer_id", "vin", "date", "condition", "loan_ends_on", "dealer_id", "gross_margin",
          "referred_by",
        ]
      )
    else { return (loading.purchases, loading.referrals) }
    let referrerKeys = KeyBatch()
    let customers = customers
    let dealers = dealers
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let buyers = self.customers(rows.text(0), count: rows.count)
      let vehicles = self.vehicles(rows.text(1), count: rows.count)
      self.relationIndex.prepare(customers: buyers, vehicles: vehicles, count: rows.count)
      referrerKeys.find(rows.text(7), count: rows.count, upperCase: false, in: customers.ids)
      referrerKeys.follow(customers.golden, count: rows.count)
      return loading.add(
        rows, customers: buyers, vehicles: vehicles, referrers: referrerKeys.rows, dealers: dealers,
        report: &report)
    }
    loading.finish(customerCount: customers.count, hasReferrers: reader.has("referred_by"))
    return (loading.purchases, loading.referrals)
  }
}

/// The rows of `purchases` on their way into columns.
private final class PurchaseLoading {
  static let table = "purchases"

  let purchases = Purchases()
  let referrals = Referrals()
  private let index: RelationIndex
  private let moneyScale: Double
  private let buyers: Buffer<Int32>
  private let referrers: Buffer<Int32>

  init(index: RelationIndex, moneyScale: Double, store: ColumnStore?) {
    buyers = Buffer(in: store)
    referrers = Buffer(in: store)
    if let store {
      purchases.settle(in: store)
      referrals.settle(in: store)
    }
    self.index = index
    self.moneyScale = moneyScale
  }

  func add(
    _ rows: borrowing Rows, customers: UnsafeMutablePointer<Int32>, vehicles: UnsafeMutablePointer<Int32>,
    referrers: UnsafeMutablePointer<Int32>, dealers: TextDictionary, report: inout LoadReport
  ) -> Int {
    let days = rows.days(2)
    let conditions = rows.text(3)
    let loans = rows.days(4)
    let stores = rows.text(5)
    let margins = rows.numbers(6)
    let referrerIds = rows.text(7)
    let columns = (
      days: purchases.days, vehicles: purchases.vehicles, dealers: purchases.dealers,
      grossMargins: purchases.grossMargins
    )
    let conditionWords = Vocabularies.condition
    var used = 0
    for row in 0..<rows.count where !rows.isLost(row) {
      let customer = customers[row]
      guard customer >= 0 else {
        report.count(
          Self.table, "customer_id: not among the customers", .dropped, at: rows.place(row, "customer_id"))
        continue
      }
      let vehicle = vehicles[row]
      guard vehicle >= 0 else {
        report.count(
          Self.table, "vin: missing or not among the vehicles", .dropped, at: rows.place(row, "vin"))
        continue
      }
      let day = days[row]
      guard !day.isNone else {
        report.count(Self.table, "date is missing", .dropped, at: rows.place(row, "date"))
        continue
      }
      used += 1
      relate(customer, vehicle, day, conditionWords.code(conditions[row]), loans[row])
      buyers.append(customer)
      columns.days.append(day)
      columns.vehicles.append(vehicle)
      columns.dealers.append(LoadContext.code(stores[row], in: dealers))
      columns.grossMargins.append(margin(margins[row], rows, row, &report))
      guard !KeyText.isBlank(referrerIds[row]) else { continue }
      let referrer = referrers[row]
      guard referrer >= 0, referrer != customer else {
        report.count(
          Self.table, "referred_by: the buyer, or not among the customers", .missing,
          at: rows.place(row, "referred_by"))
        continue
      }
      self.referrers.append(referrer)
      referrals.days.append(day)
      referrals.buyers.append(customer)
    }
    return used
  }

  private func relate(_ customer: Int32, _ vehicle: Int32, _ day: Day, _ condition: UInt8, _ loanEnds: Day) {
    let relation = Int(index.relation(customer: customer, vehicle: vehicle))
    let relations = index.relations
    let earlier = relations.boughtOn[relation]
    guard earlier.isNone || day < earlier else { return }
    if relations.startsOn[relation].isNone || relations.startsOn[relation] == earlier {
      relations.startsOn[relation] = day
    }
    relations.boughtOn[relation] = day
    relations.conditions[relation] = condition
    relations.loanEndsOn[relation] = loanEnds
  }

  /// A loss is a margin, too.
  private func margin(
    _ value: Double?, _ rows: borrowing Rows, _ row: Int, _ report: inout LoadReport
  ) -> Int32 {
    guard let value else { return Money.none }
    if let units = Money.minorUnits(value, scale: moneyScale) { return units }
    report.count(Self.table, "gross_margin: too large", .missing, at: rows.place(row, "gross_margin"))
    return Money.none
  }

  /// Puts all into runs; without the column of referrers there are none of them, not even empty ones.
  func finish(customerCount: Int, hasReferrers: Bool) {
    let runs = EventRuns(owners: buyers, days: purchases.days, ownerCount: customerCount)
    purchases.starts = runs.starts
    purchases.days = runs.moved(purchases.days)
    purchases.vehicles = runs.moved(purchases.vehicles)
    purchases.dealers = runs.moved(purchases.dealers)
    purchases.grossMargins = runs.moved(purchases.grossMargins)
    guard hasReferrers else { return }
    let byReferrer = EventRuns(owners: referrers, days: referrals.days, ownerCount: customerCount)
    referrals.starts = byReferrer.starts
    referrals.days = byReferrer.moved(referrals.days)
    referrals.buyers = byReferrer.moved(referrals.buyers)
  }
}
