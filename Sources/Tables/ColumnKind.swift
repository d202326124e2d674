/// What a column holds, as far as a model can learn from it.
public enum ColumnKind: Sendable, Equatable {
  case number
  /// 0 or 1: false and true, no and yes, or the numbers themselves.
  case flag
  /// Days since 1970-01-01.
  case day
  /// One of some levels, sorted.
  case category(levels: [String])
  /// Nearly as many different texts as rows: nothing to learn from.
  case identifier(levels: Int)
  /// Lists, structures, binary data.
  case unusable(type: String)
}

/// What a column holds and how it is read.
public struct ColumnDecision: Sendable {
  public let kind: ColumnKind
  public let reading: ColumnReading
  /// Whether every row has another whole number or another text, as keys do.
  public let isDistinct: Bool
  /// Texts in a column of numbers, which are read as missing; nil where there are none.
  public var stray: StrayTexts?
}

/// Cells of a column of numbers that hold something else.
public struct StrayTexts: Sendable, Equatable {
  /// How many.
  public let cells: Int
  /// Row of the file with the first one, from 1.
  public let firstRow: Int
}

extension Table {
  /// Rows from which on a text column may be taken for an identifier, and a column of numbers for a key.
  static let fewestRowsOfKeys = 20
  /// A text column with more different texts a row is an identifier.
  static let identifierShare = 0.9

  /// Decides from all rows what a column holds.
  ///
  /// Texts are numbers, days or flags when all of them are, but for those that stand for missing values; they are numbers
  /// also where no more than one cell in a hundred is none.
  ///
  /// - Throws: `TableError` (`badData`) for infinite values, with row and column.
  /// - Complexity: O(rows + texts · log(texts))
  public func decide(_ column: Int) throws(TableError) -> ColumnDecision {
    if case .unusable(let type) = columns[column].source {
      return ColumnDecision(
        kind: .unusable(type: type), reading: ColumnReading(numbers: column), isDistinct: false)
    }
    if let dictionary = columns[column].dictionary {
      return try decide(column, texts: TextReading(dictionary))
    }
    let profile = NumberProfile(self, column: column)
    try checkFinite(profile.infiniteRow, column, canBeDropped: true)
    let kind: ColumnKind =
      columns[column].isDay ? .day : profile.isFlag && profile.missing < rows ? .flag : .number
    return ColumnDecision(
      kind: kind, reading: ColumnReading(numbers: column), isDistinct: isDistinct(column, profile))
  }

  private func decide(_ column: Int, texts: TextReading) throws(TableError) -> ColumnDecision {
    func decision(_ kind: ColumnKind, _ codes: [Double], isDistinct: Bool = false) -> ColumnDecision {
      ColumnDecision(
        kind: kind, reading: ColumnReading(texts: column, codes: codes), isDistinct: isDistinct)
    }
    if let codes = texts.flags() { return decision(.flag, codes) }
    if let codes = texts.numbers() {
      if let code = codes.firstIndex(where: \.isInfinite) {
        try checkFinite(firstRow(column) { $0 == Double(code) }, column, canBeDropped: true)
      }
      var profile = NumberProfile()
      profile.add(codes, first: 0)
      return decision(profile.isFlag && profile.missing < codes.count ? .flag : .number, codes)
    }
    if let codes = texts.days() { return decision(.day, codes) }
    if let nearly = nearlyNumbers(column, texts, texts.commonFormat, cellsPerStray: Self.cellsPerStray) {
      try checkFinite(firstRow(column) { !$0.isNaN && nearly.codes[Int($0)].isInfinite }, column)
      let reading = ColumnReading(texts: column, codes: nearly.codes, unseen: nearly.stray)
      var decision = ColumnDecision(kind: .number, reading: reading, isDistinct: false)
      if let first = firstRow(column, where: { !$0.isNaN && nearly.stray[Int($0)] }) {
        decision.stray = StrayTexts(
          cells: reading.counts(in: self).unseen, firstRow: rowsBefore + first + 1)
      }
      return decision
    }
    let (levels, codes) = texts.levels()
    let reading = ColumnReading(texts: column, codes: codes)
    let present = rows - (levels.count < Self.fewestRowsOfKeys ? 0 : reading.counts(in: self).missing)
    if present >= Self.fewestRowsOfKeys, Double(levels.count) > Self.identifierShare * Double(present) {
      return decision(.identifier(levels: levels.count), codes, isDistinct: levels.count == present)
    }
    return decision(.category(levels: levels), codes)
  }

  /// Where nothing else says what a column holds, one cell in so many may be no number in a column of numbers.
  private static let cellsPerStray = 100

  /// Numbers by code where nearly all cells are numbers.
  func nearlyNumbers(
    _ column: Int, _ texts: TextReading, _ format: NumberFormat, cellsPerStray: Int
  ) -> (codes: [Double], stray: [Bool])? {
    var counts = [Int](repeating: 0, count: columns[column].dictionary?.count ?? 0)
    forEachBlock(of: column) { _, values in
      for value in values where !value.isNaN { counts[Int(value)] += 1 }
    }
    return texts.nearlyNumbers(format, rows: counts, cellsPerStray: cellsPerStray)
  }

  /// Whether whole numbers without a gap in the rows all differ.
  private func isDistinct(_ column: Int, _ profile: NumberProfile) -> Bool {
    // So many different whole numbers need so wide a range: sorting is seldom needed.
    guard profile.isWhole, profile.missing == 0, rows >= Self.fewestRowsOfKeys, !columns[column].isDay,
      profile.greatest - profile.least >= Double(rows - 1)
    else { return false }
    let sorted = values(of: column).sorted()
    return zip(sorted, sorted.dropFirst()).allSatisfy(<)
  }

  /// - Parameter canBeDropped: whether the column may as well be left out.
  /// - Throws: `TableError` (`badData`) naming row and column when there is a row.
  func checkFinite(_ row: Int?, _ column: Int, canBeDropped: Bool = false) throws(TableError) {
    guard let row else { return }
    throw TableError(
      .badData,
      "Column \"\(columns[column].name)\" is infinite in row \(rowsBefore + row + 1). Leave the cell empty where a value is not known"
        + "\(canBeDropped ? ", or leave the column out with --drop" : "").")
  }

  /// The first row (from 0) whose stored value fits.
  public func firstRow(_ column: Int, where fits: (Double) -> Bool) -> Int? {
    var found: Int?
    forEachBlock(of: column) { range, values in
      if found == nil, let index = values.firstIndex(where: fits) { found = range.lowerBound + index }
    }
    return found
  }
}
