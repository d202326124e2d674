import ChurnModel
import Evaluation
import Foundation
import ModelRegistry

/// What was learned from a table, in words and JSON.
struct TableTrainingReport {
  let table: TrainingTable
  let fit: TableFit
  /// Nil without --folds.
  let folds: [TableCrossValidation.Fold]?
  let entry: ModelRegistry.Entry
  let seconds: Double
  let common: CommonOptions

  // MARK: JSON

  /// `schema`, `cv` (null without folds), `model` and `seconds`.
  var json: [String: Any] {
    [
      "schema": "revisit.train-table/1", "cv": folds.map(Self.json) ?? NSNull(), "model": modelJSON,
      "seconds": seconds,
    ]
  }

  private static func json(_ folds: [TableCrossValidation.Fold]) -> Any {
    func figure(_ value: (TableCrossValidation.Fold) -> Double) -> [String: Any] {
      ["mean": folds.map(value).reduce(0, +) / Double(folds.count), "folds": folds.map(value)]
    }
    return [
      "auc": figure { $0.metrics.auc }, "log_loss": figure { $0.metrics.logLoss },
      "brier": figure { $0.metrics.brier },
      "calibration": [
        "slope": figure { $0.metrics.calibration.slope },
        "intercept": figure { $0.metrics.calibration.intercept },
        "expected_error": figure { $0.metrics.calibration.expectedError },
      ],
      "effective_parameters": figure { $0.fit.effectiveParameters },
      "calibrators": ["folds": folds.map { ProbabilityReport.name($0.fit.model.link) }],
      "pairs": ["folds": folds.map(\.fit.pairs)], "penalty": ["folds": folds.map { shown($0.fit.penalty) }],
      "seconds": figure { $0.seconds },
      "folds": folds.map {
        ["fold": $0.name, "rows": $0.rows, "positives": $0.positives, "rows_with_unseen_levels": $0.unseen]
          as [String: Any]
      },
    ] as [String: Any]
  }

  private static func shown(_ value: Double?) -> Any { value.map { $0 as Any } ?? NSNull() }

  private var modelJSON: [String: Any] {
    let model = fit.model
    var object: [String: Any] = [
      "name": entry.reference.description, "folder": entry.folder.path,
      "label": [
        "column": table.schema.label, "positive": table.schema.values.positive,
        "negative": table.schema.values.negative,
      ],
      "rows": table.rows, "positives": table.positives, "log_loss": model.training.logLoss,
      "effective_parameters": fit.effectiveParameters, "certificate": fit.certificate.json,
      "features": zip(table.features, table.missing).map { feature, missing in
        ["name": feature.name, "kind": kind(feature), "missing": missing] as [String: Any]
      },
      "dropped": model.droppedFeatures.map { ["column": $0.column, "reason": $0.reason] },
      "warnings": table.notices.map { $0.json(common) },
    ]
    object.merge(probability.json) { own, _ in own }
    switch fit {
    case .coefficients(let fit):
      object["kind"] = "coefficients"
      object["columns"] = fit.model.columns.count
      object["penalty"] = fit.model.penalty
    case .terms(let fit):
      object["kind"] = "terms"
      object["terms"] = fit.model.terms.map {
        ["name": $0.name, "effective_parameters": $0.effectiveParameters, "importance": $0.importance]
          as [String: Any]
      }
      object["pairs"] = fit.pairs.map { ["name": $0.name, "gain": $0.gain] as [String: Any] }
    }
    return object
  }

  private var probability: ProbabilityReport {
    ProbabilityReport(link: fit.model.link, hasIntervals: entry.hasCovariance)
  }

  private func kind(_ feature: FeatureColumn) -> String {
    switch feature.kind {
    case .numeric: table.schema.days.contains(feature.name) ? "day" : "numeric"
    case .logarithm: "logarithm"
    case .category: "category"
    case .flag: "flag"
    case .unused: "unused"
    }
  }

  // MARK: Words

  var lines: [String] {
    let chinese = common.language == .chinese
    let share = Shown.percent(Double(table.positives) / Double(table.rows))
    let (label, positive) = (table.schema.label, table.schema.values.positive)
    var lines = [
      chinese
        ? "\(Shown.count(table.rows)) 行，其中 \(share) 的 \(label) = \(positive)"
        : "\(Shown.count(table.rows)) rows, \(share) with \(label) = \(positive)"
    ]
    let missing = zip(table.features, table.missing).filter { $1 > 0 }
    if !missing.isEmpty {
      let list = missing.map { "\($0.name) \(Shown.count($1))" }.joined(separator: ", ")
      lines.append(chinese ? "缺失值（行数）：\(list)" : "Missing values (rows): \(list)")
    }
    if let folds { lines += [""] + Self.table(folds, chinese) }
    let model = fit.model
    lines += [""] + learned(chinese) + probability.lines(common.language)
    for dropped in model.droppedFeatures {
      lines.append(chinese ? "未使用 \(dropped.column)" : "Not used: \(dropped.column): \(dropped.reason)")
    }
    if folds == nil {
      lines.append(
        chinese
          ? "未作检验：用 --folds 指定折列即可。"
          : "Not judged on rows it has not seen: name a column of folds with --folds.")
    }
    lines.append(
      chinese
        ? "模型已保存：\(entry.reference)（\(entry.folder.path)）"
        : "Saved as \(entry.reference) in \(entry.folder.path)")
    return lines
  }

  /// What kind of model it is, and the most important of what it says.
  private func learned(_ chinese: Bool) -> [String] {
    let training = fit.model.training
    let gradient = String(format: "%.1e", training.gradientNorm)
    switch fit {
    case .coefficients(let fit):
      return [
        chinese
          ? "岭逻辑回归：\(fit.model.columns.count) 列，惩罚 \(fit.model.penalty)，\(training.iterations) 次迭代，梯度 \(gradient)"
          : "Ridge logistic regression: \(fit.model.columns.count) columns, penalty \(fit.model.penalty), \(training.iterations) iterations, gradient \(gradient)"
      ]
    case .terms(let fit):
      let parameters = Shown.number(fit.effectiveParameters, 1)
      let strongest = fit.model.terms.prefix(Self.termsNamed).map(\.name).joined(separator: ", ")
      return [
        chinese
          ? "\(fit.model.terms.count) 个项（其中 \(fit.pairs.count) 个为两列组合），共 \(parameters) 个有效参数，梯度 \(gradient)"
          : "\(fit.model.terms.count) terms, \(fit.pairs.count) of them pairs of columns, \(parameters) effective parameters, gradient \(gradient)",
        chinese ? "最重要的项：\(strongest)" : "Most important: \(strongest)",
      ]
    }
  }

  /// Terms that the report names; `models show` shows all.
  private static let termsNamed = 5

  private static func table(_ folds: [TableCrossValidation.Fold], _ chinese: Bool) -> [String] {
    var rows = [
      chinese
        ? ["折", "行数", "正例", "AUC", "对数损失", "Brier", "校准斜率", "校准误差", "参数"]
        : ["fold", "rows", "positive", "AUC", "log loss", "Brier", "slope", "cal. error", "parameters"]
    ]
    for fold in folds {
      rows.append(
        [fold.name, Shown.count(fold.rows), Shown.count(fold.positives)] + figures([fold.metrics])
          + [Shown.number(fold.fit.effectiveParameters, 1)])
    }
    rows.append(
      [
        chinese ? "平均" : "mean", Shown.count(folds.map(\.rows).reduce(0, +)),
        Shown.count(folds.map(\.positives).reduce(0, +)),
      ] + figures(folds.map(\.metrics)) + [""])
    return TestReport.aligned(rows)
  }

  /// Means over some folds.
  private static func figures(_ metrics: [TableMetrics]) -> [String] {
    func mean(_ value: (TableMetrics) -> Double, _ digits: Int) -> String {
      Shown.number(metrics.map(value).reduce(0, +) / Double(metrics.count), digits)
    }
    return [
      mean(\.auc, 4), mean(\.logLoss, 4), mean(\.brier, 4), mean(\.calibration.slope, 2),
      mean(\.calibration.expectedError, 3),
    ]
  }
}
