import ArgumentParser
import Evaluation
import Foundation
import Histories
import Retention
import Tables

/// A log of orders to segment, and what its columns are.
struct SegmentLogOptions: ParsableArguments {
  /// What frequency counts.
  enum Counting: String, CaseIterable, ExpressibleByArgument {
    case orders, days

    var events: SegmentPopulation.Events { self == .orders ? .orders : .days }
  }

  @Option(
    help: ArgumentHelp("CSV or Parquet file with a row an order, no data folder needed.", valueName: "file"))
  var table: String?

  @Option(
    help: ArgumentHelp("With --table: the column of customers (default: customer).", valueName: "column"))
  var customer: String?

  @Option(help: ArgumentHelp("With --table: the column of dates (default: date).", valueName: "column"))
  var date: String?

  @Option(help: ArgumentHelp("With --table: the column of amounts (default: amount).", valueName: "column"))
  var amount: String?

  @Option(
    help: ArgumentHelp(
      "With --table: what frequency counts, orders (the default) or days.", valueName: "unit"))
  var count: Counting?

  /// Refuses these options beside --data.
  func refuse() throws {
    try InputChoice.refuse(
      with: "--data",
      [
        "--customer": customer != nil, "--date": date != nil, "--amount": amount != nil,
        "--count": count != nil,
      ])
  }

  /// - Throws: `Failure` for an earlier date that is not earlier.
  static func check(_ compareTo: Day?, before date: Day) throws {
    guard let compareTo, compareTo >= date else { return }
    throw Failure(
      .usage,
      "--compare-to must lie before the as-of date \(date). Choose an earlier date, or a later --as-of.")
  }

  /// The customers of the log at a date, and at an earlier one.
  ///
  /// - Parameter asOf: the last date of the log where it is not given, today at most.
  func populations(
    asOf: Day?, compareTo: Day?, _ stages: Stages, _ common: CommonOptions
  ) throws -> (now: SegmentPopulation, earlier: SegmentPopulation?) {
    guard let table else { preconditionFailure("the log was checked to be there") }
    let until = asOf ?? .today
    let (log, notices) = try stages.readTable(
      table,
      { file, progress in
        let columns = TransactionLog.Columns(customer: customer, date: date, amount: amount)
        let log = try TransactionLog(file, columns: columns, until: until, progress: progress)
        let rules = LogNotices.of(log.counts, until: until, option: "--as-of")
        return (log, ValueNotices.of(file) + rules)
      }, detail: { "\(Shown.count($0.0.counts.rows)) rows" })
    stages.tell(notices, common)
    let day = asOf ?? log.span.upperBound
    try Self.check(compareTo, before: day)
    let events = (count ?? .orders).events
    do {
      return (
        try SegmentPopulation(log: log, asOf: day, events: events),
        try compareTo.map { try SegmentPopulation(log: log, asOf: $0, events: events) }
      )
    } catch {
      throw Failure.from(error)
    }
  }
}
