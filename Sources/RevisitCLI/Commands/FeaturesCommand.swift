import ArgumentParser
import Features
import Foundation
import Histories
import Reports

struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract:
      "Write the features of every active relation, describe them, or prove that they do not know the future.",
    usage: """
      revisit features [<options>]
             revisit features --data <dir> --out <file> [<options>]
             revisit features --data <dir> (--describe | --prove) [<options>]
      """,
    discussion: """
      Without --out the catalogue is printed: name, unit, effect on the risk of
      lapse (+ raises, - lowers, ? depends on the category, 0 unclear). With --out
      one row is written a relation and date: customer_id, vin, as_of, the features,
      and with --label what became of the relation (outcome, and lapsed as 1 or 0).
      Missing values are empty.

      --describe shows for every feature what is missing, how values lie, how well it
      tells the label (information value, AUC), whether its direction is the expected
      one, and which features say the same. --prove changes every event after each
      date in a private copy (deleted, moved, changed, added, recorded late),
      compares all features bit for bit, and ends with 1 when one of them changes.

        revisit features
        revisit features --data data --as-of 2024-12-31 --out features.csv
        revisit features --data data --as-of 2024-06-30,2024-12-31 --label due \\
          --out features.parquet
        revisit features --data data --describe
        revisit features --data data --prove --as-of 2024-12-31
      """)

  @Option(
    help: ArgumentHelp(
      "Folder with the tables (customers.csv, visits.parquet, …) or a revisit.yaml that maps them.",
      valueName: "dir"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "As-of dates (default: the end of the data; with --describe and --prove the latest whose outcomes are known).",
      valueName: "yyyy-mm-dd,…"))
  var asOf: DayList?

  @Option(
    help: ArgumentHelp(
      "Add what became of the relation: \(LabelChoice.names).", valueName: "rule"))
  var label: LabelChoice?

  @Option(
    help: ArgumentHelp(
      "File to write: .csv .json .parquet; - for CSV on standard output.", valueName: "file"))
  var out: String?

  @Flag(help: "Describe every feature over the data; --label defaults to due.")
  var describe = false

  @Flag(help: "Prove that nothing after the as-of dates has an influence.")
  var prove = false

  @Flag(help: ArgumentHelp("Print the catalogue as Markdown.", visibility: .hidden))
  var document = false

  @Option(
    help: ArgumentHelp(
      "Compute the matrix of all dates in memory and print what it took as JSON.", visibility: .hidden))
  var measure: Measuring?

  @OptionGroup var memory: MemoryOptions

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if out != nil, data == nil { throw ValidationError("--out needs --data.") }
    if describe || prove, data == nil {
      throw ValidationError("\(describe ? "--describe" : "--prove") needs --data.")
    }
    if describe, prove { throw ValidationError("Choose --describe or --prove.") }
    if memory.memory != nil, data == nil { throw ValidationError("--memory needs --data.") }
    if prove, out != nil || label != nil { throw ValidationError("--prove takes neither --out nor --label.") }
    if measure != nil, data == nil { throw ValidationError("--measure needs --data.") }
    if measure != nil, describe || prove || out != nil || label != nil {
      throw ValidationError("--measure goes with --data and --as-of only.")
    }
    if out == nil, data != nil, !describe, !prove, measure == nil {
      throw ValidationError("--data needs --out, --describe or --prove; without it the catalogue is shown.")
    }
  }

  func run() throws {
    if document { return Output.bytes(Array(FeatureDocument.markdown.utf8)) }
    if let data, describe {
      try describe(DataOptions(data: data, memory: memory))
    } else if let data, prove {
      try prove(DataOptions(data: data, memory: memory))
    } else if let data, let measure {
      try self.measure(measure, DataOptions(data: data, memory: memory))
    } else if let data, let out {
      try write(DataOptions(data: data, memory: memory), to: out)
    } else if common.json {
      Output.json(["schema": "revisit.feature-catalogue/1", "features": FeatureDocument.json])
    } else {
      let width = Terminal.standardOutput.width()
      for line in FeatureDocument.lines(language: common.language, width: width) { Output.line(line) }
    }
  }

  private func write(_ source: DataOptions, to out: String) throws {
    try TableOutput.check(out)
    let stages = Stages(common)
    let histories = try stages.load(source, targets: label?.targets ?? [])
    let label = try label?.label(in: histories)
    let dates = asOf?.days ?? [histories.dataEnd]
    let table = try stages.run(
      "Active relations", key: "population",
      { _ in FeatureTable(histories: histories, dates: dates, label: label) },
      detail: { "\(Shown.count($0.rowCount)) rows" })
    guard table.rowCount > 0 else {
      throw Failure(
        .badData,
        "No relation is active at \(dates.map(\.description).joined(separator: ", ")). The data reach to "
          + "\(histories.dataEnd); choose other dates with --as-of.")
    }
    try stages.run(
      "Writing \(out)", key: "write", { _ in try table.write(to: out, protecting: source.files) })
    guard common.json, out != OutputFormat.standardOutput else {
      return TableOutput.tell(out, rows: table.rowCount, common)
    }
    var object: [String: Any] = [
      "schema": "revisit.features-summary/1", "out": out, "features": Feature.count, "rows": table.rowCount,
      "dates": table.counts.map { ["as_of": $0.asOf.description, "rows": $0.rows] as [String: Any] },
    ]
    if let label { object["label"] = label.description }
    if common.timings { object["timings"] = stages.timings }
    Output.json(object)
  }
}
