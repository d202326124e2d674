import ChurnModel
import Foundation
import Reports

/// What a fit says of its coefficients, in one line and in JSON.
struct EstimationReport {
  let fit: LogisticFit

  /// `coefficients`, `errors`, and `firth` or `constraints` where the fit has them.
  var json: [String: Any] {
    let table = fit.coefficients
    var object: [String: Any] = [
      "coefficients": table.rows.map(row),
      "errors": [
        "meaning": table.meaning, "method": table.method.rawValue, "penalty": table.penalty,
        "clusters": Self.shown(table.clusters),
        "effective_parameters": fit.effectiveParameters,
      ] as [String: Any],
    ]
    if let firth = fit.firth {
      object["firth"] = ["penalised_log_likelihood": firth.penalisedLogLikelihood]
    }
    if let constraints = fit.constraints { object["constraints"] = Self.json(constraints) }
    return object
  }

  private func row(_ row: CoefficientTable.Row) -> [String: Any] {
    var object: [String: Any] = [
      "column": row.name, "per_unit": row.estimate, "per_standard_deviation": row.standardisedEstimate,
      "standard_error": row.standardError, "robust_error": Self.shown(row.robustError),
      "clustered_error": Self.shown(row.clusteredError), "p_value": row.pValue,
      "p_value_clustered": Self.shown(row.isHeld ? 1 : row.waldTest(.clustered)?.pValue),
      "interval": Self.shown(row.confidenceInterval()),
      "interval_clustered": Self.shown(row.confidenceInterval(.clustered)),
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

  static func json(_ conditions: KKTConditions) -> [String: Any] {
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

  /// What was fitted and how the solver ended.
  func summary(_ chinese: Bool) -> String {
    let model = fit.model
    let gradient = String(format: "%.1e", model.training.gradientNorm)
    let method: String
    switch fit.coefficients.method {
    case .firth: method = chinese ? "Firth 惩罚似然逻辑回归" : "Logistic regression by Firth's penalised likelihood"
    case .likelihood, .bounded: method = chinese ? "岭逻辑回归" : "Ridge logistic regression"
    }
    var parts =
      chinese
      ? ["\(model.columns.count) 列", "\(model.training.iterations) 次迭代", "梯度 \(gradient)"]
      : [
        "\(model.columns.count) columns", "\(model.training.iterations) iterations", "gradient \(gradient)",
      ]
    if fit.coefficients.method != .firth {
      parts.insert(chinese ? "惩罚 \(model.penalty)" : "penalty \(model.penalty)", at: 1)
    }
    if let constraints = fit.constraints {
      parts.append(
        chinese
          ? "\(constraints.constraints.count) 个预期方向中 \(constraints.binding) 个起约束"
          : "\(constraints.binding) of \(constraints.constraints.count) expected directions hold a coefficient at 0"
      )
    }
    return method + (chinese ? "：" : ": ") + parts.joined(separator: chinese ? "，" : ", ")
  }
}
