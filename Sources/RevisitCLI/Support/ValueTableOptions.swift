import ArgumentParser
import CustomerValue
import Evaluation
import Foundation
import Histories
import Reports
import Tables

/// A table of customers' visits, and what its columns are.
struct ValueTableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "CSV or Parquet file: a log of transactions (customer, date, amount), or one row a customer (frequency, recency, T, monetary).",
      valueName: "file"))
  var table: String?

  @Option(help: ArgumentHelp("Of a log: the column of customers (default: customer).", valueName: "column"))
  var customer: String?

  @Option(help: ArgumentHelp("Of a log: the column of dates (default: date).", valueName: "column"))
  var date: String?

  @Option(
    help: ArgumentHelp(
      "Of a log: the column of amounts (default: amount, if it is there).", valueName: "column"))
  var amount: String?

  @Option(
    help: ArgumentHelp(
      "Of a log: the last day that models see; what is later is compared with what they predict.",
      valueName: "yyyy-mm-dd"))
  var calibrationEnd: Day?

  @Option(
    help: ArgumentHelp(
      "Of a log: the day until which it is complete; later rows are left out (default: its last date, today at most).",
      valueName: "yyyy-mm-dd"))
  var until: Day?

  @Option(
    help: ArgumentHelp(
      "Of one row a customer: the column of repeats (default: frequency).", valueName: "column"))
  var frequency: String?

  @Option(
    help: ArgumentHelp(
      "Of one row a customer: the column of the time from first to last visit (default: recency).",
      valueName: "column"))
  var recency: String?

  @Option(
    help: ArgumentHelp(
      "Of one row a customer: the column of the time from the first visit to the end (default: T).",
      valueName: "column"))
  var age: String?

  @Option(
    help: ArgumentHelp(
      "Of one row a customer: the column of the mean amount of repeats (default: monetary).",
      valueName: "column"))
  var monetary: String?

  @Option(help: ArgumentHelp("Of one row a customer: the column that names rows.", valueName: "column"))
  var id: String?

  @Option(
    help: ArgumentHelp(
      "Of one row a customer: the column of visits in the hold-out (x_star is known).", valueName: "column"))
  var holdout: String?

  @Option(
    help: ArgumentHelp("Length of that hold-out, in --unit.", valueName: "time"))
  var holdoutLength: Double?

  @OptionGroup var covariates: CovariateOptions

  @Option(help: "Unit of time of parameters, and of the times of one row a customer.")
  var unit: TimeUnit = .week

  /// Which options were given that belong to a log.
  private var ofLog: [String: Bool] {
    [
      "--customer": customer != nil, "--date": date != nil, "--amount": amount != nil,
      "--calibration-end": calibrationEnd != nil, "--until": until != nil,
    ]
  }

  /// The same of one row a customer.
  private var ofSummary: [String: Bool] {
    [
      "--frequency": frequency != nil, "--recency": recency != nil, "--age": age != nil,
      "--monetary": monetary != nil, "--id": id != nil, "--holdout": holdout != nil,
      "--holdout-length": holdoutLength != nil,
    ].merging(covariates.given) { $1 }
  }

  private var isLogGiven: Bool { ofLog.values.contains(true) }

  private var given: SummaryColumns.Given {
    var given = SummaryColumns.Given()
    (given.frequency, given.recency, given.age) = (frequency, recency, age)
    (given.monetary, given.id, given.holdOut) = (monetary, id, holdout)
    return given
  }

  /// Refuses these options beside --data.
  func refuse() throws {
    try InputChoice.refuse(with: "--data", ofLog.merging(ofSummary) { $1 })
  }

  /// - Throws: `ValidationError` for options that contradict each other.
  func check() throws {
    if isLogGiven { try InputChoice.refuse(with: "the options of a log", ofSummary) }
    if let holdoutLength, !(holdoutLength > 0 && holdoutLength.isFinite) {
      throw ValidationError("--holdout-length must be a time above 0.")
    }
  }

  /// What a table gives.
  struct Input {
    let histories: PurchaseHistories
    let names: ValueTable.Names
    let notices: [TableNotice]
    var covariates: CustomerCovariates?
  }

  /// Reads the table as what it is: a log, or one row a customer.
  ///
  func read(_ file: TableFile, progress: (Int) -> Void) throws -> Input {
    var columns = TransactionLog.Columns(customer: customer, date: date, amount: amount)
    if amount == nil, !file.columns.contains(where: { $0.name == columns.amount }) { columns.amount = nil }
    if SummaryColumns.isLog(file, given: given, log: columns, isLogGiven: isLogGiven) {
      try covariates.refuseForLog(file.path)
      return try readLog(file, columns, progress: progress)
    }
    guard let found = try SummaryColumns(file, given: given) else {
      throw TableError(
        .unknownColumn,
        "\(file.path) is neither a log with the columns customer and date (and amount), nor has it one row a customer with "
          + "frequency, recency and T. Name its columns with --customer --date --amount, or --frequency --recency --age. "
          + file.suggestion(for: "customer"))
    }
    let summary = try SummaryHistories(
      file, columns: found, covariates: covariates.columns(of: file, without: found), unit: unit,
      holdOutLength: holdoutLength, progress: progress)
    return Input(
      histories: summary.histories, names: .summary(summary.ids),
      notices: summary.notices + ValueNotices.of(summary.histories, isSummary: true),
      covariates: summary.covariates)
  }

  private func readLog(
    _ file: TableFile, _ columns: TransactionLog.Columns, progress: (Int) -> Void
  ) throws -> Input {
    let limit = until ?? .today
    let log = try TransactionLog(file, columns: columns, until: limit, progress: progress)
    let end = until ?? log.span.upperBound
    let histories = try LogHistories(log, calibrationEnd: calibrationEnd, end: end, unit: unit)
    return Input(
      histories: histories.histories,
      names: .log(column: columns.customer, ids: log.customers, customers: histories.customers),
      notices: ValueNotices.of(file) + ValueNotices.of(log, histories, until: limit)
        + ValueNotices.of(histories.histories, isSummary: false))
  }
}

extension TimeUnit: ExpressibleByArgument {}
