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
    let begin = ScoreRunRecord.Begin()
    // Before anything is read or written: the output must not be an input.
    if out != OutputFormat.standardOutput { _ = try OutputFile(path: out, protecting: source.files) }
    let digest = try fingerprint(of: source, stages)
    let modelDigest = try named.digest()
    var record = ScoreRunRecord(
      named, modelSHA256: modelDigest, data: source.data, digest, options: options, begin: begin)
    let journal = ScoreJournal(
      model: named.name, modelSHA256: modelDigest, dataSHA256: digest.sha256, options: options,
      rowsPerPart: partRows ?? Self.relationsPerPart)
    let staging = try ScoreStaging(stagingFolder, journal: journal, resumes: resume)
    let resumed = staging.rows
    tellResumed(staging, stages)
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
        let rate = ProgressRate(before: resumed, total: relations.count)
        while staging.rows < relations.count {
          let rest = relations[staging.rows...]
          let part = Array(rest.prefix(journal.rowsPerPart))
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
    if out != OutputFormat.standardOutput {
      try record.finish(
        members.merging(["resumed_rows": resumed, "parts": staging.count]) { $1 }, output: out, stages: stages
      )
    }
    staging.remove()
    tell(members, rows: staging.rows, named, [], stages)
  }

  /// Of all files of a data folder, by their names.
  private func fingerprint(of source: DataOptions, _ stages: Stages) throws -> FileDigest {
    try stages.run(
      "Fingerprint", key: "fingerprint",
      { progress in
        // An output below the data must not change what --resume compares.
        let own = stagingFolder.path
        let files = source.files.sorted().map { URL(fileURLWithPath: $0) }.filter {
          (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
            && !$0.standardizedFileURL.path.hasPrefix(own)
        }
        return try FileDigest(of: files) { progress.note("\(Shown.count($0)) bytes") }
      })
  }
}
