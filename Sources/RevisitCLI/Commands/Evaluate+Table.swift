import Evaluation
import Foundation
import Tables

extension Evaluate {
  /// Judges the model on the labelled rows of a table.
  func evaluate(onTable file: String) throws {
    let stages = Stages(common)
    let named = try NamedModel(model, from: registry.registry)
    guard let label = label ?? named.table?.label else {
      throw Failure(
        .usage,
        "The model \(named.name) was not trained on a table. Name the column of outcomes with --label.")
    }
    let table = try stages.readTable(
      file,
      { try ScoringTable($0, model: named.model, label: label, positive: positive, progress: $1) },
      detail: { "\(Shown.count($0.rows)) rows" })
    stages.tell(table.notices, common)
    let metrics = try stages.run(
      "Judging", key: "evaluate", { _ in try table.metrics(named.model, path: file) })
    if common.json {
      var object: [String: Any] = [
        "schema": "revisit.evaluate-table/1", "model": named.name, "label": label, "rows": metrics.rows,
        "positives": metrics.positives, "metrics": TestReport.json(metrics),
        "warnings": table.notices.map { $0.json(common) },
      ]
      object.merge(FeatureCounts(table.counts).json) { _, new in new }
      if common.timings { object["timings"] = stages.timings }
      Output.json(object)
    } else {
      for line in lines(metrics, table, named.name) { Output.line(line) }
      if let correction = named.model.link.correction {
        Output.line(ProbabilityReport.line(correction, common.language))
      }
    }
  }

  private func lines(_ metrics: RankingMetrics, _ table: ScoringTable, _ name: String) -> [String] {
    let chinese = common.language == .chinese
    let share = Shown.percent(Double(metrics.positives) / Double(max(metrics.rows, 1)))
    let interval =
      "\(Shown.number(metrics.aucInterval.lowerBound, 3))–\(Shown.number(metrics.aucInterval.upperBound, 3))"
    var lines = [
      chinese
        ? "\(name)：\(Shown.count(metrics.rows)) 行，\(share) 为正例"
        : "\(name): \(Shown.count(metrics.rows)) rows, \(share) positive",
      chinese
        ? "AUC \(Shown.number(metrics.auc, 4))（95 % 区间 \(interval)），前10%提升 \(Shown.number(metrics.liftTopDecile, 2))"
        : "AUC \(Shown.number(metrics.auc, 4)) (95 % interval \(interval)), lift in top 10 % \(Shown.number(metrics.liftTopDecile, 2))",
    ]
    if let probability = metrics.probability {
      let (loss, brier) = (Shown.number(probability.logLoss, 4), Shown.number(probability.brier, 4))
      let (slope, intercept) = (
        Shown.number(probability.calibration.slope, 2), Shown.number(probability.calibration.intercept, 2)
      )
      lines.append(chinese ? "对数损失 \(loss)，Brier \(brier)" : "Log loss \(loss), Brier score \(brier)")
      lines.append(
        chinese
          ? "校准：斜率 \(slope)，截距 \(intercept)"
          : "Calibration: slope \(slope) (1 is right), intercept \(intercept) (0 is right)")
    }
    return lines + FeatureCounts(table.counts).lines(common)
  }
}
