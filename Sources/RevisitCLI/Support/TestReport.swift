import ChurnModel
import DuckDB
import Evaluation
import Features
import Foundation
import Histories
import Reports

/// What an out-of-time test says, in words and JSON.
struct TestReport {
  let test: ChurnTraining.Test
  let truth: RankingMetrics?
  let label: LapseLabel

  var json: [String: Any] {
    var object: [String: Any] = [
      "as_of": test.asOf.description,
      "rows": test.model.rows,
      "lapsed": test.model.positives,
      "model_metrics": Self.json(test.model),
      "plain_rule": Self.json(test.plainRule),
    ]
    if let truth { object["truth"] = Self.json(truth) }
    return object
  }

  static func json(_ metrics: RankingMetrics) -> [String: Any] {
    var object: [String: Any] = [
      "auc": metrics.auc,
      "auc_interval": [metrics.aucInterval.lowerBound, metrics.aucInterval.upperBound],
      "lift_top_decile": metrics.liftTopDecile,
      "precision_top_decile": metrics.precisionTopDecile,
    ]
    if let probability = metrics.probability {
      object["log_loss"] = probability.logLoss
      object["brier"] = probability.brier
      object["calibration"] =
        [
          "slope": probability.calibration.slope,
          "slope_error": probability.calibration.slopeError,
          "intercept": probability.calibration.intercept,
          "intercept_error": probability.calibration.interceptError,
          "expected_error": probability.calibration.expectedError,
          "bins": probability.calibration.bins.map {
            ["count": $0.count, "predicted": $0.meanPredicted, "observed": $0.observed] as [String: Any]
          },
        ] as [String: Any]
    }
    return object
  }

  func lines(language: Language) -> [String] {
    let chinese = language == .chinese
    let share = Double(test.model.positives) / Double(max(test.model.rows, 1))
    var lines = [
      chinese
        ? "时间外检验 \(test.asOf)：\(Shown.count(test.model.rows)) 个客户车辆关系，\(Shown.percent(share)) 流失"
        : "Out-of-time test at \(test.asOf): \(Shown.count(test.model.rows)) relations, \(Shown.percent(share)) lapsed",
      "",
    ]
    let headings =
      chinese
      ? ["", "AUC", "95 % 区间", "对数损失", "前10%提升", "前10%流失率"]
      : ["", "AUC", "95 % interval", "log loss", "lift top 10 %", "lapsed in top 10 %"]
    var table = [headings]
    table.append(row(chinese ? "模型" : "model", test.model))
    table.append(row(chinese ? "简单规则（按超期天数）" : "plain rule (days overdue)", test.plainRule))
    if let truth { table.append(row(chinese ? "模拟真值（上限）" : "best possible (simulated truth)", truth)) }
    lines += Self.aligned(table)
    if !label.isTarget, test.model.auc <= test.plainRule.auc {
      lines += ["", chinese ? "模型不优于简单规则：不要使用。" : "The model does not beat the plain rule: do not use it."]
    }
    if test.model.auc > 0.9 {
      lines += [
        "",
        chinese
          ? "AUC 高于 0.90：请检查是否泄漏未来信息。" : "An AUC above 0.90 is suspicious: look for a leak in the data.",
      ]
    }
    if let probability = test.model.probability {
      let calibration = probability.calibration
      lines += [
        "",
        chinese
          ? "校准：斜率 \(Shown.number(calibration.slope, 2)) ± \(Shown.number(calibration.slopeError, 2))，截距 \(Shown.number(calibration.intercept, 2)) ± \(Shown.number(calibration.interceptError, 2))，平均误差 \(Shown.percent(calibration.expectedError))"
          : "Calibration: slope \(Shown.number(calibration.slope, 2)) ± "
            + "\(Shown.number(calibration.slopeError, 2)) (1 is right), intercept "
            + "\(Shown.number(calibration.intercept, 2)) ± \(Shown.number(calibration.interceptError, 2)) (0 is right), mean error \(Shown.percent(calibration.expectedError))",
      ]
      var bins = [chinese ? ["十分位", "人数", "预测", "实际"] : ["decile", "relations", "predicted", "lapsed"]]
      for (index, bin) in calibration.bins.enumerated() {
        bins.append([
          "\(index + 1)", Shown.count(bin.count), Shown.percent(bin.meanPredicted),
          Shown.percent(bin.observed),
        ])
      }
      lines += Self.aligned(bins)
    }
    return lines
  }

  private func row(_ name: String, _ metrics: RankingMetrics) -> [String] {
    [
      name, Shown.number(metrics.auc, 4),
      "\(Shown.number(metrics.aucInterval.lowerBound, 3))–\(Shown.number(metrics.aucInterval.upperBound, 3))",
      metrics.probability.map { Shown.number($0.logLoss, 4) } ?? "–", Shown.number(metrics.liftTopDecile, 2),
      Shown.percent(metrics.precisionTopDecile),
    ]
  }

  static func aligned(_ table: [[String]]) -> [String] {
    let widths = (table.first ?? []).indices.map { column in
      table.map { DisplayWidth.of($0[column]) }.max() ?? 0
    }
    return table.map { cells in
      let padded = cells.enumerated().map { index, cell in
        let space = String(repeating: " ", count: widths[index] - DisplayWidth.of(cell))
        return index == 0 ? cell + space : space + cell
      }
      return "  " + padded.joined(separator: "  ")
    }
  }
}

/// The training beside the test.
struct TrainingReport {
  let result: ChurnTraining.Result
  let test: ChurnTraining.Test
  let truth: RankingMetrics?
  let label: LapseLabel
  let hasIntervals: Bool

  private var probability: ProbabilityReport {
    ProbabilityReport(link: result.fit.model.link, hasIntervals: hasIntervals)
  }

  var json: [String: Any] {
    let summary = result.fit.model.training
    var object = TestReport(test: test, truth: truth, label: label).json
    object["schema"] = "revisit.train/1"
    object["label"] = label.description
    object["dates"] = result.dates.map { date in
      [
        "as_of": date.asOf.description, "side": date.isTest ? "test" : "training", "active": date.active,
        "censored": date.censored, "natural_losses": date.naturalLosses, "rows": date.rows,
        "lapsed": date.lapsed,
      ] as [String: Any]
    }
    var training: [String: Any] =
      [
        "rows": summary.rows, "lapsed": summary.positives, "log_loss": summary.logLoss,
        "iterations": summary.iterations, "gradient_norm": summary.gradientNorm,
        "effective_parameters": result.fit.effectiveParameters, "certificate": result.fit.certificate.json,
      ] as [String: Any]
    switch result.fit {
    case .coefficients(let fit):
      training["columns"] = fit.model.columns.count
      training["penalty"] = fit.model.penalty
      object.merge(EstimationReport(fit: fit).json) { own, _ in own }
    case .terms(let fit):
      object.merge(TermFitReport(fit: fit).json) { own, _ in own }
    }
    object["training"] = training
    object.merge(probability.json) { own, _ in own }
    object["dropped"] = result.fit.model.droppedFeatures.map { ["column": $0.column, "reason": $0.reason] }
    return object
  }

  func lines(language: Language) -> [String] {
    let chinese = language == .chinese
    var table = [
      chinese
        ? ["截止日", "用途", "有效关系", "未知", "自然流失", "使用", "流失率"]
        : ["as of", "side", "active", "censored", "natural loss", "used", "lapsed"]
    ]
    for date in result.dates {
      let share = Double(date.lapsed) / Double(max(date.rows, 1))
      table.append([
        date.asOf.description,
        date.isTest ? (chinese ? "检验" : "test") : (chinese ? "训练" : "training"),
        Shown.count(date.active), Shown.count(date.censored), Shown.count(date.naturalLosses),
        Shown.count(date.rows), Shown.percent(share),
      ])
    }
    return TestReport.aligned(table) + [""] + result.fit.lines(chinese) + probability.lines(language)
      + droppedLines(chinese)
      + [""]
      + TestReport(test: test, truth: truth, label: label).lines(language: language)
  }
}

extension TrainingReport {
  /// Features that say nothing in these data, with their names.
  private func droppedLines(_ chinese: Bool) -> [String] {
    let dropped = result.fit.model.droppedFeatures.filter { $0.column == $0.feature }
    guard !dropped.isEmpty else { return [] }
    let names = dropped.map(\.feature).joined(separator: ", ")
    return [
      chinese
        ? "未使用（恒定、全部缺失、与其他特征相同或无作用）：\(names)"
        : "Left out (constant, always missing, the same as another, or of no use): \(names)"
    ]
  }
}

/// Compares with the simulator's truth where the data folder holds it.
enum TruthTest {
  /// - Returns: `nil` without a `truth.parquet`, for another label than `due`, or when it does not hold this date.
  static func run(
    _ data: String, _ histories: Histories, _ test: ChurnTraining.Test, _ label: LapseLabel
  ) throws -> RankingMetrics? {
    // The simulator knows the probability of lapse by this rule alone.
    guard label == .due else { return nil }
    let file = URL(fileURLWithPath: data).appendingPathComponent("truth.parquet").path
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let truth = try histories.trueProbabilities(file: file, asOf: test.asOf)
    var scores: [Double] = []
    var labels: [Bool] = []
    for (relation, label) in zip(test.relations, test.labels) {
      guard let probability = truth[relation] else { continue }
      scores.append(probability)
      labels.append(label)
    }
    // Dirt changes keys: a truth that covers only a part of the test is no yardstick.
    guard scores.count * 10 >= test.relations.count * 9, labels.contains(true), labels.contains(false) else {
      return nil
    }
    return RankingMetrics(scores: scores, labels: labels, areProbabilities: true)
  }
}
