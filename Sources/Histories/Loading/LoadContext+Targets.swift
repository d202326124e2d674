extension LoadContext {
  /// Reads the events of declared targets, their keys folded as everywhere.
  ///
  /// - Throws: `HistoriesError` when a table or column that a target needs is not there.
  func loadTargets(_ targets: [TargetDefinition]) throws(HistoriesError) -> [String: DeclaredTarget] {
    var loaded: [String: DeclaredTarget] = [:]
    for target in targets {
      loaded[target.name] = DeclaredTarget(definition: target, events: try events(of: target))
    }
    return loaded
  }

  private func events(of target: TargetDefinition) throws(HistoriesError) -> TargetEvents {
    let byVehicle = target.match == .vehicle
    let needsCustomer = !byVehicle
    let needsVehicle = target.match != .customer
    let tests = try target.eventTests()
    let keys = (needsCustomer ? ["customer_id"] : []) + (needsVehicle ? ["vin"] : [])
    let filtered = tests?.leaves.map(\.column.name) ?? []
    let columns = keys + [target.dateColumn] + Array(Set(filtered)).sorted()
    var readers: [TableReader] = []
    for part in DataFolder.Part.allCases {
      let reader = try TableReader(
        target.table.name, columns: columns, folder: folder, connection: connection, part: part)
      if let reader { readers.append(reader) }
    }
    guard !readers.isEmpty else {
      throw HistoriesError(
        .inputMissing,
        "The target `\(target.name)` needs the table `\(target.table.name)`, which is not there.",
        next: "Add it, or map it in \(Mapping.fileName).")
    }
    if let absent = columns.first(where: { column in !readers.allSatisfy { $0.has(column) } }) {
      throw HistoriesError(
        .badData, "The target `\(target.name)` needs the column `\(absent)` of `\(target.table.name)`.",
        next: "Add it to the mapping.")
    }
    let cells = tests?.map { EventCells($0, position: columns.lastIndex(of: $0.column.name) ?? 0) }
    let isTime = target.table.column(target.dateColumn)?.type == .time
    let owners = Buffer<Int32>()
    let days = Buffer<Day>()
    let vehicles = Buffer<Int32>()
    // What cannot be read was counted when the table itself was loaded.
    var unused = LoadReport()
    let take = { (rows: borrowing Rows, _: inout LoadReport) throws(HistoriesError) -> Int in
      let foundCustomers = needsCustomer ? self.customers(rows.text(0), count: rows.count) : nil
      let vins = rows.text(needsCustomer ? 1 : 0)
      let foundVehicles = needsVehicle ? self.vehicles(vins, count: rows.count) : nil
      for row in 0..<rows.count where !rows.isLost(row) {
        let found = foundVehicles?[row] ?? TargetEvents.noVehicle
        let owner = byVehicle ? found : foundCustomers?[row] ?? -1
        let day =
          isTime ? rows.times(keys.count)[row].map(Day.init(microseconds:)) : rows.days(keys.count)[row]
        guard owner >= 0, let day, !day.isNone else { continue }
        if let cells, cells.holds({ $0.holds(rows, row) }) != true { continue }
        owners.append(owner)
        days.append(day)
        let isStrange = needsVehicle && found < 0 && !KeyText.isBlank(vins[row])
        vehicles.append(isStrange ? TargetEvents.strangeVehicle : found)
      }
      return rows.count
    }
    for reader in readers { try reader.read(report: &unused, take) }
    return TargetEvents(
      match: target.match, owners: owners, days: days, vehicles: vehicles,
      ownerCount: byVehicle ? self.vehicles.count : customers.count)
  }
}

/// One comparison of an event's filter, reading its column's cells.
private struct EventCells: @unchecked Sendable {
  private let test: TargetDefinition.EventTest
  private let position: Int
  /// What the texts seen so far came to: 1 passes, 0 does not, 2 is missing.
  private let texts = SmallTable<UInt8>()

  init(_ test: TargetDefinition.EventTest, position: Int) {
    self.test = test
    self.position = position
  }

  func holds(_ rows: borrowing Rows, _ row: Int) -> Bool? {
    switch test.column.type {
    case .number: test.test.holds(rows.numbers(position)[row] ?? .nan)
    case .whole: test.test.holds(rows.wholes(position)[row].map(Double.init) ?? .nan)
    case .truth: test.test.holds(rows.truths(position)[row].map { $0 ? 1 : 0 } ?? .nan)
    case .day: test.test.holds(Self.number(rows.days(position)[row]))
    case .time: test.test.holds(rows.times(position)[row].map { Self.number(Day(microseconds: $0)) } ?? .nan)
    case .text: textHolds(rows.text(position)[row])
    }
  }

  private static func number(_ day: Day) -> Double { day.isNone ? .nan : Double(day.number) }

  private func textHolds(_ cell: UnsafeRawBufferPointer) -> Bool? {
    let missing: UInt8 = 2
    let code = texts.value(of: cell) { cell in
      let text = FilterTest.folded(String(decoding: cell, as: UTF8.self))
      return result(text).map { $0 ? 1 : 0 } ?? missing
    }
    return code == missing ? nil : code == 1
  }

  /// A cell with several words passes when one of them does; "not in" when none is listed.
  private func result(_ text: String) -> Bool? {
    guard test.isSet, !text.isEmpty, test.test != .isMissing else { return test.test.holds(text: text) }
    let words = text.split(whereSeparator: { $0 == "|" || $0 == "," }).map { $0.trimmingWhiteSpace() }
    if case .textIsNotIn(let texts) = test.test { return !words.contains(where: texts.contains) }
    return words.contains { test.test.holds(text: $0) == true }
  }
}
