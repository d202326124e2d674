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
      "null_log_loss": figure { $0.nullLogLoss }, "brier": figure { $0.metrics.brier },
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
      "warnings": (table.notices + TableCrossValidation.notices(folds ?? [])).map { $0.json(common) },
    ]
    object.merge(probability.json) { own, _ in own }
    switch fit {
    case .coefficients(let fit):
      object["kind"] = "coefficients"
      object["columns"] = fit.model.columns.count
      object["penalty"] = fit.model.penalty
      object.merge(EstimationReport(fit: fit).json) { own, _ in own }
    case .terms(let fit):
      object["kind"] = "terms"
      object.merge(TermFitReport(fit: fit).json) { own, _ in own }
      if let directions = fit.directions { object["constraints"] = Self.json(directions) }
    }
    return object
  }

  private static func json(_ conditions: DirectionConditions) -> [String: Any] {
    [
      "binding": conditions.binding, "stationarity": conditions.stationarity,
      "maximum_violation": conditions.maximumViolation, "complementarity": conditions.complementarity,
      "columns": conditions.terms.map {
        [
          "column": $0.name, "direction": $0.direction, "steps": $0.steps, "held_steps": $0.heldSteps,
          "multipliers": $0.multipliers,
        ] as [String: Any]
      },
    ]
  }

  /// How the terms that are held to a direction end.
  private func directions(_ chinese: Bool) -> [String] {
    switch fit {
    case .coefficients: return []  // The estimation report says it.
    case .terms(let fit):
      return (fit.directions?.terms ?? []).map { term in
        let direction = Self.direction(term.direction, chinese)
        return chinese
          ? "\(term.name)：\(direction)，\(term.steps) 步中 \(term.heldSteps) 步受约束而持平"
          : "\(term.name): \(direction), level at \(term.heldSteps) of its \(term.steps) steps that the data would have the other way"
      }
    }
  }

  private static func direction(_ name: String, _ chinese: Bool) -> String {
    let translated = [
      "rising": "单调上升", "falling": "单调下降", "peak": "先升后降", "valley": "先降后升",
    ]
    return chinese ? translated[name] ?? name : name
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
    lines += [""] + fit.lines(chinese) + directions(chinese) + probability.lines(common.language)
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
