import BuyTillYouDie
import CustomerValue
import Evaluation
import Foundation

/// What customers are worth, as JSON.
struct ValueReport {
  let assessment: ValueAssessment

  var json: [String: Any] {
    let main = assessment.models.main
    let valuation = assessment.valuation
    let effects = assessment.models.covariates
    var object = effects.map(Self.json) ?? Self.json(main)
    object["schema"] = "revisit.value/1"
    object["customers"] = valuation.count
    object["unit"] = assessment.histories.unit.rawValue
    object["horizon_months"] = valuation.options.horizonMonths
    object["discount"] = valuation.options.monthlyRate
    object["month_days"] = valuation.options.daysPerMonth
    object["totals"] = totals
    object["frequency_fit"] = assessment.frequency.actual.indices.map {
      [
        "repeats": $0, "actual": assessment.frequency.actual[$0],
        "expected": assessment.frequency.expected[$0],
      ] as [String: Any]
    }
    if assessment.models.candidates.count > 1 {
      object["models"] = assessment.models.candidates.map { candidate -> [String: Any] in
        switch candidate.fit {
        case .success(let fit): Self.json(fit)
        case .failure(let error): ["model": candidate.kind.rawValue, "error": error.description]
        }
      }
    }
    if !assessment.models.parts.isEmpty {
      object["groups"] = assessment.models.parts.map { part -> [String: Any] in
        var own = Self.json(part.fit)
        own["group"] = part.name
        own["customers"] = part.customers.count
        return own
      }
    }
    if let spend = assessment.spend { object["spend"] = Self.json(spend) }
    if let holdOut = assessment.holdOut { object["holdout"] = Self.json(holdOut) }
    return object
  }

  /// A fit by the names of its parameters in the papers.
  private static func json(_ fit: RepeatModelFit) -> [String: Any] {
    let names = fit.kind.parameterNames
    var parameters = Dictionary(uniqueKeysWithValues: zip(names, fit.model.parameters))
    if fit.kind.isRegular { parameters["k"] = Double(fit.model.k) }
    return [
      "model": fit.kind.rawValue, "parameters": parameters,
      "standard_errors": Dictionary(uniqueKeysWithValues: zip(names, fit.standardErrors)),
      "log_likelihood": fit.logLikelihood, "aic": fit.aic, "bic": fit.bic, "converged": fit.isConverged,
    ]
  }

  /// A fit with covariates: γ₁ acts on visits, γ₂ on leaving; the other parameters are those of somebody whose covariates
  /// are all 0.
  private static func json(_ effects: CovariateEffects) -> [String: Any] {
    let fit = effects.fit
    var object = json(fit.base)
    object["without_covariates"] = object
    let names = fit.base.kind.parameterNames
    var parameters = Dictionary(uniqueKeysWithValues: zip(names, fit.model.parameters))
    var errors = Dictionary(uniqueKeysWithValues: zip(names, fit.standardErrors))
    var rows: [[String: Any]] = []
    for (process, gamma, all) in [
      ("visits", "gamma_1", fit.rateEffects), ("leaving", "gamma_2", fit.leavingEffects),
    ] {
      for effect in all {
        parameters["\(gamma)[\(effect.name)]"] = effect.coefficient
        errors["\(gamma)[\(effect.name)]"] = effect.standardError
        rows.append([
          "process": process, "name": effect.name, "coefficient": effect.coefficient,
          "standard_error": effect.standardError, "p_value": effect.pValue,
        ])
      }
    }
    if fit.base.kind.isRegular { parameters["k"] = Double(fit.model.k) }
    object["parameters"] = parameters
    object["standard_errors"] = errors
    object["covariates"] = rows
    object["log_likelihood"] = fit.logLikelihood
    object["aic"] = fit.aic
    object["bic"] = fit.bic
    object["converged"] = fit.isConverged
    object["likelihood_ratio_tests"] =
      effects.tests.map { test -> [String: Any] in
        var own = json(test.result)
        (own["process"], own["column"]) = (test.process.rawValue, test.term.column)
        if let reference = test.term.reference { own["reference"] = reference }
        return own
      } + [json(effects.together).merging(["process": "all", "column": "all"]) { $1 }]
    return object
  }

  private static func json(_ test: LikelihoodRatioTest) -> [String: Any] {
    ["statistic": test.statistic, "degrees_of_freedom": test.degreesOfFreedom, "p_value": test.pValue]
  }

  private static func json(_ spend: SpendModel) -> [String: Any] {
    var object: [String: Any] = [
      "customers": spend.sample.customers, "excluded_non_positive": spend.sample.nonPositive,
      "mean_amount": spend.sample.meanAmount, "frequency_spend_correlation": spend.sample.correlation,
    ]
    guard let fit = spend.fit else { return object }
    let (model, errors) = (fit.model, fit.standardErrors)
    object["model"] = "gamma-gamma"
    object["parameters"] = ["p": model.p, "q": model.q, "v": model.v]
    object["standard_errors"] = ["p": errors[0], "q": errors[1], "v": errors[2]]
    object["log_likelihood"] = fit.logLikelihood
    return object
  }

  private static func json(_ holdOut: HoldOutComparison) -> [String: Any] {
    [
      "length": holdOut.length, "actual_total": holdOut.actualTotal,
      "predicted_total": holdOut.predictedTotal,
      "mae": holdOut.meanAbsoluteError, "rmse": holdOut.rootMeanSquareError,
      "by_frequency": holdOut.rows.map {
        [
          "frequency": $0.repeats, "customers": $0.customers, "actual": $0.actual, "predicted": $0.predicted,
        ] as [String: Any]
      },
    ]
  }

  private var totals: [String: Any] {
    let valuation = assessment.valuation
    var object: [String: Any] = [
      "alive": valuation.probabilityAlive.reduce(0, +),
      "expected_visits": valuation.expectedVisits.reduce(0, +),
    ]
    if let total = assessment.total {
      object["expected_visits_lower"] = total.interval.lowerBound
      object["expected_visits_upper"] = total.interval.upperBound
    }
    if valuation.expectedSpend != nil {
      let customers = 0..<valuation.count
      object["clv"] = customers.reduce(0) { $0 + valuation.value($1) }
      if valuation.residualVisits != nil {
        object["residual_value"] = customers.reduce(0) { $0 + valuation.residualValue($1) }
      }
    }
    return object
  }
}
