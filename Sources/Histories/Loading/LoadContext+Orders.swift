import DuckDB

extension LoadContext {
  /// Reads repair orders, sorts them into runs and marks what cannot be used.
  ///
  /// - Returns: the orders and the last day with a believable number of them.
  func loadOrders() throws(HistoriesError) -> (orders: Orders, dataEnd: Day) {
    guard let reader = try reader("visits", OrderReading.columns) else {
      throw HistoriesError(
        .inputMissing, "Table `visits` is missing.", next: "Map it in \(Mapping.fileName).")
    }
    let reading = OrderReading(context: self)
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      reading.add(rows, report: &report)
    }
    guard reading.staging.count > 0 else {
      throw HistoriesError(
        .badData, "Table `visits` holds no usable row.", next: "`revisit check` shows why.")
    }
    assignSchedules()
    let dataEnd = OrderChecks.dataEnd(reading.staging.orders.openedOn.values)
    let (orders, identities) = reading.staging.sorted(relationCount: relationIndex.relations.count)
    let checks = OrderChecks(
      orders: orders, identities: identities, relations: relationIndex.relations, vehicles: vehicles,
      dataEnd: dataEnd)
    checks.run(report: &report)
    startRelations(with: orders)
    return (orders, dataEnd)
  }

  /// A relation without ownership, purchase or delivery begins with its first usable order.
  private func startRelations(with orders: Orders) {
    let relations = relationIndex.relations
    for relation in 0..<relations.count where relations.startsOn[relation].isNone {
      let run = Int(orders.starts[relation])..<Int(orders.starts[relation + 1])
      if let first = run.first(where: { !orders.flags[$0].contains(.unusable) }) {
        relations.startsOn[relation] = orders.openedOn[first]
      }
    }
  }
}

/// The rows of `visits` on their way into columns.
///
/// The pair of customer and vehicle is found by one 64-bit hash of both texts; two different pairs among a million
/// share a hash with a probability of about 3 in 10⁸.
private final class OrderReading {
  static let columns = [
    "visit_id", "customer_id", "vin", "dealer_id", "opened_at", "closed_at", "status", "odometer_km",
    "odometer_replaced", "classes", "customer_paid", "package_paid", "discount", "estimate", "unpaid",
    "adviser_id", "booked", "promised_at", "recorded_at",
  ]
  private static let table = "visits"
  private static let microsecondsPerHour: Int64 = 3_600_000_000
  private static let open = Vocabularies.orderStatus.code("open")
  private static let void = Vocabularies.orderStatus.code("void")

  let staging = OrderStaging()
  private let context: LoadContext
  private let pairs: HashIndex
  private let classTexts = TextDictionary()
  private var classSets: [VisitClasses] = []

  init(context: LoadContext) {
    self.context = context
    pairs = HashIndex(expected: context.relationIndex.relations.count)
  }

  func add(_ rows: borrowing Rows, report: inout LoadReport) -> Int {
    let ids = rows.text(0)
    let customers = rows.text(1)
    let vins = rows.text(2)
    let dealers = rows.text(3)
    let opened = rows.times(4)
    let closed = rows.times(5)
    let statuses = rows.text(6)
    let odometers = rows.numbers(7)
    let replaced = rows.truths(8)
    let classes = rows.text(9)
    let money = (10...14).map { rows.numbers($0) }
    let advisers = rows.text(15)
    let booked = rows.truths(16)
    let promised = rows.times(17)
    let recorded = rows.times(18)
    let orders = staging.orders
    let scale = context.moneyScale
    var used = 0

    for row in 0..<rows.count {
      guard !ids[row].isEmpty else {
        report.count(Self.table, "visit_id is missing", .dropped, at: rows.place(row, "visit_id"))
        continue
      }
      guard let openedAt = opened[row] else {
        if !rows.isUnreadable(row, 4) {
          report.count(Self.table, "opened_at is missing", .dropped, at: rows.place(row, "opened_at"))
        }
        continue
      }
      let status = Vocabularies.orderStatus.code(statuses[row])
      guard status != Self.void else {
        report.count(Self.table, "void order", .setAside, at: rows.place(row, "status"))
        continue
      }
      var set = classSet(classes[row], rows, row, &report)
      guard set.isEmpty || !set.isSubset(of: .noVisit) else {
        report.count(
          Self.table, "presale, internal or counter-sale order", .setAside, at: rows.place(row, "classes"))
        continue
      }
      if set.isEmpty { set = .repair }
      guard let relation = relation(customers[row], vins[row], rows, row, &report) else { continue }

      let openedOn = Day(microseconds: openedAt)
      var closedOn = status == Self.open ? Orders.notClosed : openedOn
      var hours = UInt16.max
      if let closedAt = closed[row], status != Self.open {
        if closedAt < openedAt {
          report.count(Self.table, "closed before it was opened", .missing, at: rows.place(row, "closed_at"))
        } else {
          closedOn = Day(microseconds: closedAt)
          hours = UInt16(min((closedAt - openedAt) / Self.microsecondsPerHour, 65_534))
        }
      }
      var flags: OrderFlags = []
      if let promisedAt = promised[row], let closedAt = closed[row], status != Self.open {
        flags.insert(.promised)
        if closedAt > promisedAt { flags.insert(.promiseMissed) }
      }
      if booked[row] == true { flags.insert(.booked) }
      if replaced[row] == true { flags.insert(.odometerReplaced) }

      staging.relations.append(relation)
      staging.identities.append(KeyHash.hash(ids[row]))
      orders.openedOn.append(openedOn)
      orders.closedOn.append(closedOn)
      orders.knownOn.append(max(openedOn, recorded[row].map(Day.init(microseconds:)) ?? openedOn))
      orders.odometers.append(odometer(odometers[row], rows, row, &report))
      orders.classes.append(set)
      orders.flags.append(flags)
      orders.hours.append(hours)
      orders.dealers.append(context.dealer(dealers[row]))
      orders.advisers.append(LoadContext.code(advisers[row], in: context.advisers.ids))
      orders.customerPaid.append(amount(money[0][row], scale, "customer_paid", rows, row, &report))
      orders.packagePaid.append(amount(money[1][row], scale, "package_paid", rows, row, &report))
      orders.discounts.append(amount(money[2][row], scale, "discount", rows, row, &report))
      orders.estimates.append(amount(money[3][row], scale, "estimate", rows, row, &report))
      orders.unpaid.append(amount(money[4][row], scale, "unpaid", rows, row, &report))
      used += 1
    }
    return used
  }

  @inline(__always)
  private func odometer(
    _ value: Double?, _ rows: borrowing Rows, _ row: Int, _ report: inout LoadReport
  ) -> Int32 {
    guard let value else { return -1 }
    guard value >= 0, value <= 3_000_000 else {
      report.count(
        Self.table, "odometer_km: not between 0 and 3,000,000", .missing, at: rows.place(row, "odometer_km"))
      return -1
    }
    return Int32(value)
  }

  @inline(__always)
  private func amount(
    _ value: Double?, _ scale: Double, _ column: String, _ rows: borrowing Rows, _ row: Int,
    _ report: inout LoadReport
  ) -> Int32 {
    guard let value else { return Money.none }
    guard value >= 0, let units = Money.minorUnits(value, scale: scale) else {
      report.count(Self.table, "\(column): negative or too large", .missing, at: rows.place(row, column))
      return Money.none
    }
    return units
  }

  @inline(__always)
  private func classSet(
    _ cell: UnsafeRawBufferPointer, _ rows: borrowing Rows, _ row: Int, _ report: inout LoadReport
  ) -> VisitClasses {
    guard !cell.isEmpty else {
      report.count(Self.table, "classes: missing, taken as repair", .mended, at: rows.place(row, "classes"))
      return []
    }
    let hash = KeyHash.hash(cell)
    if let code = classTexts.code(of: cell, hash: hash) { return classSets[Int(code)] }
    var unknown = false
    let set = VisitClasses(parsing: String(decoding: cell, as: UTF8.self), unknown: &unknown)
    if unknown {
      report.count(Self.table, "classes: an unknown class", .missing, at: rows.place(row, "classes"))
    } else {
      _ = classTexts.add(cell, hash: hash)
      classSets.append(set)
    }
    return set
  }

  // MARK: Whose vehicle

  @inline(__always)
  private func relation(
    _ customer: UnsafeRawBufferPointer, _ vin: UnsafeRawBufferPointer, _ rows: borrowing Rows, _ row: Int,
    _ report: inout LoadReport
  ) -> Int32? {
    let hash = KeyHash.combine(KeyHash.hash(customer), KeyHash.hash(vin))
    if let known = pairs.find(hash, where: { _ in true }) { return known }
    guard let found = findRelation(customer, vin, rows, row, &report) else { return nil }
    pairs.insert(hash, row: found)
    return found
  }

  /// The first order of a pair: the relation is looked up, mended or made.
  private func findRelation(
    _ customerCell: UnsafeRawBufferPointer, _ vinCell: UnsafeRawBufferPointer, _ rows: borrowing Rows,
    _ row: Int,
    _ report: inout LoadReport
  ) -> Int32? {
    guard let customer = context.customer(customerCell) else {
      report.count(
        Self.table, "customer_id: missing or not among the customers", .dropped,
        at: rows.place(row, "customer_id"))
      return nil
    }
    let index = context.relationIndex
    if vinCell.isEmpty {
      let own = index.relations(of: customer)
      guard own.count == 1 else {
        report.count(
          Self.table, "vin is missing and the customer has not just one", .dropped, at: rows.place(row, "vin")
        )
        return nil
      }
      report.count(
        Self.table, "vin: taken from the customer's only vehicle", .mended, at: rows.place(row, "vin"))
      return own[0]
    }
    if let vehicle = context.vehicle(vinCell) { return index.relation(customer: customer, vehicle: vehicle) }
    return KeyText.withFolded(vinCell, upperCase: true) { vin, hash in
      let swapped = index.relations(of: customer).first { relation in
        let vehicle = Int(index.relations.vehicles[Int(relation)])
        return VIN.isSwapped(context.vehicles.vins.texts.bytes(vehicle), vin)
      }
      if let swapped {
        report.count(
          Self.table, "vin: two characters had changed places", .mended, at: rows.place(row, "vin"))
        return swapped
      }
      if context.presentTables.contains("vehicles") {
        report.count(Self.table, "vin: not among the vehicles", .setAside, at: rows.place(row, "vin"))
      }
      let vehicle = context.vehicles.addUnknown(vin: vin, hash: hash)
      return index.relation(customer: customer, vehicle: vehicle)
    }
  }
}

extension Vocabulary {
  func code(_ word: String) -> UInt8 {
    words.firstIndex(of: word).map { UInt8($0) } ?? Self.none
  }
}
