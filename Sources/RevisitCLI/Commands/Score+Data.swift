import ChurnModel
import Evaluation
import Features
import Foundation
import Histories
import ModelRegistry
import Reports

extension Score {
  private static let relationsPerPart = 1 << 18

  /// Scores the active relations of a data folder part by part; what is finished waits beside the output until all of it
  /// is.
  func score(
    data source: DataOptions, _ named: NamedModel, _ intervals: IntervalScorer?, _ stages: Stages
  ) throws {
    let model = try named.onHistories()
    if dryRun { return tellPlan(["data": source.data, "files": source.files.count], named, []) }
    let run = try ScoreRun(
      self, named, source: source.data, files: source.files, rowsPerPart: Self.relationsPerPart,
      begin: ScoreRunRecord.Begin(), stages)
    let staging = run.staging
    let histories = try stages.load(source, targets: named.label.targets)
    let label = try named.label(in: histories)
    let date = asOf ?? histories.dataEnd
    let (view, relations) = try stages.run(
      "Relations at \(date)", key: "population",
      { _ in
        let view = AsOfView(histories: histories, asOf: date, scope: label.scope)
        return (view, view.population().relations)
      }, detail: { "\(Shown.count($0.1.count)) active relations" })
    try stages.run(
      "Scoring at \(date)", key: "score",
      { progress in
        let rate = ProgressRate(before: run.resumedRows, total: relations.count)
        while staging.rows < relations.count {
          let rest = relations[staging.rows...]
          let part = Array(rest.prefix(run.rowsPerPart))
          let scores: Scores =
            intervals.map { .intervals(RelationScores.intervals($0, view: view, relations: part)) }
            ?? .probabilities(RelationScores.probabilities(model, view: view, relations: part))
          try staging.add(ScorePart(scores: scores, ids: nil, counts: []))
          progress.note(rate.words(staging.rows))
        }
      }, detail: { _ in "\(Shown.count(staging.rows)) relations" })
    try stages.run(
      "Writing \(out)", key: "write",
      { _ in
        try RelationScoreTable(
          view: view, relations: relations, staging: staging, hasIntervals: intervals != nil,
          model: named.name
        ).write(to: out, protecting: source.files)
      })
    let members: [String: Any] = [
      "as_of": date.description, "rows": staging.rows,
      "mean_probability": staging.rows == 0 ? NSNull() : staging.sum / Double(staging.rows),
    ]
    try run.finish(members)
    tell(members, rows: staging.rows, named, [], stages)
  }
}
