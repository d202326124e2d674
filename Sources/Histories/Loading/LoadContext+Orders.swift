import DuckDB

extension LoadContext {
  /// Reads repair orders; whose they are is left open.
  func readOrders() throws(HistoriesError) -> OrderReading {
    guard let reader = try reader("visits", OrderReading.columns) else {
      throw HistoriesError(
        .inputMissing, "Table `visits` is missing.", next: "Map it in \(Mapping.fileName).")
    }
    let reading = OrderReading(moneyScale: moneyScale, reader: reader, store: store)
    reading.staging.reserve(reader.knownRowCount())
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      reading.add(rows, report: &report)
    }
    return reading
  }

  /// Gives the orders to their relations, sorts them into runs and marks what cannot be used.
  ///
  /// - Returns: the orders, the hashes of their ids, and the last day with a believable number of them.
  func assignOrders(
    _ reading: OrderReading
  ) throws(HistoriesError) -> (orders: Orders, identities: Buffer<UInt64>, dataEnd: Day) {
    let staging = reading.staging
    OrderOwners(context: self, reading: reading).assign()
    guard staging.owned > 0 else {
      throw report.noUsableRow("visits")
    }
    relationIndex.finish()
    assignSchedules()
    let dataEnd = OrderChecks.dataEnd(staging.orders.openedOn.values)
    report.count(
      OrderReading.table, "on a day with 20 times the usual number of orders (a default date?)", .noted,
      at: nil,
      times: CrowdedDays.orders(staging.orders.openedOn.values))
    let (orders, identities) = staging.sorted(relationCount: relationIndex.relations.count)
    let checks = OrderChecks(
      orders: orders, identities: identities, relations: relationIndex.relations, vehicles: vehicles,
      dataEnd: dataEnd, store: store)
    checks.run(report: &report)
    startRelations(with: orders)
    return (orders, identities, dataEnd)
  }

  /// A relation without ownership, purchase or delivery begins with its first usable order, on the day on which the
  /// first of them was known.
  private func startRelations(with orders: Orders) {
    let relations = relationIndex.relations
    for relation in 0..<relations.count where relations.startsOn[relation].isNone {
      let run = Int(orders.starts[relation])..<Int(orders.starts[relation + 1])
      let known = run.filter { !orders.flags[$0].contains(.unusable) }.map { orders.knownOn[$0] }
      if let first = known.min() { relations.startsOn[relation] = first }
    }
  }
}

/// The rows of `visits` on their way into columns.
///
/// Rows that cannot be orders are left out first; then every column is moved in a loop of its own.
///
/// Pairs of customer and vehicle get numbers by one 64-bit hash of both texts; two different pairs among a million
/// share a hash with a probability of about 3 in 10⁸.
final class OrderReading {
  static let columns = [
    "visit_id", "customer_id", "vin", "dealer_id", "opened_at", "closed_at", "status", "odometer_km",
    "odometer_replaced", "classes", "customer_paid", "package_paid", "discount", "estimate", "unpaid",
    "adviser_id", "booked", "promised_at", "recorded_at", "warranty_paid", "insurance_paid", "cost",
  ]
  static let table = "visits"
  private static let open = Vocabularies.orderStatus.code("open")
  private static let void = Vocabularies.orderStatus.code("void")

  let staging: OrderStaging
  let pairs: PairDictionary
  let dealers = TextDictionary()
  let advisers = TextDictionary()
  /// Hashes of the ids of void orders and of those that are no visits.
  let unusedIdentities = Buffer<UInt64>()
  let reader: TableReader
  private let moneyScale: Double
  private let pairKeys = KeyBatch()
  private let codeKeys = KeyBatch()
  private let classSets = SmallTable<VisitClasses>()
  private let orderStatuses = SmallTable<UInt8>()
  /// Rows of the chunk that are orders, with their statuses and classes.
  private let kept = Buffer<Int32>()
  private let keptClasses = Buffer<VisitClasses>()
  private let keptOpen = Buffer<Bool>()

  /// - Parameter store: where the columns lie; `nil` for memory.
  init(moneyScale: Double, reader: TableReader, store: ColumnStore?) {
    self.moneyScale = moneyScale
    self.reader = reader
    staging = OrderStaging(in: store)
    pairs = PairDictionary(in: store)
  }

  func add(_ rows: borrowing Rows, report: inout LoadReport) -> Int {
    choose(rows, &report)
    let count = kept.count
    guard count > 0 else { return 0 }
    addKeys(rows)
    addTimes(rows, &report)
    addOdometers(rows, &report)
    addCodes(rows.text(3), in: dealers, to: staging.orders.dealers)
    addCodes(rows.text(15), in: advisers, to: staging.orders.advisers)
    let orders = staging.orders
    let amounts = [
      ("customer_paid", orders.customerPaid), ("package_paid", orders.packagePaid),
      ("discount", orders.discounts),
      ("estimate", orders.estimates), ("unpaid", orders.unpaid),
    ]
    for (offset, (name, column)) in amounts.enumerated() {
      addAmounts(rows.numbers(10 + offset), name, to: column, rows, &report)
    }
    addMargins(rows, first: orders.margins.count, &report)
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
    pairKeys.find(customers, vins, count: rows.count, in: pairs.index)
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
        unusedIdentities.append(KeyHash.hash(ids[row]))
        continue
      }
      let set = classSet(classes[row], rows, row, &report)
      guard set.isEmpty || !set.isSubset(of: .noVisit) else {
        report.count(
          Self.table, "presale, internal or counter-sale order", .setAside, at: rows.place(row, "classes"))
        unusedIdentities.append(KeyHash.hash(ids[row]))
        continue
      }
      var pair = pairKeys.rows[row]
      if pair < 0 {
        pair = pairs.add(customers[row], vins[row], hash: pairKeys.hashes[row], firstRow: rows.globalRow(row))
      }
      staging.relations.append(pair)
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
    let scale = moneyScale
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

  /// What all payers paid, less the cost.
  ///
  /// - Parameter first: the place of the chunk's first order in the columns.
  private func addMargins(_ rows: borrowing Rows, first: Int, _ report: inout LoadReport) {
    let orders = staging.orders
    let customerPaid = orders.customerPaid.base + first
    let packagePaid = orders.packagePaid.base + first
    let warranty = rows.numbers(19)
    let insurance = rows.numbers(20)
    let costs = rows.numbers(21)
    let scale = moneyScale
    let target = orders.margins.appendUninitialised(kept.count)
    let kept = kept.values
    func known(_ value: Int32) -> Int64 { value == Money.none ? 0 : Int64(value) }
    for index in kept.indices {
      let row = Int(kept[index])
      target[index] = Money.none
      let byMaker = LoadContext.amount(
        warranty[row], Self.table, "warranty_paid", scale, rows, row, &report)
      let byInsurer = LoadContext.amount(
        insurance[row], Self.table, "insurance_paid", scale, rows, row, &report)
      let cost = LoadContext.amount(costs[row], Self.table, "cost", scale, rows, row, &report)
      guard cost != Money.none, customerPaid[index] != Money.none else { continue }
      let paid = Int64(customerPaid[index]) + known(packagePaid[index]) + known(byMaker) + known(byInsurer)
      target[index] = Int32(clamping: paid - Int64(cost))
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
}

extension Vocabulary {
  func code(_ word: String) -> UInt8 {
    words.firstIndex(of: word).map { UInt8($0) } ?? Self.none
  }
}
