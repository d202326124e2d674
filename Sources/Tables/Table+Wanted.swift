/// What a model expects of a column.
public enum WantedKind: Sendable, Equatable {
  case number
  case flag
  case day
  case category(levels: [String])
}

extension Table {
  /// Where a model knows that a column holds numbers, one cell in so many may hold something else: parts of a file must not
  /// be refused for what the whole of it is not.
  private static let cellsPerStrayOfNumbers = 2

  /// Reads a column as a model expects it.
  ///
  /// Texts that are no level read as −1, values that are no yes or no as missing; both count as unseen. A column without
  /// any value fits everything.
  ///
  /// - Parameters:
  ///   - format: of numbers in texts, where other parts of the file have a say (`TableFile.numberFormat`); `nil` for the
  ///     one that these rows speak for.
  ///   - admitsStrays: whether texts among numbers, fewer than these, are missing and unseen, as they are in training, and no error.
  /// - Throws: `TableError` (`badData`) when the column holds something else, with its name and the first row.
  /// - Complexity: O(rows + texts)
  public func reading(
    _ column: Int, as wanted: WantedKind, format: NumberFormat? = nil, admitsStrays: Bool = false
  ) throws(TableError) -> ColumnReading {
    guard let dictionary = columns[column].dictionary else { return try numbers(column, as: wanted) }
    let texts = TextReading(dictionary)
    switch wanted {
    case .category(let levels):
      let (codes, unseen) = texts.codes(levels: levels)
      return ColumnReading(texts: column, codes: codes, unseen: unseen)
    case .flag:
      let (codes, unseen) = texts.anyFlags()
      return ColumnReading(texts: column, codes: codes, unseen: unseen)
    case .number, .day:
      let format = format ?? texts.commonFormat
      if admitsStrays, wanted == .number,
        let nearly = nearlyNumbers(column, texts, format, cellsPerStray: Self.cellsPerStrayOfNumbers)
      {
        try checkFinite(firstRow(column) { !$0.isNaN && nearly.codes[Int($0)].isInfinite }, column)
        return ColumnReading(texts: column, codes: nearly.codes, unseen: nearly.stray)
      }
      if let code = texts.firstUnreadable(asDay: wanted == .day, format) {
        throw other(column, wanted, "text", row: firstRow(column) { $0 == Double(code) })
      }
      let codes = texts.values(asDay: wanted == .day, format)
      if let code = codes.firstIndex(where: \.isInfinite) {
        try checkFinite(firstRow(column) { $0 == Double(code) }, column)
      }
      return ColumnReading(texts: column, codes: codes)
    }
  }

  private func numbers(_ column: Int, as wanted: WantedKind) throws(TableError) -> ColumnReading {
    let profile = NumberProfile(self, column: column)
    let isDay = columns[column].isDay
    if profile.missing < rows {
      switch wanted {
      case .category: throw other(column, wanted, isDay ? "dates" : "numbers", row: nil)
      case .day where !isDay: throw other(column, wanted, "numbers", row: nil)
      case .number where isDay, .flag where isDay: throw other(column, wanted, "dates", row: nil)
      case .number, .flag, .day: break
      }
    }
    try checkFinite(profile.infiniteRow, column)
    return ColumnReading(numbers: column, isFlag: wanted == .flag)
  }

  private func other(_ column: Int, _ wanted: WantedKind, _ found: String, row: Int?) -> TableError {
    let place = row.map { ", first in row \(rowsBefore + $0 + 1)" } ?? ""
    return TableError(
      .badData,
      "Column \"\(columns[column].name)\" holds \(found)\(place), but the model has learned from \(wanted.words) there. "
        + "Give it the column that it was trained on, or train again.")
  }
}

extension WantedKind {
  fileprivate var words: String {
    switch self {
    case .number: "numbers"
    case .flag: "yes or no"
    case .day: "dates"
    case .category: "texts"
    }
  }
}
