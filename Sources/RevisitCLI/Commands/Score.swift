import ArgumentParser
import ChurnModel
import Evaluation
import Features
import Foundation
import Histories
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
  }

  func run() throws {
    try TableOutput.check(out)
    let stages = Stages(common)
    let named = try NamedModel(model, from: registry.registry)
    let intervals = try interval.map { try named.intervals(confidence: $0) }
    if let table {
      try score(table: table, named, intervals, stages)
    } else if let data {
      try score(data: DataOptions(data: data, memory: memory), named, intervals, stages)
    }
  }

  // MARK: A table

  private func score(
    table file: String, _ named: NamedModel, _ intervals: IntervalScorer?, _ stages: Stages
  ) throws {
    let table = try stages.readTable(
      file,
      { file, progress in
        let known = named.table?.id.flatMap { id in file.columns.contains { $0.name == id } ? id : nil }
        return try ScoringTable(file, model: named.model, id: id ?? known, progress: progress)
      }, detail: { "\(Shown.count($0.rows)) rows" })
    stages.tell(table.notices, common)
    let scores = try stages.run(
      "Scoring", key: "score",
      { _ -> Scores in
        intervals.map { .intervals($0.intervals(table.values, offsets: table.offsets)) }
          ?? .probabilities(table.probabilities(named.model))
      })
    try stages.run(
      "Writing \(out)", key: "write",
      { _ in
        try ScoreTable(scores: scores, ids: table.ids, model: named.name)
          .write(to: out, protecting: [file])
      })
    var object = table.countsJSON
    object["warnings"] = table.notices.map { $0.json(common) }
    tell(scores, named, object, table.countLines(common), stages)
  }

  // MARK: A data folder

  private func score(
    data source: DataOptions, _ named: NamedModel, _ intervals: IntervalScorer?, _ stages: Stages
  ) throws {
    let model = try named.onHistories()
    let histories = try stages.load(source, targets: named.label.targets)
    let label = try named.label(in: histories)
    let date = asOf ?? histories.dataEnd
    let (view, relations, scores) = try stages.run(
      "Scoring at \(date)", key: "score",
      { _ in
        let view = AsOfView(histories: histories, asOf: date, scope: label.scope)
        let relations = view.population().relations
        let scores: Scores =
          intervals.map { .intervals(RelationScores.intervals($0, view: view, relations: relations)) }
          ?? .probabilities(RelationScores.probabilities(model, view: view, relations: relations))
        return (view, relations, scores)
      }, detail: { "\(Shown.count($0.1.count)) active relations" })
    try stages.run(
      "Writing \(out)", key: "write",
      { _ in
        try RelationScoreTable(
          view: view, relations: relations, scores: scores, model: named.name
        ).write(to: out, protecting: source.files)
      })
    tell(scores, named, ["as_of": date.description], [], stages)
  }

  /// Says what was written.
  private func tell(
    _ scores: Scores, _ named: NamedModel, _ members: [String: Any], _ lines: [String],
    _ stages: Stages
  ) {
    guard out != OutputFormat.standardOutput else { return }
    let probabilities = scores.probabilities
    if common.json {
      var object = members
      object["schema"] = "revisit.score-summary/1"
      object["model"] = named.name
      object["out"] = out
      object["rows"] = probabilities.count
      object["mean_probability"] = probabilities.reduce(0, +) / Double(probabilities.count)
      if let interval { object["interval"] = interval }
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else {
      for line in lines { stages.note(line) }
      TableOutput.tell(out, rows: probabilities.count, common)
    }
  }
}
