import DuckDB

/// What the loading of one table needs from the others, and what it adds to.
///
/// Tables are read in the order of their dependence: stores, customers, vehicles, ownerships, purchases, orders, then
/// everything that hangs on them.
final class LoadContext {
  let folder: DataFolder
  let connection: Connection
  /// Where columns of events lie; `nil` for memory.
  let store: ColumnStore?
  let moneyScale: Double
  var report = LoadReport()
  var presentTables: Set<String> = []
  var presentColumns: Set<String> = []

  let dealers = TextDictionary()
  let stores = Stores()
  var schedules = ScheduleTable()
  let customers: Customers
  let vehicles = Vehicles()
  let advisers = Advisers()
  let relationIndex = RelationIndex()
  /// Columns whose VINs are to be looked up once the vehicles are there.
  var vehicleLookups: [VehicleLookup] = []
  private let customerKeys = KeyBatch()
  private let vehicleKeys = KeyBatch()

  init(folder: DataFolder, connection: Connection, store: ColumnStore?) {
    self.folder = folder
    self.connection = connection
    self.store = store
    customers = Customers()
    moneyScale = Money.scale(of: folder.mapping.currency)
  }

  /// A context that shares the customers of another, to load what hangs on them elsewhere.
  init(customersOf other: LoadContext, connection: Connection) {
    folder = other.folder
    self.connection = connection
    store = other.store
    customers = other.customers
    moneyScale = other.moneyScale
  }

  /// Adds what another context found to this one's report.
  func take(_ other: LoadContext) {
    report.append(other.report)
    presentTables.formUnion(other.presentTables)
    presentColumns.formUnion(other.presentColumns)
  }

  /// Moves the texts of customers and vehicles, none of which is there yet, to where events lie: they are compared when
  /// hashes agree, and shown.
  func settleTexts() {
    guard let store else { return }
    let addresses = customers.contact.map { [$0.wechats, $0.emails] } ?? []
    for texts in [
      customers.ids.texts, customers.names, customers.phones, vehicles.vins.texts, vehicles.plates,
    ] + addresses {
      texts.settle(in: store)
    }
  }

  /// An empty column among those of events.
  func column<Element>() -> Buffer<Element> { Buffer(in: store) }

  /// A table, empty still, with its columns where those of events lie.
  func settled<Table: ColumnTable>(_ table: Table) -> Table {
    if let store { table.settle(in: store) }
    return table
  }

  /// Opens a table for reading; remembers whether it is there.
  func reader(_ table: String, _ columns: [String]) throws(HistoriesError) -> TableReader? {
    let reader = try partReader(table, columns, .own)
    if reader == nil { report.absentTables.append(table) }
    return reader
  }

  /// Opens a table that receipts may add to: a reader for each part that is there.
  func readers(_ table: String, _ columns: [String]) throws(HistoriesError) -> [TableReader] {
    var readers: [TableReader] = []
    for part in DataFolder.Part.allCases {
      if let reader = try partReader(table, columns, part) { readers.append(reader) }
    }
    if readers.isEmpty { report.absentTables.append(table) }
    return readers
  }

  private func partReader(
    _ table: String, _ columns: [String], _ part: DataFolder.Part
  ) throws(HistoriesError) -> TableReader? {
    let reader = try TableReader(
      table, columns: columns, folder: folder, connection: connection, store: store, part: part)
    guard let reader else { return nil }
    presentTables.insert(table)
    presentColumns.formUnion(columns.filter(reader.has).map { "\(table).\($0)" })
    return reader
  }

  /// The golden customer rows of a chunk's id cells, −1 where the id is missing or unknown; valid until the next call.
  func customers(_ cells: TextCells, count: Int) -> UnsafeMutablePointer<Int32> {
    customerKeys.find(cells, count: count, upperCase: false, in: customers.ids)
    customerKeys.follow(customers.golden, count: count)
    return customerKeys.rows
  }

  /// The vehicle rows of a chunk's VIN cells, −1 where the VIN is missing or unknown; valid until the next call.
  func vehicles(_ cells: TextCells, count: Int) -> UnsafeMutablePointer<Int32> {
    vehicleKeys.find(cells, count: count, upperCase: true, in: vehicles.vins)
    return vehicleKeys.rows
  }

  /// The golden customer rows of a part of a text column; see `customers(_:count:)`.
  func customers(_ texts: TextColumn, _ range: Range<Int>) -> UnsafeMutablePointer<Int32> {
    customerKeys.find(texts, range, upperCase: false, in: customers.ids)
    customerKeys.follow(customers.golden, count: range.count)
    return customerKeys.rows
  }

  /// The vehicle rows of a part of a text column; see `vehicles(_:count:)`.
  func vehicles(_ texts: TextColumn, _ range: Range<Int>) -> UnsafeMutablePointer<Int32> {
    vehicleKeys.find(texts, range, upperCase: true, in: vehicles.vins)
    return vehicleKeys.rows
  }

  /// The code of a cell, added when new; −1 when it is empty.
  static func code(_ cell: UnsafeRawBufferPointer, in dictionary: TextDictionary) -> Int32 {
    guard !cell.isEmpty else { return -1 }
    return KeyText.withFolded(cell, upperCase: false) { $0.isEmpty ? -1 : dictionary.add($0, hash: $1).code }
  }
}
