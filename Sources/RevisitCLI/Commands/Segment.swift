import ArgumentParser
import CustomerValue
import Features
import Foundation
import Histories
import Reports
import Retention

struct Segment: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sort customers into RFM segments: how recently they came, how often, and for how much.",
    usage: """
      revisit segment --data <dir> [--out <file>] [<options>]
             revisit segment --table <file> [--out <file>] [<options>]
      """,
    discussion: """
      With --data a car is measured by its own schedule: recency is the days since
      the last service against the expected interval, frequency the visits of 730
      days against those expected, money their margin where the data hold costs,
      else what was paid. --measures plain takes days, visits and payments as they
      are. Scores go from 1 to 5, the best; the segments are the ten of the R
      package rfm unless --rules says otherwise. Customers whose vehicles are all
      sold or scrapped are left out; lapsed ones are not, unless --active is given.

      With --compare-to both dates go by the bins of the later one, and a matrix
      says who moved where, who is new and who is gone.

        revisit segment --data datasets/lakeside
        revisit segment --data data --by relation --out segments.csv
        revisit segment --data data --compare-to 2025-06-30 --out segments.html
        revisit segment --print-rules > rules.yaml
        revisit segment --data data --rules rules.yaml --binning k-means

      With --table: a log with a row an order. Recency is the days since the last
      order, frequency the orders (with --count days the days with orders), money
      the sum of amounts.

        revisit segment --table orders.csv --customer customer_id \\
          --date order_date --amount revenue --as-of 2006-12-31
      """)

  @Option(
    help: ArgumentHelp(
      "Folder with the tables (customers.csv, visits.parquet, …) or a revisit.yaml that maps them.",
      valueName: "dir"))
  var data: String?

  @OptionGroup var log: SegmentLogOptions
  @OptionGroup var memory: MemoryOptions

  @Option(help: ArgumentHelp("As-of date (default: the end of the data).", valueName: "yyyy-mm-dd"))
  var asOf: Day?

  @Option(
    help: ArgumentHelp("Earlier date: say who moved from which segment to which.", valueName: "yyyy-mm-dd"))
  var compareTo: Day?

  @Option(help: "Rows: one a customer, or one a relation (customer with vehicle).")
  var by: SegmentPopulation.Unit = .customer

  @Flag(help: "Only relations that have not lapsed, as in `revisit at-risk`.")
  var active = false

  @Option(help: "What recency and frequency are: against the car's own schedule, or plain days and visits.")
  var measures: SegmentPopulation.Measures = .service

  @OptionGroup var rules: SegmentOptions

  @Option(
    help: ArgumentHelp(
      "File to write: .csv .json .parquet .html; - for CSV on standard output (default: a summary).",
      valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "With --compare-to: file for the matrix, .csv .json .parquet, or -.", valueName: "file"))
  var matrix: String?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard !rules.printRules else { return }
    try InputChoice.check(data: data, table: log.table)
    if log.table == nil {
      try log.refuse()
    } else {
      try InputChoice.refuse(
        with: "--table",
        ["--by": by != .customer, "--active": active, "--memory": memory.memory != nil])
    }
    if compareTo == nil { try InputChoice.refuse(without: "--compare-to", ["--matrix": matrix != nil]) }
    if let asOf, let compareTo, compareTo >= asOf {
      throw ValidationError(
        "--compare-to must lie before --as-of, and \(compareTo) does not lie before \(asOf).")
    }
  }

  func run() throws {
    guard !rules.printRules else { return try printRules() }
    try checkOutputs()
    let stages = Stages(common)
    let options = try rules.options(log.table == nil ? measures : .plain)
    let (now, earlier) = try populations(stages)
    let segments = try stages.run(
      "Segments at \(now.asOf)", key: "segment", { _ in CustomerSegments(now, options: options) },
      detail: { "\(Shown.count($0.count)) rows" })
    let before = earlier.map { segments.applied(to: $0) }
    let migration = before.map { SegmentMigration(from: $0, to: segments) }
    try write(segments, before, migration, stages)
    try show(segments, migration, stages)
  }

  private func printRules() throws {
    let text = try rules.text()
    if common.json {
      Output.json(["schema": "revisit.segment-rules/1", "yaml": text])
    } else {
      Output.bytes(Array(text.utf8))
    }
  }

  private func checkOutputs() throws {
    try TableOutput.check(out, asPage: true)
    try TableOutput.check(matrix)
    guard out == OutputFormat.standardOutput, matrix == out else { return }
    throw Failure(.usage, "--out and --matrix both go to standard output. Give one of them a file.")
  }

  // MARK: Populations

  /// Who is looked at, at the date and at the earlier one.
  private func populations(
    _ stages: Stages
  ) throws -> (now: SegmentPopulation, earlier: SegmentPopulation?) {
    guard let data else {
      return try log.populations(asOf: asOf, compareTo: compareTo, stages, common)
    }
    let histories = try stages.load(DataOptions(data: data, memory: memory))
    let date = asOf ?? histories.dataEnd
    try SegmentLogOptions.check(compareTo, before: date)
    return try stages.run(
      "Measures at \(date)", key: "measures",
      { _ in
        let sweep = FeatureSweep(
          histories: histories, dates: [date] + [compareTo].compactMap { $0 }, scope: .riskModel)
        let populations = try sweep.views.reversed().map {
          try SegmentPopulation(view: $0, unit: by, measures: measures, activeOnly: active)
        }
        return (populations[0], populations.dropFirst().first)
      })
  }

  // MARK: Results

  private var inputs: [String] {
    (data.map { DataOptions(data: $0, memory: memory).files } ?? [])
      + [log.table, rules.rules].compactMap { $0 }
  }

  private func write(
    _ segments: CustomerSegments, _ before: CustomerSegments?, _ migration: SegmentMigration?,
    _ stages: Stages
  ) throws {
    if let out {
      try stages.run(
        "Writing \(out)", key: "write",
        { _ in
          if try OutputFormat(path: out) == .html {
            return try SegmentPage(segments, migration: migration).write(
              to: out, language: common.language, protecting: inputs)
          }
          let earlier = before.flatMap { before in migration.map { (before, $0) } }
          let table = SegmentTable(segments, earlier: earlier)
          try table.write(to: out, protecting: inputs)
        })
    }
    if let matrix, let migration {
      try stages.run(
        "Writing \(matrix)", key: "write",
        { _ in try MigrationTable(migration).write(to: matrix, protecting: inputs) })
    }
  }

  private func show(
    _ segments: CustomerSegments, _ migration: SegmentMigration?, _ stages: Stages
  ) throws {
    let isOutputTaken = [out, matrix].contains(OutputFormat.standardOutput)
    if common.json, !isOutputTaken {
      var object = SegmentReport(segments: segments, migration: migration, language: common.language).object
      if let out { object["out"] = out }
      if let matrix { object["matrix"] = matrix }
      if common.timings { object["timings"] = stages.timings }
      return Output.json(object)
    }
    if let out {
      let rows = segments.count + (migration?.goneRows.count ?? 0)
      TableOutput.tell(out, rows: out.hasSuffix(".html") ? segments.count : rows, common)
    }
    if let matrix, let migration {
      TableOutput.tell(matrix, rows: MigrationTable(migration).rowCount, common)
    }
    guard out == nil, !isOutputTaken else { return }
    let terminal = Terminal.standardOutput
    let (width, colour) = (terminal.width(), terminal.wantsColour())
    Output.line(segments.terminalText(language: common.language, width: width, colour: colour))
    if let migration {
      Output.line()
      Output.line(migration.terminalText(language: common.language, width: width, colour: colour))
    }
    for notice in segments.notices { stages.note(notice[common.language]) }
  }
}
