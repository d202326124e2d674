import ArgumentParser
import ChurnModel
import Evaluation
import Features
import Foundation
import Histories

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Judge a model at an as-of date, or on a table, whose outcome is known.",
    usage: """
      revisit evaluate --model <name> --data <dir> [<options>]
             revisit evaluate --model <name> --table <file> [<options>]
      """,
    discussion: """
      With --data all relations active at the date are judged, also customers that
      the model was trained on: choose a date after its training dates, or other data.

        revisit evaluate --model lakeside --data datasets/lakeside --as-of 2025-01-06

      With --table all labelled rows of a CSV or Parquet file are judged; columns are
      found by their names.

        revisit evaluate --model churn --table new.csv --label churn
      """)

  @Option(help: ArgumentHelp("Model: NAME or NAME@VERSION.", valueName: "name"))
  var model: String

  @Option(
    help: ArgumentHelp(
      "Folder with the tables (customers.csv, visits.parquet, …) or a revisit.yaml that maps them.",
      valueName: "dir"))
  var data: String?

  @Option(help: ArgumentHelp("CSV or Parquet file to judge on.", valueName: "file"))
  var table: String?

  @Option(
    help: ArgumentHelp(
      "With --table: the column with what became of the rows (default: the one that the model predicts).",
      valueName: "column"))
  var label: String?

  @Option(help: ArgumentHelp("With --table: the label's value that counts as positive.", valueName: "value"))
  var positive: String?

  @OptionGroup var memory: MemoryOptions

  @Option(
    help: ArgumentHelp(
      "As-of date (default: the latest whose outcomes are all known).", valueName: "yyyy-mm-dd"))
  var asOf: Day?

  @OptionGroup var registry: RegistryOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    try InputChoice.check(data: data, table: table)
    if table != nil {
      try InputChoice.refuse(with: "--table", ["--as-of": asOf != nil, "--memory": memory.memory != nil])
    } else {
      try InputChoice.refuse(with: "--data", ["--label": label != nil, "--positive": positive != nil])
    }
  }

  func run() throws {
    if let table { return try evaluate(onTable: table) }
    guard let data else { preconditionFailure("arguments were validated") }
    try evaluate(on: DataOptions(data: data, memory: memory))
  }

  private func evaluate(on source: DataOptions) throws {
    let stages = Stages(common)
    let named = try NamedModel(model, from: registry.registry)
    let model = try named.onHistories()
    let histories = try stages.load(source, targets: named.label.targets)
    let label = try named.label(in: histories)
    let date = asOf ?? histories.dataEnd - label.longestHorizon(in: histories)
    let test = try stages.run(
      "Judging at \(date)", key: "evaluate",
      { _ in
        let view = AsOfView(histories: histories, asOf: date, scope: label.scope)
        return try ModelTest.run(
          model, view: view, population: ModelTest.labelled(view, label: label))
      }, detail: { "\(Shown.count($0.labels.count)) relations" })
    let truth = try stages.run(
      "Comparing with the truth", key: "truth",
      { _ in try TruthTest.run(source.data, histories, test, label) })
    let report = TestReport(test: test, truth: truth, label: label)
    if common.json {
      var object = report.json
      object["schema"] = "revisit.evaluate/1"
      object["model"] = named.name
      object["label"] = named.label.description
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else {
      for line in report.lines(language: common.language) { Output.line(line) }
    }
  }
}
