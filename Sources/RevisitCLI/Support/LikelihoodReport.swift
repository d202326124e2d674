import ChurnModel
import Foundation

/// How likely a fit makes the labels, and what its columns add to that, in one line and in JSON.
struct LikelihoodReport {
  let fit: LogisticFit

  /// Deviances, `aic`, `whole_model`, and `features`: null unless every feature was tested.
  var json: [String: Any] {
    [
      "deviance": fit.deviance, "null_deviance": fit.nullDeviance, "log_likelihood": -fit.deviance / 2,
      "aic": fit.akaikeCriterion, "whole_model": isTested ? Self.json(fit.wholeModelTest) : NSNull(),
      "features": fit.featureTests.isEmpty ? NSNull() : fit.featureTests.map(Self.json) as Any,
    ]
  }

  private static func json(_ test: LikelihoodRatioTest) -> [String: Any] {
    [
      "terms": test.terms, "statistic": test.statistic, "degrees_of_freedom": test.degreesOfFreedom,
      "p_value": test.pValue, "penalised": test.isPenalised,
    ]
  }

  /// Not where the same labels chose the columns.
  private var isTested: Bool { fit.coefficients.areTested }

  private static let digits = 3

  func line(_ chinese: Bool) -> String {
    func shown(_ value: Double) -> String { Shown.number(value, Self.digits) }
    let (deviance, null, akaike) = (shown(fit.deviance), shown(fit.nullDeviance), shown(fit.akaikeCriterion))
    let deviances =
      chinese
      ? "偏差 \(deviance)（零模型 \(null)），AIC \(akaike)" : "Deviance \(deviance) (null \(null)), AIC \(akaike)"
    guard isTested else { return deviances }
    let test = fit.wholeModelTest
    let figures = "χ² \(shown(test.statistic))"
    let p = test.pValue < 1e-4 ? "p <0.0001" : "p \(Shown.number(test.pValue, 4))"
    return chinese
      ? "\(deviances)；整体似然比检验 \(figures)，自由度 \(test.degreesOfFreedom)，\(p)\(isConservative ? "（偏保守）" : "")"
      : "\(deviances); all columns together: \(figures), df \(test.degreesOfFreedom), \(p)\(isConservative ? " (conservative)" : "")"
  }

  /// Whether the χ² distribution is only an approximation on the safe side, see `LogisticFit.wholeModelTest`.
  private var isConservative: Bool {
    fit.wholeModelTest.isPenalised || fit.coefficients.method != .likelihood
  }
}
