/// Finds the relation of every pair of customer and VIN texts, and gives the orders to their relations.
struct OrderOwners {
  let context: LoadContext
  let reading: OrderReading

  private static let table = "visits"
  private static let blockSize = 2048

  /// Replaces the pair numbers in the staging by relations, −1 for orders of nobody, and the codes of stores and
  /// advisers by those of the context.
  ///
  /// - Complexity: O(pairs) look-ups in batches, and one pass over the orders.
  func assign() {
    let pairs = reading.pairs
    let relationOfPair = Buffer<Int32>(repeating: -1, count: pairs.count)
    var findings: [Int32: Finding] = [:]
    var vinless = VINlessOrders(knownRelations: context.relationIndex.relations.count)
    for start in stride(from: 0, to: pairs.count, by: Self.blockSize) {
      assignBlock(start..<min(start + Self.blockSize, pairs.count), relationOfPair, &findings, &vinless)
      context.store?.relieve()
    }
    report(findings)
    vinless.learnStarts(context.relationIndex, reading.staging, relationOfPair)

    let staging = reading.staging
    let relations = staging.relations.base
    var owned = 0
    for row in 0..<staging.count {
      let pair = relations[row]
      relations[row] = relationOfPair.base[Int(pair)]
      if relations[row] < 0, !vinless.isEmpty {
        relations[row] = vinless.relation(
          pair: pair, on: staging.orders.openedOn.base[row], context.relationIndex)
      }
      if relations[row] >= 0 {
        owned += 1
      } else {
        reading.unusedIdentities.append(staging.identities.base[row])
      }
    }
    report(vinless)
    staging.owned = owned
    context.report.use(-(staging.count - owned), of: Self.table)
    translate(staging.orders.dealers, from: reading.dealers, to: context.dealers)
    translate(staging.orders.advisers, from: reading.advisers, to: context.advisers.ids)
  }

  private func translate(_ codes: Buffer<Int32>, from own: TextDictionary, to common: TextDictionary) {
    let table = (0..<own.count).map { LoadContext.code(own.texts.bytes($0), in: common) }
    table.withUnsafeBufferPointer { table in
      for row in 0..<codes.count where codes.base[row] >= 0 { codes.base[row] = table[Int(codes.base[row])] }
    }
  }

  private func assignBlock(
    _ block: Range<Int>, _ relationOfPair: Buffer<Int32>, _ findings: inout [Int32: Finding],
    _ vinless: inout VINlessOrders
  ) {
    let pairs = reading.pairs
    let customers = context.customers(pairs.customers, block)
    let vehicles = context.vehicles(pairs.vins, block)
    context.relationIndex.prepare(customers: customers, vehicles: vehicles, count: block.count)
    for (offset, pair) in block.enumerated() {
      if customers[offset] >= 0, vehicles[offset] >= 0 {
        relationOfPair[pair] = context.relationIndex.relation(
          customer: customers[offset], vehicle: vehicles[offset])
      } else {
        relationOfPair[pair] = findRelation(pair, customer: customers[offset], &findings, &vinless) ?? -1
      }
    }
  }

  // MARK: Pairs that are not plain

  private enum Finding {
    case unknownCustomer, noVehicle, onlyVehicle, swapped, unknownVehicle

    var entry: (reason: String, outcome: LoadReport.Outcome, column: String) {
      switch self {
      case .unknownCustomer: ("customer_id: missing or not among the customers", .dropped, "customer_id")
      case .noVehicle: ("vin is missing and the customer has not just one", .dropped, "vin")
      case .onlyVehicle: ("vin: taken from the customer's only vehicle", .mended, "vin")
      case .swapped: ("vin: two characters had changed places", .mended, "vin")
      case .unknownVehicle: ("vin: not among the vehicles", .noted, "vin")
      }
    }
  }

  /// The relation of a pair of which one is not known as it stands: mended, made, or none. Which vehicle an order
  /// without VIN is about is found order by order.
  private func findRelation(
    _ pair: Int, customer: Int32, _ findings: inout [Int32: Finding], _ vinless: inout VINlessOrders
  ) -> Int32? {
    guard customer >= 0 else {
      findings[Int32(pair)] = .unknownCustomer
      return nil
    }
    let index = context.relationIndex
    let cell = reading.pairs.vins.bytes(pair)
    if KeyText.isBlank(cell) {
      vinless.add(pair: Int32(pair), customer: customer)
      return nil
    }
    return KeyText.withFolded(cell, upperCase: true) { vin, hash in
      let swapped = index.relations(of: customer).first { relation in
        let vehicle = Int(index.relations.vehicles[Int(relation)])
        return VIN.isSwapped(context.vehicles.vins.texts.bytes(vehicle), vin)
      }
      if let swapped {
        findings[Int32(pair)] = .swapped
        return swapped
      }
      if context.presentTables.contains("vehicles") { findings[Int32(pair)] = .unknownVehicle }
      return index.relation(
        customer: customer, vehicle: context.vehicles.addUnknown(vin: vin, hash: hash))
    }
  }

  private func report(_ vinless: VINlessOrders) {
    for (pair, orders) in vinless.tallies {
      for (finding, count) in [(Finding.onlyVehicle, orders.mended), (.noVehicle, orders.dropped)]
      where count > 0 {
        let (reason, outcome, column) = finding.entry
        let place = reading.reader.place(globalRow: Int(reading.pairs.firstRows[Int(pair)]), column: column)
        context.report.count(Self.table, reason, outcome, at: place, times: count)
      }
    }
  }

  /// Counts the orders of each pair with a finding; the examples are where the first pairs first stand.
  private func report(_ findings: [Int32: Finding]) {
    guard !findings.isEmpty else { return }
    var orders: [Int32: Int] = [:]
    for pair in reading.staging.relations.values where findings[pair] != nil { orders[pair, default: 0] += 1 }
    for (pair, finding) in findings.sorted(by: { $0.key < $1.key }) {
      let (reason, outcome, column) = finding.entry
      let place = reading.reader.place(globalRow: Int(reading.pairs.firstRows[Int(pair)]), column: column)
      context.report.count(Self.table, reason, outcome, at: place, times: orders[pair] ?? 0)
    }
  }
}
