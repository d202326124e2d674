import Evaluation
import Features
import Histories
import Reports

extension FeaturesCommand {
  /// Describes every feature in the user's data, beside a label.
  func describe(_ source: DataOptions) throws {
    try TableOutput.check(out)
    let stages = Stages(common)
    let choice = label ?? .rule(.due)
    let histories = try stages.load(source, targets: choice.targets)
    let label = try choice.label(in: histories)
    let dates = asOf?.days ?? [histories.dataEnd - label.longestHorizon(in: histories)]
    let description = try stages.steps(
      key: "describe", { step in FeatureDescription(histories, dates: dates, label: label, progress: step) })
    guard description.rows > 0 else {
      throw Failure(
        .badData,
        "No relation is in the population of \(label) at \(dates.map(\.description).joined(separator: ", ")). "
          + "The data reach to \(histories.dataEnd); choose other dates with --as-of.")
    }
    let table = FeatureDescriptionTable(description)
    if let out {
      try stages.run(
        "Writing \(out)", key: "write", { _ in try table.write(to: out, protecting: source.files) })
      TableOutput.tell(out, rows: description.profiles.count, common)
    }
    if common.json, out != OutputFormat.standardOutput {
      var object: [String: Any] = [
        "schema": "revisit.feature-description/1", "label": label.description,
        "as_of": description.asOf.map(\.description), "rows": description.rows,
        "labelled": description.labelled, "positives": description.positives,
        "sampled": description.sampled, "features": table.json,
      ]
      if let out { object["out"] = out }
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else if out == nil {
      let terminal = Terminal.standardOutput
      let lines = table.terminalLines(
        language: common.language, width: terminal.width(), colour: terminal.wantsColour())
      for line in lines { Output.line(line) }
    }
  }
}
