import Foundation
import LinearAlgebra
import Statistics
import Testing

@testable import ChurnModel

@Suite("Intervals of probabilities")
struct ProbabilityIntervalTests {
  private static let features = ["a", "b"].map { FeatureColumn(name: $0, kind: .numeric) }

  /// Covariance of the standardised coefficients, intercept first, from the margins of the model.
  private static func information(_ design: [[Double]], _ model: LogisticModel) -> Matrix {
    let coefficients = [model.intercept] + model.columns.map(\.coefficient)
    var sums = [[Double]](repeating: Array(repeating: 0, count: 3), count: 3)
    for x in design {
      let margin = zip(x, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      let p = 1 / (1 + exp(-margin))
      for row in 0..<3 { for column in 0..<3 { sums[row][column] += p * (1 - p) * x[row] * x[column] } }
    }
    return Matrix(sums)
  }

  @Test("intervals of 95 % hold the true probability in about 95 % of samples, with a calibrator too")
  func coverage() throws {
    let calibrator = Calibrator.beta(BetaCalibrator(lowSlope: 0.8, highSlope: 1.1, intercept: 0.2))
    let place = [0.8, -0.5]
    let truth = 1 / (1 + exp(-(-0.7 + 1.2 * place[0] + 0.4 * place[1])))
    let (repeats, rows) = (300, 250)
    var (covered, coveredCalibrated) = (0, 0)
    var options = LogisticOptions()
    options.penalty = 0
    options.winsorisedShare = 0
    for seed in 0..<repeats {
      var random = RandomNumbers(seed: UInt64(seed))
      let values = (0..<rows).map { _ in [random.normal(), random.uniform() * 2 - 1] }
      let labels = values.map { random.uniform() < 1 / (1 + exp(-(-0.7 + 1.2 * $0[0] + 0.4 * $0[1]))) }
      let model = try LogisticRegression.fit(
        features: Self.features, values: Matrix(values), labels: labels, options: options
      ).model
      let design = { (value: [Double]) in
        [1.0] + model.columns.map { (value[$0.feature] - $0.mean) / $0.scale }
      }
      let factor = try Cholesky(Self.information(values.map(design), model))
      let x = design(place)
      let variance = MarginVariance.variance(of: x, information: factor, totalWeight: 1)
      let direct = x.withUnsafeBufferPointer {
        MarginVariance.variance(of: $0, covariance: factor.inverse())
      }
      #expect((variance - direct).magnitude < 1e-12)
      let margin = zip(x, [model.intercept] + model.columns.map(\.coefficient)).reduce(0) { $0 + $1.0 * $1.1 }
      let plain = ProbabilityInterval(margin: margin, standardError: variance.squareRoot())
      covered += plain.lower <= truth && truth <= plain.upper ? 1 : 0
      let mapped = ProbabilityInterval(
        margin: margin, standardError: variance.squareRoot(), calibrator: calibrator)
      coveredCalibrated +=
        mapped.lower <= calibrator.probability(truth) && calibrator.probability(truth) <= mapped.upper ? 1 : 0
    }
    // 285 expected; standard deviation 3.8.
    #expect((272...297).contains(covered))
    #expect(coveredCalibrated == covered)
  }

  @Test("ends are mapped through the logistic, the calibrator and the correction")
  func mapped() throws {
    let correction = try PriorCorrection(population: 0.05, sample: 0.5)
    let interval = ProbabilityInterval(
      margin: 0.4, standardError: 0.3, confidence: 0.9, correction: correction)
    let reach = 1.6448536269514722 * 0.3
    for (value, margin) in [
      (interval.probability, 0.4), (interval.lower, 0.4 - reach), (interval.upper, 0.4 + reach),
    ] {
      #expect((value - 1 / (1 + exp(-(margin + correction.interceptShift)))).magnitude < 1e-12)
    }
    let certain = ProbabilityInterval(margin: 40, standardError: 0)
    #expect(certain.lower == certain.probability && certain.upper == certain.probability)
  }
}
