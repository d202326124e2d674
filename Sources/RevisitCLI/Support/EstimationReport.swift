import ChurnModel
import Foundation
import Reports

/// What a fit says of its coefficients, in one line and in JSON.
struct EstimationReport {
  let fit: LogisticFit

  /// `coefficients`, `errors`, `likelihood`, and `firth`, `constraints` or `elastic_net` where the fit has them.
  var json: [String: Any] {
    let table = fit.coefficients
    var object: [String: Any] = [
      "coefficients": table.rows.map(row),
      "errors": [
        "meaning": table.meaning, "method": table.method.rawValue, "penalty": table.penalty,
        "clusters": Self.shown(table.clusters),
        "effective_parameters": fit.effectiveParameters,
      ] as [String: Any],
      "likelihood": LikelihoodReport(fit: fit).json,
    ]
    if let firth = fit.firth {
      object["firth"] = ["penalised_log_likelihood": firth.penalisedLogLikelihood]
    }
    if let constraints = fit.constraints { object["constraints"] = Self.json(constraints) }
    if let selection = fit.selection { object["elastic_net"] = PathReport(selection: selection).json }
    return object
  }

  private func row(_ row: CoefficientTable.Row) -> [String: Any] {
    let isTested = fit.coefficients.areTested
    var object: [String: Any] = [
      "column": row.name, "per_unit": row.estimate, "per_standard_deviation": row.standardisedEstimate,
      "standard_error": row.standardError, "robust_error": Self.shown(row.robustError),
      "clustered_error": Self.shown(row.clusteredError), "statistic": Self.shown(isTested ? row.z : nil),
      "p_value": Self.shown(isTested ? row.pValue : nil),
      "statistic_clustered": Self.shown(isTested ? (row.isHeld ? 0 : row.waldTest(.clustered)?.z) : nil),
      "p_value_clustered": Self.shown(
        isTested ? (row.isHeld ? 1 : row.waldTest(.clustered)?.pValue) : nil),
      "interval": Self.shown(isTested ? row.confidenceInterval() : nil),
      "interval_clustered": Self.shown(isTested ? row.confidenceInterval(.clustered) : nil),
      "variance_inflation": Self.shown(row.varianceInflation), "is_held": row.isHeld,
    ]
    if let profile = fit.firth?[row.name] {
      object["profile"] =
        [
          "statistic": profile.statistic, "p_value": profile.pValue,
          "interval": [Self.shown(profile.lower), Self.shown(profile.upper)],
        ] as [String: Any]
    }
    return object
  }

  private static func json(_ conditions: KKTConditions) -> [String: Any] {
    [
      "binding": conditions.binding, "stationarity": conditions.stationarity,
      "maximum_violation": conditions.maximumViolation, "complementarity": conditions.complementarity,
      "columns": conditions.constraints.map {
        [
          "column": $0.name, "lower": shown($0.bounds.lower), "upper": shown($0.bounds.upper),
          "per_unit": $0.estimate, "binding": shown($0.binding?.rawValue), "multiplier": $0.multiplier,
        ]
      },
    ]
  }

  private static func shown(_ value: Any?) -> Any { value ?? NSNull() }

  private static func shown(_ interval: ClosedRange<Double>?) -> Any {
    interval.map { [$0.lowerBound, $0.upperBound] } ?? NSNull()
  }

  /// What an elastic net has chosen, and how well the conditions of the optimum hold.
  private func elasticNet(_ chinese: Bool) -> String {
    guard let selection = fit.selection else { return "" }
    let mixing = selection.path.mixing
    let name =
      mixing == 1
      ? (chinese ? "套索" : "Lasso")
      : (chinese ? "弹性网（α = \(mixing)）" : "Elastic net (alpha \(mixing))")
    let (chosen, columns) = (selection.point.nonzero, selection.path.columns.count)
    let penalty = PathReport.penalty(selection.point.penalty)
    let violation = String(format: "%.1e", fit.certificate.gradientNorm)
    return chinese
      ? "\(name)：\(columns) 列中选 \(chosen) 列，惩罚 \(penalty)，最优性条件满足至 \(violation)"
      : "\(name): \(chosen) of \(columns) columns, penalty \(penalty), optimality conditions met to \(violation)"
  }

  /// What was fitted, how likely it makes the labels, and the path that its penalty was chosen from.
  func lines(_ chinese: Bool) -> [String] {
    [summary(chinese), LikelihoodReport(fit: fit).line(chinese)]
      + (fit.selection.map { PathReport(selection: $0).lines(chinese) } ?? [])
  }

  /// What was fitted and how the solver ended.
  func summary(_ chinese: Bool) -> String {
    let model = fit.model
    let gradient = String(format: "%.1e", model.training.gradientNorm)
    let method: String
    switch fit.coefficients.method {
    case .firth: method = chinese ? "Firth 惩罚似然逻辑回归" : "Logistic regression by Firth's penalised likelihood"
    case .likelihood, .bounded: method = chinese ? "岭逻辑回归" : "Ridge logistic regression"
    case .elasticNet: return elasticNet(chinese)
    }
    var parts =
      chinese
      ? ["\(model.columns.count) 列", "\(model.training.iterations) 次迭代", "梯度 \(gradient)"]
      : [
        Shown.count(model.columns.count, "column"), Shown.count(model.training.iterations, "iteration"),
        "gradient \(gradient)",
      ]
    if fit.coefficients.method != .firth {
      let penalty = fit.selection == nil ? "\(model.penalty)" : PathReport.penalty(model.penalty)
      parts.insert(chinese ? "惩罚 \(penalty)" : "penalty \(penalty)", at: 1)
    }
    if let constraints = fit.constraints {
      parts.append(
        chinese
          ? "\(constraints.constraints.count) 个方向约束中 \(constraints.binding) 个使系数为 0"
          : "\(constraints.binding) of \(constraints.constraints.count) directions hold a coefficient at 0"
      )
    }
    return method + (chinese ? "：" : ": ") + parts.joined(separator: chinese ? "，" : ", ")
  }
}
