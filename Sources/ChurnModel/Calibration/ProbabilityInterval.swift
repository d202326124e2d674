internal import Foundation
public import Statistics

/// A predicted probability with the range that the uncertainty of the coefficients leaves it.
///
/// The delta method on the margin η = x·β: its variance is xᵀVx (see `MarginVariance`), the interval η ± z·√(xᵀVx) is
/// mapped to probabilities by the logistic, the calibrator and the prior correction, one after the other. All of them
/// rise, so that the ends are mapped exactly and stay within 0 and 1. The interval is about the probability, not about the
/// outcome, and about a model that is right: what the calibrator corrects is taken as known. With a penalty it is about
/// the shrunk coefficients.
public struct ProbabilityInterval: Sendable, Equatable {
  /// The predicted probability.
  public let probability: Double
  /// Lower end.
  public let lower: Double
  /// Upper end.
  public let upper: Double

  /// - Parameters:
  ///   - margin: log-odds by the model.
  ///   - standardError: of the margin, at least 0.
  ///   - confidence: between 0 and 1.
  ///   - calibrator: fitted to probabilities of this model.
  ///   - correction: when the model was fitted to a sample whose share of positives is not the population's.
  public init(
    margin: Double, standardError: Double, confidence: Double = 0.95, calibrator: Calibrator = .identity,
    correction: PriorCorrection? = nil
  ) {
    precondition(confidence > 0 && confidence < 1, "a confidence lies between 0 and 1")
    precondition(!(standardError < 0), "a standard error is not negative")
    let reach = NormalDistribution.quantile((1 + confidence) / 2) * standardError
    let mapped = [margin, margin - reach, margin + reach].map { margin in
      let calibrated = calibrator.probability(1 / (1 + exp(-margin)))
      return correction?.probability(calibrated) ?? calibrated
    }
    (probability, lower, upper) = (mapped[0], mapped[1], mapped[2])
  }
}
