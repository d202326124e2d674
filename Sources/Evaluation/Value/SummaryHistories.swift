internal import BuyTillYouDie
public import CustomerValue
internal import Histories
public import Tables

/// The histories of a table with one row a customer: how often they came again, when last, and since when they are known.
public struct SummaryHistories: Sendable {
  public let histories: PurchaseHistories
  /// The rows' names; `nil` for a table without.
  public let ids: ScoringTable.IDs?
  public let notices: [TableNotice]
  /// `nil` when none were asked for.
  public let covariates: CustomerCovariates?

  /// Repeats beyond this cannot be counted.
  private static let mostRepeats = 2_000_000.0

  /// - Parameter holdOutLength: in `unit`; overrules the table's own column.
  /// - Throws: `TableError` naming column and row of what cannot be.
  /// - Complexity: O(rows)
  public init(
    _ file: TableFile, columns: SummaryColumns, covariates: CustomerCovariates.Columns = .init(),
    unit: TimeUnit, holdOutLength: Double?,
    progress: (Int) -> Void = { _ in }
  ) throws(TableError) {
    let own = [
      columns.frequency, columns.recency, columns.age, columns.monetary, columns.holdOut,
      columns.holdOutLength, columns.logIntervals, columns.id,
    ].compactMap { $0 }
    let wanted = own + covariates.all.filter { !own.contains($0) }
    let table = try file.load(wanted, asTexts: Set([columns.id].compactMap { $0 }), progress: progress)
    func numbers(_ name: String, _ role: String) throws(TableError) -> [Double] {
      guard let index = table.index(of: name) else { preconditionFailure("the columns were found before") }
      return try table.numbers(index, role: role)
    }
    let frequency = try numbers(columns.frequency, "frequency")
    let recency = try numbers(columns.recency, "recency")
    let age = try numbers(columns.age, "T")
    try SummaryChecks(columns, frequency: frequency, recency: recency, age: age).run()
    let visits = frequency.indices.map {
      RepeatHistory(repeats: Int(frequency[$0]), last: recency[$0], age: age[$0])
    }
    var histories = PurchaseHistories(unit: unit, visits: visits)
    if let name = columns.monetary {
      let means = try numbers(name, "monetary")
      histories.spend = PurchaseHistories.Spend(
        counts: means.indices.map { means[$0].isNaN ? 0 : Int32(frequency[$0]) },
        means: means.map { $0.isNaN ? 0 : $0 })
    }
    if let name = columns.logIntervals {
      let sums = try numbers(name, "litt")
      if let row = sums.indices.first(where: { frequency[$0] > 0 && !sums[$0].isFinite }) {
        throw TableError(
          .badData,
          "Column \"\(name)\" (sum of the logarithms of the intervals between visits) is no number in row \(row + 1), whose "
            + "customer came again. Fill it in, or rename the column.")
      }
      histories.logIntervals = zip(frequency, sums).reduce(0) { $1.0 > 0 ? $0 + $1.1 : $0 }
    }
    self.covariates = covariates.isEmpty ? nil : try CustomerCovariates(table, columns: covariates)
    var notices = FileNotices.of(file)
    let lengths = try columns.holdOutLength.map { name throws(TableError) in try numbers(name, "--holdout") }
    let length = holdOutLength ?? lengths?.first
    if let name = columns.holdOut, length == nil, !columns.isHoldOutNamed {
      notices.append(
        TableNotice(
          .ignoredColumns, [name],
          "Column \"\(name)\" looks like the visits of a hold-out; with --holdout-length they are compared with the prediction.",
          "列“\(name)”似为验证期到访次数；给出 --holdout-length 即可与预测对比。"))
    } else if let name = columns.holdOut {
      let later = try numbers(name, "--holdout")
      if let row = later.firstIndex(where: { !($0 >= 0 && $0 == $0.rounded() && $0 < Self.mostRepeats) }) {
        throw TableError(
          .badData,
          "Column \"\(name)\" (visits of the hold-out) is no whole number of 0 or more in row \(row + 1). Correct it, or "
            + "rename the column.")
      }
      guard let length, length > 0, length.isFinite else {
        throw TableError(
          .badData,
          "Column \"\(name)\" counts visits of a hold-out whose length is not known. Give it with --holdout-length, in "
            + "\(unit.rawValue)s.")
      }
      histories.holdOut = PurchaseHistories.HoldOut(length: length, visits: later.map { Int32($0) })
    }
    self.histories = histories
    ids = columns.id.flatMap { table.index(of: $0) }.flatMap { ScoringTable.IDs(table, column: $0) }
    self.notices = notices
  }
}

/// Refuses rows that no customer can have.
private struct SummaryChecks {
  let columns: SummaryColumns
  let frequency: [Double]
  let recency: [Double]
  let age: [Double]

  init(_ columns: SummaryColumns, frequency: [Double], recency: [Double], age: [Double]) {
    self.columns = columns
    self.frequency = frequency
    self.recency = recency
    self.age = age
  }

  private static let mostRepeats = 2_000_000.0

  func run() throws(TableError) {
    let (x, t, T) = ("\"\(columns.frequency)\"", "\"\(columns.recency)\"", "\"\(columns.age)\"")
    try refuse("Column \(x) is no whole number of 0 or more", "Count the visits after the first.") {
      !(frequency[$0] >= 0 && frequency[$0] == frequency[$0].rounded() && frequency[$0] < Self.mostRepeats)
    }
    try refuse(
      "Column \(t) is missing or negative",
      "It is the time from the first visit to the last, 0 for one visit."
    ) { !(recency[$0] >= 0) }
    try refuse(
      "Column \(T) is missing or negative", "It is the time from the first visit to the end of observation."
    ) { !(age[$0] >= 0) }
    try refuse(
      "\(t) is larger than \(T)",
      "Both are times from the first visit: to the last visit, and to the end of observation."
    ) { recency[$0] > age[$0] }
    try refuse(
      "\(x) is 0, but \(t) is above 0",
      "Who never came again has a recency of 0; check that frequency counts repeats."
    ) { frequency[$0] == 0 && recency[$0] > 0 }
  }

  private func refuse(_ what: String, _ advice: String, where isWrong: (Int) -> Bool) throws(TableError) {
    guard let first = frequency.indices.first(where: isWrong) else { return }
    let count = frequency.indices.count(where: isWrong)
    let place = count == 1 ? "in row \(first + 1)" : "in \(count) rows, first in row \(first + 1)"
    throw TableError(.badData, "\(what) \(place). \(advice)")
  }
}
