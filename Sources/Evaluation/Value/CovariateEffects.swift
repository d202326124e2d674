public import BuyTillYouDie
internal import CustomerValue
internal import LinearAlgebra

/// What covariates say about visits and about leaving, and whether they say anything.
public struct CovariateEffects: Sendable {
  /// Which process a covariate acts on.
  public enum Process: String, Sendable {
    case visits, leaving
  }

  /// The likelihood-ratio test of one column in one process: both are fitted again without it.
  public struct Test: Sendable {
    public let process: Process
    public let term: CustomerCovariates.Term
    public let result: LikelihoodRatioTest
  }

  public let fit: RepeatCovariateFit
  /// One a column and process, visits first.
  public let tests: [Test]
  /// All covariates against none.
  public let together: LikelihoodRatioTest

  /// - Throws: `RepeatModelError` for covariates that tell nothing, and when a fit does not come to rest.
  /// - Complexity: one fit, and one for each column and process.
  init(
    _ histories: PurchaseHistories, _ covariates: CustomerCovariates, base: RepeatModelFit,
    options: RepeatFitOptions, parallel: Parallel
  ) throws(RepeatModelError) {
    fit = try RepeatCovariateFit(
      histories.visits, logIntervals: histories.logIntervals, rate: covariates.visits.covariates,
      leaving: covariates.leaving.covariates, base: base, options: options, parallel: parallel)
    var tests: [Test] = []
    for term in covariates.visits.terms {
      let result = try fit.likelihoodRatioTest(withoutRate: Array(term.places))
      tests.append(Test(process: .visits, term: term, result: result))
    }
    for term in covariates.leaving.terms {
      let result = try fit.likelihoodRatioTest(leaving: Array(term.places))
      tests.append(Test(process: .leaving, term: term, result: result))
    }
    self.tests = tests
    together = LikelihoodRatioTest(
      logLikelihood: fit.logLikelihood, restricted: base.logLikelihood,
      degreesOfFreedom: fit.rateEffects.count + fit.leavingEffects.count)
  }

  /// The coefficients of a column in its process.
  public func effects(of test: Test) -> [RepeatCovariateFit.Effect] {
    let all = test.process == .visits ? fit.rateEffects : fit.leavingEffects
    return Array(all[test.term.places])
  }
}
