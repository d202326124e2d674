public import Histories

extension Table {
  /// A column's calendar days, one a row; `Day.none` where the cell is empty.
  ///
  /// Dates and moments as they are, texts as `YYYY-MM-DD` or `YYYY/MM/DD`, numbers as `YYYYMMDD`.
  ///
  /// - Parameter role: the option that names the column.
  /// - Throws: `TableError` (`badData`) with the first row that holds no date.
  /// - Complexity: O(rows)
  public func days(_ column: Int, role: String) throws(TableError) -> [Day] {
    let (codes, isDay) = try dayCodes(column)
    var unreadable: Int?
    let days = [Day](unsafeUninitializedCapacity: rows) { days, count in
      forEachBlock(of: column) { range, values in
        for (row, value) in zip(range, values) {
          let own = value.isNaN ? value : codes.map { $0[Int(value)] } ?? value
          let day = own.isNaN ? Day.none : isDay ? Day(wholeDays: own) : Day(digits: own)
          if day == nil, unreadable == nil { unreadable = row }
          days.initializeElement(at: row, to: day ?? .none)
        }
      }
      count = rows
    }
    if let unreadable { throw noDate(column, role, row: unreadable) }
    return days
  }

  /// What each text of the column stands for (`nil` for a column of numbers), and whether these are days since 1970-01-01.
  private func dayCodes(_ column: Int) throws(TableError) -> (codes: [Double]?, isDay: Bool) {
    guard let dictionary = columns[column].dictionary else { return (nil, columns[column].isDay) }
    let texts = TextReading(dictionary)
    if let codes = texts.days() { return (codes, true) }
    if let codes = texts.numbers() { return (codes, false) }
    // Of texts that are mostly dates the first that is none is told.
    let codes = (0..<dictionary.count).map { code in
      MissingText.isMissing(dictionary.texts[code])
        ? Double.nan : TextReading.day(dictionary.texts[code]) ?? .infinity
    }
    return (codes, true)
  }

  private func noDate(_ column: Int, _ role: String, row: Int) -> TableError {
    TableError(
      .badData,
      "Column \"\(columns[column].name)\" (\(role)) holds no date in row \(row + 1). Write dates as YYYY-MM-DD, YYYY/MM/DD or "
        + "YYYYMMDD, and leave the cell empty where one is not known.")
  }

  /// A column's numbers, one a row; NaN where the cell is empty.
  ///
  /// - Parameters:
  ///   - role: the option that names the column.
  ///   - format: of numbers in texts, see `reading`.
  ///   - advice: what to do about a cell without a finite number.
  /// - Throws: `TableError` (`badData`) with the first row that holds no finite number.
  /// - Complexity: O(rows)
  public func numbers(
    _ column: Int, role: String, format: NumberFormat? = nil, advice: String = Table.numberAdvice
  ) throws(TableError) -> [Double] {
    var codes: [Double]?
    if let dictionary = columns[column].dictionary {
      let texts = TextReading(dictionary)
      let format = format ?? texts.commonFormat
      if let code = texts.firstUnreadable(asDay: false, format) {
        throw noNumber(column, role, row: firstRow(column) { $0 == Double(code) } ?? 0, advice)
      }
      codes = texts.values(asDay: false, format)
    } else if columns[column].isDay {
      throw noNumber(column, role, row: 0, advice)
    }
    var values = self.values(of: column)
    if let codes {
      for row in values.indices where !values[row].isNaN { values[row] = codes[Int(values[row])] }
    }
    if let row = values.firstIndex(where: \.isInfinite) { throw noNumber(column, role, row: row, advice) }
    return values
  }

  /// What to do about a cell without a finite number where cells may be empty.
  public static let numberAdvice = "Write it as digits, and leave the cell empty where it is not known."

  private func noNumber(_ column: Int, _ role: String, row: Int, _ advice: String) -> TableError {
    TableError(
      .badData,
      "Column \"\(columns[column].name)\" (\(role)) holds no finite number in row \(rowsBefore + row + 1). \(advice)"
    )
  }
}

extension Day {
  /// Days since 1970-01-01, a part of a day left out; `nil` beyond the years that dates are written in.
  init?(wholeDays value: Double) {
    let day = value.rounded(.down)
    guard day.magnitude < Self.farthest else { return nil }
    self.init(Int32(day))
  }

  /// `20260731` as 2026-07-31; `nil` for a number that is no such date.
  init?(digits value: Double) {
    guard value == value.rounded(), (Self.leastDigits...Self.mostDigits).contains(value) else { return nil }
    let number = Int(value)
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100)
    guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    self.init(year: year, month: month, day: day)
    guard civil == (year, month, day) else { return nil }
  }

  /// Days of more than five thousand years.
  private static let farthest = 2e6
  private static let leastDigits = 1_000_01_01.0
  private static let mostDigits = 9999_12_31.0
}
