internal import BuyTillYouDie
internal import Evaluation
internal import Histories

extension ValueDocument {
  /// One coefficient, or the test of a column or of all.
  struct CovariateRow {
    let process: String
    let name: String
    let estimate: String
    let error: String
    /// With the degrees of freedom.
    let statistic: String
    let pValue: String
  }

  /// The coefficients of each column below its test, and the test of all together; none without covariates.
  func covariateRows(_ language: Language) -> [CovariateRow] {
    guard let covariates = assessment.models.covariates else { return [] }
    let columns = covariates.tests.flatMap { test -> [CovariateRow] in
      let process = ValueWords.process(test.process)[language]
      let effects = covariates.effects(of: test)
      guard let reference = test.term.reference else {
        return effects.map { row($0, process, $0.name, test.result) }
      }
      let title = ValueWords.reference(test.term.column, reference, language)
      return [row(nil, process, title, test.result)] + effects.map { row($0, process, "  " + $0.name, nil) }
    }
    return columns + [row(nil, "", ValueWords.allCovariates[language], covariates.together)]
  }

  private func row(
    _ effect: RepeatCovariateFit.Effect?, _ process: String, _ name: String, _ test: LikelihoodRatioTest?
  ) -> CovariateRow {
    CovariateRow(
      process: process, name: name, estimate: effect.map { ValueWords.figure($0.coefficient) } ?? "",
      error: effect.map { ValueWords.figure($0.standardError) } ?? "",
      statistic: test.map { "\(NumberText.decimals($0.statistic, 2)) (\($0.degreesOfFreedom))" } ?? "",
      pValue: (test?.pValue ?? effect?.pValue).map(NumberText.pValue) ?? "")
  }
}
