extension LoadContext {
  /// Reads schedules and vehicles; every present owner becomes a relation.
  func loadVehicles() throws(HistoriesError) {
    try loadSchedules()
    guard
      let reader = try reader(
        "vehicles",
        [
          "vin", "customer_id", "model", "powertrain", "use_type", "delivered_on", "list_price", "plate",
          "warranty_ends_on", "warranty_km", "extended_warranty_ends_on", "model_year",
        ])
    else { return }
    let vehicles = vehicles
    let loading = VehicleLoading(index: relationIndex)
    let keys = KeyBatch()
    let expected = reader.knownRowCount()
    vehicles.vins.reserve(expected)
    // Most vehicles have one owner in all.
    relationIndex.reserve(expected + expected / 8)
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let owners = self.customers(rows.text(1), count: rows.count)
      // The look-up brings the table's entries near, whether or not the vehicle is new.
      keys.find(rows.text(0), count: rows.count, upperCase: true, in: vehicles.vins)
      return loading.add(rows, owners: owners, to: vehicles, report: &report)
    }
    assignSchedules()
  }

  private func loadSchedules() throws(HistoriesError) {
    guard
      let reader = try reader(
        "schedules", ["model", "powertrain", "first_service_months", "first_service_km", "months", "km"])
    else { return }
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      let models = rows.text(0)
      let powertrains = rows.text(1)
      let numbers = (2...5).map { rows.wholes($0) }
      var used = 0
      for row in 0..<rows.count where !rows.isLost(row) {
        let values = numbers.compactMap { $0[row] }.filter { $0 > 0 }
        guard values.count == 4 else {
          report.count(
            "schedules", "an interval is missing or not positive", .dropped, at: rows.place(row, "months"))
          continue
        }
        self.schedules.add(
          model: KeyText.folded(models[row], upperCase: false),
          powertrain: Vocabularies.powertrain.word(Vocabularies.powertrain.code(powertrains[row]))
            ?? KeyText.folded(powertrains[row], upperCase: false),
          ServiceSchedule(
            firstMonths: Double(values[0]), firstKm: Double(values[1]), months: Double(values[2]),
            km: Double(values[3])))
        used += 1
      }
      return used
    }
  }

  /// Gives every vehicle that has none yet its schedule.
  func assignSchedules() {
    var known: [UInt64: UInt16] = [:]
    for vehicle in vehicles.schedules.count..<vehicles.count {
      let model = vehicles.models[vehicle]
      let powertrain = vehicles.powertrains[vehicle]
      let key = UInt64(UInt32(bitPattern: model)) << 8 | UInt64(powertrain)
      if let index = known[key] {
        vehicles.schedules.append(index)
        continue
      }
      let name = model >= 0 ? vehicles.modelNames.texts[Int(model)] : nil
      let schedule = schedules.schedule(model: name, powertrain: powertrain)
      let index = vehicles.scheduleList.firstIndex(of: schedule) ?? vehicles.scheduleList.count
      if index == vehicles.scheduleList.count { vehicles.scheduleList.append(schedule) }
      known[key] = UInt16(index)
      vehicles.schedules.append(UInt16(index))
    }
  }
}

/// The rows of `vehicles` on their way into columns.
private struct VehicleLoading {
  let index: RelationIndex

  func add(
    _ rows: borrowing Rows, owners: UnsafeMutablePointer<Int32>, to vehicles: Vehicles,
    report: inout LoadReport
  ) -> Int {
    let vins = rows.text(0)
    let models = rows.text(2)
    let powertrains = rows.text(3)
    let useTypes = rows.text(4)
    let delivered = rows.days(5)
    let prices = rows.numbers(6)
    let plates = rows.text(7)
    let warrantyEnds = rows.days(8)
    let warrantyKm = rows.wholes(9)
    let extendedEnds = rows.days(10)
    let modelYears = rows.wholes(11)
    var used = 0
    for row in 0..<rows.count {
      guard !KeyText.isBlank(vins[row]) else {
        report.count("vehicles", "vin is missing", .dropped, at: rows.place(row, "vin"))
        continue
      }
      let added = KeyText.withFolded(vins[row], upperCase: true) { text, hash in
        (vehicles.vins.add(text, hash: hash), VIN.check(text))
      }
      guard added.0.isNew else {
        report.count("vehicles", "vin stands twice", .dropped, at: rows.place(row, "vin"))
        continue
      }
      if added.1 == .malformed {
        report.count(
          "vehicles", "vin: not 17 letters and digits without I, O, Q", .noted, at: rows.place(row, "vin"))
      } else if added.1 == .wrongCheckDigit {
        report.count(
          "vehicles", "vin: check digit is wrong (common for imports)", .noted, at: rows.place(row, "vin"))
      }
      vehicles.models.append(LoadContext.code(models[row], in: vehicles.modelNames))
      vehicles.powertrains.append(Vocabularies.powertrain.code(powertrains[row]))
      vehicles.useTypes.append(Vocabularies.useType.code(useTypes[row]))
      vehicles.deliveredOn.append(delivered[row])
      vehicles.listPrices.append(prices[row] ?? .nan)
      vehicles.plates.append(plates[row])
      vehicles.warrantyEndsOn.append(warrantyEnds[row])
      vehicles.warrantyKm.append(warrantyKm[row] ?? -1)
      vehicles.extendedWarrantyEndsOn.append(extendedEnds[row])
      vehicles.modelYears.append(Self.modelYear(modelYears[row], rows, row, &report))
      used += 1

      if owners[row] >= 0 {
        let relation = index.relation(customer: owners[row], vehicle: added.0.code)
        index.relations.startsOn[Int(relation)] = delivered[row]
      } else {
        report.count(
          "vehicles", "customer_id: not among the customers", .missing, at: rows.place(row, "customer_id"))
      }
    }
    return used
  }

  /// The model year, 0 when it is missing or none.
  private static func modelYear(
    _ value: Int32?, _ rows: borrowing Rows, _ row: Int, _ report: inout LoadReport
  ) -> Int16 {
    guard let value else { return 0 }
    if (1950...2100).contains(value) { return Int16(value) }
    report.count(
      "vehicles", "model_year: not between 1950 and 2100", .missing, at: rows.place(row, "model_year"))
    return 0
  }
}

extension Vehicles {
  /// A vehicle of which only the VIN is known.
  func addUnknown(vin: UnsafeRawBufferPointer, hash: UInt64) -> Int32 {
    let added = vins.add(vin, hash: hash)
    guard added.isNew else { return added.code }
    models.append(-1)
    powertrains.append(Vocabulary.none)
    useTypes.append(Vocabulary.none)
    deliveredOn.append(.none)
    listPrices.append(.nan)
    plates.append("")
    warrantyEndsOn.append(.none)
    warrantyKm.append(-1)
    extendedWarrantyEndsOn.append(.none)
    modelYears.append(0)
    return added.code
  }
}
