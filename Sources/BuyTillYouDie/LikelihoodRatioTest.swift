internal import Statistics

/// Whether a model says more than a special case of it, by twice the difference of their log-likelihoods.
///
/// The p value is that of the chi-squared distribution, which holds where the special case lies inside the model; at its
/// border (nobody leaves, everybody has the same rate) it is too large, so that the test is on the safe side.
public struct LikelihoodRatioTest: Sendable, Hashable {
  public let statistic: Double
  public let degreesOfFreedom: Int
  public let pValue: Double

  /// - Parameter restricted: log-likelihood of the special case on the same histories.
  public init(logLikelihood: Double, restricted: Double, degreesOfFreedom: Int) {
    precondition(degreesOfFreedom > 0, "models that are compared differ in a parameter")
    statistic = max(2 * (logLikelihood - restricted), 0)
    self.degreesOfFreedom = degreesOfFreedom
    pValue = ChiSquaredDistribution.pValue(statistic, degreesOfFreedom: Double(degreesOfFreedom))
  }
}
