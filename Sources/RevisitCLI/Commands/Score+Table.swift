import ChurnModel
import Evaluation
import Foundation
import ModelRegistry
import Reports
import Tables
import Temporaries

extension Score {
  /// Cells of a part, so that its memory stays the same whatever the number of columns.
  private static let cellsPerPart = 1 << 24
  private static let mostBlocksPerPart = 8

  /// Whole blocks of the reader.
  private static func rowsPerPart(columns: Int) -> Int {
    let blocks = cellsPerPart / (max(columns, 1) * Table.rowsPerBlock)
    return min(max(blocks, 1), mostBlocksPerPart) * Table.rowsPerBlock
  }

  /// Scores a table part by part; what is finished waits beside the output until all of it is.
  func score(
    table path: String, _ named: NamedModel, _ intervals: IntervalScorer?, _ stages: Stages
  ) throws {
    let begin = ScoreRunRecord.Begin()
    let file = try stages.run("Looking into \(path)", key: "open", { _ in try TableFile(path) })
    let known = named.table?.id.flatMap { id in file.columns.contains { $0.name == id } ? id : nil }
    let id = id ?? known
    if dryRun { return try tellPlan(file, id: id, named) }
    let plan = try stages.run(
      "Columns of \(path)", key: "columns",
      { _ in try ScoringPlan(file, model: named.model, id: id, isInParts: true) })
    var notices = plan.notices(file)
    let run = try ScoreRun(
      self, named, source: path, files: [path],
      rowsPerPart: Self.rowsPerPart(columns: plan.columns.count + named.model.features.count), begin: begin,
      stages)
    let staging = run.staging
    try stages.run(
      "Scoring \(path)", key: "score",
      { progress in
        let known = file.knownRows
        let rate = ProgressRate(
          before: run.resumedRows, total: known ?? file.estimatedRows, isEstimate: known == nil)
        guard !staging.isComplete else { return }
        try file.forEachPart(
          plan.columns, asTexts: plan.texts, rowsPerPart: run.rowsPerPart, skipping: run.resumedRows,
          progress: { progress.note(rate.words($0)) },
          { table throws(TableError) in
            let part = try plan.read(table)
            let scores: Scores =
              intervals.map { .intervals($0.intervals(part.values, offsets: part.offsets)) }
              ?? .probabilities(named.model.probabilities(part.values, offsets: part.offsets))
            do throws(ReportError) {
              try staging.add(ScorePart(scores: scores, ids: part.ids, counts: part.counts))
            } catch {
              throw TableError(.cannotWrite, error.message)
            }
          })
        guard staging.rows > 0 else { throw file.emptiness }
      }, detail: { _ in "\(Shown.count(staging.rows)) rows" })
    let counts = FeatureCounts(plan.counts { staging.counts(of: $0) })
    notices += ScoringPlan.unseen(counts.counts)
    stages.tell(notices, common)
    try stages.run(
      "Writing \(out)", key: "write",
      { _ in
        try staging.table(
          id: id.map { name in (name, file.columns.contains { $0.name == name && $0.type == .whole }) },
          hasIntervals: intervals != nil, model: named.name
        ).write(to: out, protecting: [path])
      })
    var members: [String: Any] = [
      "rows": staging.rows, "mean_probability": staging.sum / Double(staging.rows),
    ]
    members.merge(counts.json) { $1 }
    members["warnings"] = notices.map { $0.json(common) }
    try run.finish(members)
    tell(members, rows: staging.rows, named, counts.lines(common), stages)
  }

  private func tellPlan(_ file: TableFile, id: String?, _ named: NamedModel) throws {
    let there = Set(file.columns.map(\.name))
    let needed = ScoringPlan.needed(named.model)
    let missing = needed.filter { !there.contains($0) }
    if let id { _ = try file.column(id, role: "--id") }
    var members: [String: Any] = [
      "table": file.path, "columns_found": needed.filter(there.contains), "columns_missing": missing,
    ]
    if let id { members["id"] = id }
    if let rows = file.knownRows { members["rows"] = rows }
    var lines = [
      file.knownRows.map { "Rows: \(Shown.count($0))." } ?? "Rows: known when they are read.",
      "Columns that the model uses: \(needed.count), \(needed.count - missing.count) of them found.",
    ]
    if !missing.isEmpty {
      lines.append("Missing, so that the run would be refused: \(missing.joined(separator: ", ")).")
    }
    tellPlan(members, named, lines)
  }
}
