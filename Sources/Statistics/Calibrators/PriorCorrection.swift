internal import Foundation

/// The correction for a sample whose share of positives is not that of the population (King and Zeng 2001, Political
/// Analysis 9).
///
/// With the population's share τ and the sample's share ȳ, either subtract ln[(1 − τ)/τ · ȳ/(1 − ȳ)] from the intercept of
/// a model that was fitted to the sample (`interceptShift`), or weight the sample's positives by τ/ȳ and its negatives by
/// (1 − τ)/(1 − ȳ) before fitting (`weight(of:)`). The first is more efficient when the model is right, the second does
/// less harm when it is not. Slopes need no correction: sampling by class changes the intercept only.
public struct PriorCorrection: Codable, Sendable, Equatable {
  /// Share of positives in the population, τ.
  public let population: Double
  /// Share of positives in the sample, ȳ.
  public let sample: Double

  /// - Parameters:
  ///   - population: between 0 and 1 exclusively.
  ///   - sample: between 0 and 1 exclusively.
  /// - Throws: `CalibrationError` for a share outside.
  public init(population: Double, sample: Double) throws(CalibrationError) {
    for (name, share) in [("population", population), ("sample", sample)] {
      guard share > 0, share < 1 else {
        throw CalibrationError(
          .invalidShare,
          "the share of positives in the \(name) is \(share); it must lie between 0 and 1, both excluded")
      }
    }
    (self.population, self.sample) = (population, sample)
  }

  private enum CodingKeys: String, CodingKey {
    case population, sample
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      population: try container.decode(Double.self, forKey: .population),
      sample: try container.decode(Double.self, forKey: .sample))
  }

  /// What is added to the margin (log-odds) of a model that was fitted to the sample.
  public var interceptShift: Double {
    log(population) - log1p(-population) - (log(sample) - log1p(-sample))
  }

  /// The weight of a row of the sample that makes the sample stand for the population; the mean over the sample is 1.
  public func weight(of label: Bool) -> Double {
    label ? population / sample : (1 - population) / (1 - sample)
  }

  /// The probability in the population for one in the sample.
  public func probability(_ probability: Double) -> Double {
    let positive = probability * weight(of: true)
    return positive / (positive + (1 - probability) * weight(of: false))
  }

  /// Corrects probabilities where they stand, without allocation.
  ///
  /// - Complexity: O(n)
  public func apply(to probabilities: UnsafeMutableBufferPointer<Double>) {
    for row in probabilities.indices { probabilities[row] = probability(probabilities[row]) }
  }
}
