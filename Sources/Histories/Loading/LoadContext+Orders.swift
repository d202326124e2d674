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
/// Rows that cannot be orders are left out first; then every column is moved in a loop of its own.
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
  private static let open = Vocabularies.orderStatus.code("open")
  private static let void = Vocabularies.orderStatus.code("void")

  let staging = OrderStaging()
  private let context: LoadContext
  private let pairs: HashIndex
  private let pairKeys = KeyBatch()
  private let codeKeys = KeyBatch()
  private let classSets = SmallTable<VisitClasses>()
  private let orderStatuses = SmallTable<UInt8>()
  /// Rows of the chunk that are orders, with their statuses and classes.
  private let kept = Buffer<Int32>()
  private let keptClasses = Buffer<VisitClasses>()
  private let keptOpen = Buffer<Bool>()

  init(context: LoadContext) {
    self.context = context
    let relations = context.relationIndex.relations
    pairs = HashIndex(expected: relations.count)
    // The known pairs in advance, so that orders meet a new one rarely.
    let customers = context.customers.ids.texts
    let vehicles = context.vehicles.vins.texts
    for relation in 0..<relations.count {
      let customer = KeyHash.hash(customers.bytes(Int(relations.customers[relation])))
      let vehicle = KeyHash.hash(vehicles.bytes(Int(relations.vehicles[relation])))
      pairs.insert(KeyHash.combine(customer, vehicle), row: Int32(relation))
    }
  }

  func add(_ rows: borrowing Rows, report: inout LoadReport) -> Int {
    choose(rows, &report)
    let count = kept.count
    guard count > 0 else { return 0 }
    addKeys(rows)
    addTimes(rows, &report)
    addOdometers(rows, &report)
    addCodes(rows.text(3), in: context.dealers, to: staging.orders.dealers)
    addCodes(rows.text(15), in: context.advisers.ids, to: staging.orders.advisers)
    let orders = staging.orders
    let amounts = [
      ("customer_paid", orders.customerPaid), ("package_paid", orders.packagePaid),
      ("discount", orders.discounts),
      ("estimate", orders.estimates), ("unpaid", orders.unpaid),
    ]
    for (offset, (name, column)) in amounts.enumerated() {
      addAmounts(rows.numbers(10 + offset), name, to: column, rows, &report)
    }
    orders.classes.append(contentsOf: keptClasses.values)
    return count
  }

  // MARK: Which rows are orders

  private func choose(_ rows: borrowing Rows, _ report: inout LoadReport) {
    let ids = rows.text(0)
    let customers = rows.text(1)
    let vins = rows.text(2)
    let opened = rows.times(4)
    let statuses = rows.text(6)
    let classes = rows.text(9)
    kept.removeAll()
    keptClasses.removeAll()
    keptOpen.removeAll()
    pairKeys.find(customers, vins, count: rows.count, in: pairs)
    let relations = pairKeys.rows
    let next = staging.relations
    for row in 0..<rows.count {
      guard !KeyText.isBlank(ids[row]) else {
        if !rows.isLost(row) {
          report.count(Self.table, "visit_id is missing", .dropped, at: rows.place(row, "visit_id"))
        }
        continue
      }
      guard opened[row] != nil else {
        if !rows.isLost(row) {
          report.count(Self.table, "opened_at is missing", .dropped, at: rows.place(row, "opened_at"))
        }
        continue
      }
      let status = orderStatuses.value(of: statuses[row]) { Vocabularies.orderStatus.code($0) }
      if status == Vocabulary.none, !KeyText.isBlank(statuses[row]) {
        report.count(
          Self.table, "status: unknown, taken as settled", .missing, at: rows.place(row, "status"))
      }
      guard status != Self.void else {
        report.count(Self.table, "void order", .setAside, at: rows.place(row, "status"))
        continue
      }
      let set = classSet(classes[row], rows, row, &report)
      guard set.isEmpty || !set.isSubset(of: .noVisit) else {
        report.count(
          Self.table, "presale, internal or counter-sale order", .setAside, at: rows.place(row, "classes"))
        continue
      }
      var relation = relations[row]
      if relation < 0 {
        guard let found = findRelation(customers[row], vins[row], rows, row, &report) else { continue }
        relation = found.relation
        let hash = pairKeys.hashes[row]
        // A mended pair is not remembered: each of its rows is to be counted.
        if !found.isMended, pairs.find(hash, where: { _ in true }) == nil {
          pairs.insert(hash, row: relation)
        }
      }
      next.append(relation)
      kept.append(Int32(row))
      keptClasses.append(set.isEmpty ? .repair : set)
      keptOpen.append(status == Self.open)
    }
  }

  @inline(__always)
  private func classSet(
    _ cell: UnsafeRawBufferPointer, _ rows: borrowing Rows, _ row: Int, _ report: inout LoadReport
  ) -> VisitClasses {
    guard !cell.isEmpty else {
      report.count(Self.table, "classes: missing, taken as repair", .mended, at: rows.place(row, "classes"))
      return []
    }
    let set = classSets.value(of: cell) { cell in
      var unknown = false
      let set = VisitClasses(parsing: String(decoding: cell, as: UTF8.self), unknown: &unknown)
      return unknown ? set.union(.unknown) : set
    }
    guard set.contains(.unknown) else { return set }
    report.count(Self.table, "classes: an unknown class", .missing, at: rows.place(row, "classes"))
    return set.subtracting(.unknown)
  }

  // MARK: Column by column

  private func addKeys(_ rows: borrowing Rows) {
    let ids = rows.text(0)
    let target = staging.identities.appendUninitialised(kept.count)
    let kept = kept.values
    for index in kept.indices { target[index] = KeyHash.hash(ids[Int(kept[index])]) }
  }

  private func addTimes(_ rows: borrowing Rows, _ report: inout LoadReport) {
    let microsecondsPerHour: Int64 = 3_600_000_000
    let longest: Int64 = 65_534
    let opened = rows.times(4)
    let closed = rows.times(5)
    let promised = rows.times(17)
    let recorded = rows.times(18)
    let replaced = rows.truths(8)
    let booked = rows.truths(16)
    let orders = staging.orders
    let count = kept.count
    let openedOn = orders.openedOn.appendUninitialised(count)
    let closedOn = orders.closedOn.appendUninitialised(count)
    let knownOn = orders.knownOn.appendUninitialised(count)
    let hours = orders.hours.appendUninitialised(count)
    let flags = orders.flags.appendUninitialised(count)
    let kept = kept.values
    let isOpen = keptOpen.values
    for index in kept.indices {
      let row = Int(kept[index])
      let openedAt = opened[row] ?? 0
      let day = Day(microseconds: openedAt)
      openedOn[index] = day
      knownOn[index] = max(day, recorded[row].map(Day.init(microseconds:)) ?? day)
      closedOn[index] = isOpen[index] ? Orders.notClosed : day
      hours[index] = .max
      var set: OrderFlags = []
      if let closedAt = closed[row], !isOpen[index] {
        if closedAt < openedAt {
          report.count(Self.table, "closed before it was opened", .missing, at: rows.place(row, "closed_at"))
        } else {
          closedOn[index] = Day(microseconds: closedAt)
          hours[index] = UInt16(min((closedAt - openedAt) / microsecondsPerHour, longest))
        }
        if let promisedAt = promised[row] {
          set.insert(.promised)
          if closedAt > promisedAt { set.insert(.promiseMissed) }
        }
      }
      if booked[row] == true { set.insert(.booked) }
      if replaced[row] == true { set.insert(.odometerReplaced) }
      flags[index] = set
    }
  }

  private func addOdometers(_ rows: borrowing Rows, _ report: inout LoadReport) {
    let highest = 3_000_000.0
    let readings = rows.numbers(7)
    let target = staging.orders.odometers.appendUninitialised(kept.count)
    let kept = kept.values
    for index in kept.indices {
      let row = Int(kept[index])
      target[index] = -1
      guard let value = readings[row] else { continue }
      if value >= 0, value <= highest {
        target[index] = Int32(value)
      } else {
        report.count(
          Self.table, "odometer_km: not between 0 and 3,000,000", .missing, at: rows.place(row, "odometer_km")
        )
      }
    }
  }

  private func addAmounts(
    _ cells: Cells<Double>, _ name: String, to column: Buffer<Int32>, _ rows: borrowing Rows,
    _ report: inout LoadReport
  ) {
    let scale = context.moneyScale
    let target = column.appendUninitialised(kept.count)
    let kept = kept.values
    for index in kept.indices {
      let row = Int(kept[index])
      target[index] = Money.none
      guard let value = cells[row] else { continue }
      if value >= 0, let units = Money.minorUnits(value, scale: scale) {
        target[index] = units
      } else {
        report.count(Self.table, "\(name): negative or too large", .missing, at: rows.place(row, name))
      }
    }
  }

  /// Codes of a column of few texts; −1 for empty cells.
  private func addCodes(_ cells: TextCells, in dictionary: TextDictionary, to column: Buffer<Int32>) {
    let target = column.appendUninitialised(kept.count)
    let kept = kept.values
    let hashes = codeKeys.reserve(kept.count)
    for index in kept.indices { hashes[index] = KeyHash.hash(cells[Int(kept[index])]) }
    dictionary.codes(of: hashes, count: kept.count, into: target)
    for index in kept.indices where target[index] < 0 {
      // Empty, new, or not folded.
      target[index] = LoadContext.code(cells[Int(kept[index])], in: dictionary)
    }
  }

  // MARK: Whose vehicle

  /// The first order of a pair: the relation is looked up, mended or made.
  private func findRelation(
    _ customerCell: UnsafeRawBufferPointer, _ vinCell: UnsafeRawBufferPointer, _ rows: borrowing Rows,
    _ row: Int,
    _ report: inout LoadReport
  ) -> (relation: Int32, isMended: Bool)? {
    guard let customer = context.customer(customerCell) else {
      report.count(
        Self.table, "customer_id: missing or not among the customers", .dropped,
        at: rows.place(row, "customer_id"))
      return nil
    }
    let index = context.relationIndex
    if KeyText.isBlank(vinCell) {
      let own = index.relations(of: customer)
      guard own.count == 1 else {
        report.count(
          Self.table, "vin is missing and the customer has not just one", .dropped, at: rows.place(row, "vin")
        )
        return nil
      }
      report.count(
        Self.table, "vin: taken from the customer's only vehicle", .mended, at: rows.place(row, "vin"))
      return (own[0], true)
    }
    if let vehicle = context.vehicle(vinCell) {
      return (index.relation(customer: customer, vehicle: vehicle), false)
    }
    return KeyText.withFolded(vinCell, upperCase: true) { vin, hash in
      let swapped = index.relations(of: customer).first { relation in
        let vehicle = Int(index.relations.vehicles[Int(relation)])
        return VIN.isSwapped(context.vehicles.vins.texts.bytes(vehicle), vin)
      }
      if let swapped {
        report.count(
          Self.table, "vin: two characters had changed places", .mended, at: rows.place(row, "vin"))
        return (swapped, true)
      }
      if context.presentTables.contains("vehicles") {
        report.count(Self.table, "vin: not among the vehicles", .noted, at: rows.place(row, "vin"))
      }
      let vehicle = context.vehicles.addUnknown(vin: vin, hash: hash)
      return (index.relation(customer: customer, vehicle: vehicle), false)
    }
  }
}

extension Vocabulary {
  func code(_ word: String) -> UInt8 {
    words.firstIndex(of: word).map { UInt8($0) } ?? Self.none
  }
}
