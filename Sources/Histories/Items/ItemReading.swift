import DuckDB

extension LoadContext {
  /// Reads the items of repair orders; which orders they belong to is left open. `nil` without the table.
  func readItems() throws(HistoriesError) -> ItemReading? {
    guard let reader = try reader("visit_items", ItemReading.columns) else { return nil }
    let reading = ItemReading(moneyScale: moneyScale, reader: reader, store: store)
    reading.reserve(reader.knownRowCount())
    try reader.read(report: &report) { (rows, report) throws(HistoriesError) in
      reading.add(rows, report: &report)
    }
    return reading
  }
}

/// The rows of `visit_items` on their way into columns: five bytes a row, and one hash for neighbouring rows of one
/// order.
final class ItemReading {
  static let columns = ["visit_id", "job_category", "amount", "declined"]
  static let table = "visit_items"
  private static let other = Vocabularies.jobCategory.code("other")

  /// One per row of the table; `ItemCode.unusable` for rows that are no items.
  let codes: Buffer<ItemCode>
  let amounts: Buffer<Int32>
  /// Hashes of the order's id, one per stretch of neighbouring rows with the same id.
  let identities: Buffer<UInt64>
  /// First row of each stretch.
  let firstRows: Buffer<Int32>
  let reader: TableReader
  private let moneyScale: Double
  private let categories = SmallTable<UInt8>()

  /// - Parameter store: where the columns lie; `nil` for memory.
  init(moneyScale: Double, reader: TableReader, store: ColumnStore?) {
    self.moneyScale = moneyScale
    self.reader = reader
    codes = Buffer(in: store)
    amounts = Buffer(in: store)
    identities = Buffer(in: store)
    firstRows = Buffer(in: store)
  }

  func reserve(_ count: Int) {
    codes.reserve(count)
    amounts.reserve(count)
  }

  /// The rows of a stretch.
  func rows(ofStretch stretch: Int) -> Range<Int> {
    let end = stretch + 1 < firstRows.count ? Int(firstRows[stretch + 1]) : codes.count
    return Int(firstRows[stretch])..<end
  }

  func add(_ rows: borrowing Rows, report: inout LoadReport) -> Int {
    let ids = rows.text(0)
    let names = rows.text(1)
    let money = rows.numbers(2)
    let declined = rows.truths(3)
    let first = codes.count
    let scale = moneyScale
    let newCodes = codes.appendUninitialised(rows.count)
    let newAmounts = amounts.appendUninitialised(rows.count)
    var used = 0
    var current = identities.count > 0 ? identities[identities.count - 1] : nil
    for row in 0..<rows.count {
      let identity = KeyHash.hash(ids[row])
      if identity != current {
        identities.append(identity)
        firstRows.append(Int32(first + row))
        current = identity
      }
      newCodes[row] = .unusable
      newAmounts[row] = Money.none
      guard !KeyText.isBlank(ids[row]) else {
        if !rows.isLost(row) {
          report.count(Self.table, "visit_id is missing", .dropped, at: rows.place(row, "visit_id"))
        }
        continue
      }
      guard !KeyText.isBlank(names[row]) else {
        report.count(Self.table, "job_category is missing", .dropped, at: rows.place(row, "job_category"))
        continue
      }
      var category = categories.value(of: names[row]) { Vocabularies.jobCategory.code($0) }
      if category == Vocabulary.none {
        report.count(
          Self.table, "job_category: unknown, taken as other", .mended, at: rows.place(row, "job_category"))
        category = Self.other
      }
      newCodes[row] = ItemCode(category: category, isDeclined: declined[row] == true)
      used += 1
      guard let value = money[row] else { continue }
      if value >= 0, let units = Money.minorUnits(value, scale: scale) {
        newAmounts[row] = units
      } else {
        report.count(Self.table, "amount: negative or too large", .missing, at: rows.place(row, "amount"))
      }
    }
    return used
  }
}
