import DuckDB
import Foundation

extension Histories {
  /// How loading works.
  public struct LoadOptions: Sendable {
    /// Threads for DuckDB to parse text with; default: the machine's cores.
    public var threads: Int = ProcessInfo.processInfo.activeProcessorCount
    /// Bytes that the process should not go beyond: large columns then lie in temporary files. `nil` for no bound.
    public var memoryLimit: Int?
    /// Declared targets whose events are wanted, by name.
    public var targets: Set<String> = []
    /// Whether tables that no feature reads are checked, too; nothing of them is kept.
    public var checksEveryTable = false
    /// Whether mail addresses, WeChat identifiers and the flaws of phones are kept (`Customers.contact`).
    public var addresses = false
    /// Whether hashes of the orders' ids stay (`Histories.orderIdentities`), so that `visitIDs` can name orders.
    public var orderIdentities = false

    public init() {}

    /// DuckDB's part of the memory, before it spills to disk: it streams tables and needs little.
    var engineMemory: String {
      let usual = 1 << 30
      let least = 128 << 20
      let share = 6
      let bytes = memoryLimit.map { max(least, min(usual, $0 / share)) } ?? usual
      return "\(bytes >> 20)MiB"
    }
  }

  /// Loads a data folder: files named after the canonical tables, or whatever its `revisit.yaml` maps.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - progress: is called with each table's name before it is read.
  /// - Returns: the histories; what could not be used is in `report`.
  /// - Throws: `HistoriesError` for missing or unusable input, and when DuckDB is not there.
  /// - Complexity: O(rows) time; memory holds the columns, never the rows' texts.
  public static func load(
    _ path: String, options: LoadOptions = LoadOptions(), progress: (String) -> Void = { _ in }
  ) throws(HistoriesError) -> Histories {
    let folder = try DataFolder(path)
    let wanted = try folder.targets(options.targets)
    var store: ColumnStore?
    if let limit = options.memoryLimit { store = try ColumnStore(limit: limit) }
    let context = LoadContext(folder: folder, connection: try open(folder, options), store: store)
    if options.addresses { context.customers.contact = ContactAddresses() }
    context.settleTexts()
    noteFolder(folder, in: context)

    // Orders and their items need nothing but themselves until their owners are looked up; surveys, complaints and contacts need the
    // customers alone. Both load beside the rest.
    let visits = LoadContext(folder: folder, connection: try connect(context), store: store)
    let orderReading = Background(interrupt: visits.connection.interrupt) { () throws(HistoriesError) in
      try visits.readOrders()
    }
    defer { orderReading.cancel() }
    let itemContext = LoadContext(folder: folder, connection: try connect(context), store: store)
    let itemReading = Background(interrupt: itemContext.connection.interrupt) { () throws(HistoriesError) in
      try itemContext.readItems()
    }
    defer { itemReading.cancel() }
    progress("customers")
    try context.loadCustomers()
    let events = LoadContext(customersOf: context, connection: try connect(context))
    let eventLoading = Background(interrupt: events.connection.interrupt) { () throws(HistoriesError) in
      LoadedEvents(
        surveys: try events.loadSurveys(), complaints: try events.loadComplaints(),
        contacts: try events.loadContacts(), appointments: try events.loadAppointments(),
        consents: try events.loadConsents())
    }
    defer { eventLoading.cancel() }
    progress("vehicles")
    try context.loadVehicles()
    try context.loadOwnerships()
    let (purchases, referrals) = try context.loadPurchases()
    try context.loadAdvisers()
    progress("visits")
    let reading = try orderReading.wait()
    context.take(visits)
    let (orders, identities, dataEnd) = try context.assignOrders(reading)
    // What else was read of the orders need not stay while items find theirs.
    let unusedIdentities = reading.unusedIdentities
    context.advisers.activeTo.extend(to: context.advisers.ids.count, with: .none)
    let itemAssignment = Background(interrupt: itemContext.connection.interrupt) {
      () throws(HistoriesError) in
      guard let read = try itemReading.wait() else { return OrderItems() }
      return ItemAssignment(
        reading: read, orders: orders, identities: identities, unusedIdentities: unusedIdentities,
        store: itemContext.store
      ).run(report: &itemContext.report)
    }
    defer { itemAssignment.cancel() }
    let packages = try context.loadPackages()
    let policies = try context.loadPolicies()
    let recalls = try context.loadRecalls()
    progress("visit_items")
    let items = try itemAssignment.wait()
    context.take(itemContext)
    progress("surveys")
    let loaded = try eventLoading.wait()
    context.take(events)
    context.noteLateEvents(
      after: dataEnd,
      [
        ("surveys", loaded.surveys.days), ("complaints", loaded.complaints.openedOn),
        ("contacts", loaded.contacts.days),
        ("packages", packages.boughtOn), ("insurance", policies.beginsOn), ("recalls", recalls.openedOn),
        ("purchases", purchases.days),
      ])
    context.findVehicles(of: events)
    context.codePlateHeads()
    if options.checksEveryTable { try context.checkProspects(dataEnd: dataEnd) }
    context.stores.extend(to: context.dealers.count)

    let histories = Histories(
      dealerGroup: folder.mapping.dealerGroup, timeZone: folder.mapping.timeZone,
      currency: folder.mapping.currency, dataEnd: dataEnd,
      customers: context.customers, vehicles: context.vehicles, relations: context.relationIndex.relations,
      orders: orders, items: items, surveys: loaded.surveys, complaints: loaded.complaints,
      contacts: loaded.contacts, appointments: loaded.appointments, consents: loaded.consents,
      packages: packages, policies: policies, recalls: recalls, purchases: purchases, referrals: referrals,
      advisers: context.advisers, dealers: context.dealers, stores: context.stores,
      presentTables: context.presentTables, presentColumns: context.presentColumns, report: context.report,
      store: store)
    histories.targets = try context.loadTargets(wanted)
    if options.orderIdentities { histories.orderIdentities = identities }
    return histories
  }

  /// What hangs on customers alone.
  private struct LoadedEvents {
    var surveys: Surveys
    var complaints: Complaints
    var contacts: Contacts
    var appointments: Appointments
    var consents: Consents
  }

  private static func connect(_ context: LoadContext) throws(HistoriesError) -> Connection {
    do {
      return try context.connection.another()
    } catch {
      throw HistoriesError(.badData, error.description, next: "Try again with more memory.")
    }
  }

  /// A DuckDB that can read below the data folder and nothing else, and write nothing but its own spill.
  static func open(_ folder: DataFolder, _ options: LoadOptions) throws(HistoriesError) -> Connection {
    let spill = try folder.spillFolder()
    do {
      // Three tables load at a time, each with a fetching thread of its own. Keeping the rows of several DuckDB threads
      // in order costs more than it gains: Parquet decodes faster than its rows are taken in anyway.
      let threads = folder.mapping.isParquetOnly ? 1 : max(1, options.threads / 2)
      let database = try Database(settings: [
        "threads": String(threads), "memory_limit": options.engineMemory,
        "temp_directory": spill.path,
      ])
      let connection = try database.connect()
      let allowed = [folder.readable, folder.folder].map { SQLPaths.quoted($0.path + "/") }.joined(
        separator: ", ")
      try connection.execute(
        """
        SET TimeZone = \(SQLPaths.quoted(folder.mapping.timeZone));
        SET allowed_directories = [\(allowed)];
        SET enable_external_access = false;
        SET lock_configuration = true;
        """)
      return connection
    } catch {
      let isMissing = error.code == .libraryNotFound || error.code == .libraryUnusable
      throw HistoriesError(
        isMissing ? .engineMissing : .badData, error.description,
        next: isMissing ? "`revisit doctor` shows what is installed." : "")
    }
  }

  private static func noteFolder(_ folder: DataFolder, in context: LoadContext) {
    for (file, outcome) in folder.repairs {
      let further = outcome.unreadableBytes - outcome.exampleLines.count
      for (index, line) in outcome.exampleLines.enumerated() {
        context.report.count(
          file, "bytes that are no text in the file's encoding", .mended,
          at: LoadReport.Place(file: file, row: max(line - 1, 0), column: ""),
          times: index == 0 ? 1 + further : 1)
      }
    }
    if !folder.guessed.isEmpty {
      context.report.remarks.append(
        "Taken as GB18030: \(folder.guessed.joined(separator: ", ")); say `encoding: gb18030` in \(Mapping.fileName)."
      )
    }
    for stranger in folder.strangers {
      context.report.remarks.append(
        "\(stranger.file) is not read; if it is `\(stranger.nearest)`, rename it.")
    }
  }
}

extension Day {
  /// The day of a time in microseconds since 1970-01-01.
  init(microseconds: Int64) {
    let perDay: Int64 = 86_400_000_000
    let days = microseconds / perDay
    self.init(Int32(clamping: microseconds < days * perDay ? days - 1 : days))
  }
}
