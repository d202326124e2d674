import ArgumentParser
import ChurnModel
import Evaluation
import Features
import Foundation
import Histories
import ModelRegistry
import Reports
import Tables

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the probability that a model gives to every row of a table or every active relation.",
    usage: """
      revisit score --model <name> --table <file> --out <file> [<options>]
             revisit score --model <name> --data <dir> --out <file> [<options>]
      """,
    discussion: """
      With --table: one row each, in the file's order: the id column if there is one,
      and the probability. Columns are found by their names; a value that the model
      has not seen counts as a rare one, and both it and missing values are counted.

        revisit score --model churn --table new.csv --id customer_id --out scores.csv

      With --data: every relation active at the date, as customer_id, vin, as_of and
      probability.

        revisit score --model lakeside --data datasets/lakeside --out scores.parquet

      With --interval, for models trained with --intervals: probability_lower and
      probability_upper, between which the true probability lies so often if the
      model is right.

        revisit score --model churn --table new.csv --out scores.csv --interval 0.95

      Rows are scored part by part: a table in bounded memory, histories in what
      --memory allows. Finished parts wait in scores.csv.staging; if the run is
      ended, the same command with --resume goes on and writes the same bytes. Beside
      the output, scores.csv.run.json says which model and which data made it, what
      was missing, and how long it took.

        revisit score --model churn --table new.parquet --out scores.csv --resume
      """)

  @Option(help: ArgumentHelp("Model: NAME or NAME@VERSION.", valueName: "name"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "Folder with the tables (customers.csv, visits.parquet, …) or a revisit.yaml that maps them.",
      valueName: "dir"))
  var data: String?

  @Option(help: ArgumentHelp("CSV or Parquet file to score.", valueName: "file"))
  var table: String?

  @Option(
    help: ArgumentHelp(
      "With --table: the column that names rows (default: the one that the model was trained with, if it is there).",
      valueName: "column"))
  var id: String?

  @OptionGroup var memory: MemoryOptions

  @Option(
    help: ArgumentHelp("With --data: as-of date (default: the end of the data).", valueName: "yyyy-mm-dd"))
  var asOf: Day?

  @Option(
    help: ArgumentHelp(
      "File to write: .csv .json .parquet; - for CSV on standard output.", valueName: "file"))
  var out: String

  @Option(
    help: ArgumentHelp(
      "Add the ends of an interval of this confidence, such as 0.95, to every probability.",
      valueName: "confidence"))
  var interval: Double?

  @Flag(help: "Go on with a run of the same model, data and options that was ended.")
  var resume = false

  /// Small parts let tests end a run between them.
  @Option(help: ArgumentHelp("Rows of a part (default: by the number of columns).", visibility: .hidden))
  var partRows: Int?

  @Flag(help: "Say what would be done, and do nothing.")
  var dryRun = false

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try InputChoice.check(data: data, table: table)
    if let interval, !(interval > 0 && interval < 1) {
      throw ValidationError("--interval must be between 0 and 1, such as 0.95, not \(interval).")
    }
    if table != nil {
      try InputChoice.refuse(with: "--table", ["--as-of": asOf != nil, "--memory": memory.memory != nil])
    } else {
      try InputChoice.refuse(with: "--data", ["--id": id != nil])
    }
    if let partRows, partRows < 1 { throw ValidationError("--part-rows must be at least 1.") }
    if resume, writesToStandardOutput {
      throw ValidationError(
        "--resume needs a file as --out: what goes to standard output cannot be gone on with.")
    }
  }

  func run() throws {
    try TableOutput.check(out)
    let stages = Stages(common)
    let named = try NamedModel(model, from: registry.registry)
    let intervals = try interval.map { try named.intervals(confidence: $0) }
    do {
      if let table {
        try score(table: table, named, intervals, stages)
      } else if let data {
        try score(data: DataOptions(data: data, memory: memory), named, intervals, stages)
      }
    } catch {
      throw Failure.from(error)
    }
  }

  var writesToStandardOutput: Bool { out == OutputFormat.standardOutput }

  /// What changes rows, by option.
  var options: [String: String] {
    var options: [String: String] = [:]
    if let id { options["--id"] = id }
    if let interval { options["--interval"] = String(interval) }
    if let asOf { options["--as-of"] = asOf.description }
    return options
  }

  /// Says what would be done.
  func tellPlan(_ members: [String: Any], _ named: NamedModel, _ lines: [String]) {
    let parts = writesToStandardOutput ? nil : ScoreRun.folder(of: self).path
    let unfinished = parts.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    guard !common.json else {
      var object = members
      object["schema"] = "revisit.score-plan/1"
      object["unfinished_run"] = unfinished != nil
      object["model"] = named.name
      object["out"] = out
      return Output.json(object)
    }
    let source = table ?? data ?? ""
    Output.line("\(source) would be scored by \(named.name) and written to \(out).")
    for line in lines { Output.line(line) }
    if let unfinished {
      Output.line(
        "\(unfinished) holds an unfinished run: --resume goes on with it, else it is replaced.")
    }
  }

  /// Says what was written.
  func tell(
    _ members: [String: Any], rows: Int, _ named: NamedModel, _ lines: [String], _ stages: Stages
  ) {
    guard !writesToStandardOutput else { return }
    if common.json {
      var object = members
      object["schema"] = "revisit.score-summary/1"
      object["model"] = named.name
      object["out"] = out
      if let interval { object["interval"] = interval }
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else {
      for line in lines { stages.note(line) }
      TableOutput.tell(out, rows: rows, common)
    }
  }
}
