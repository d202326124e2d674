import Foundation
import Testing

@testable import Statistics

@Suite("Distributions and quantiles")
struct DistributionTests {
  @Test("quantiles interpolate between order statistics as R's type 7 does")
  func quantiles() {
    // R 4: quantile(c(7, 1, 4, 10), c(0, .1, .5, .9, 1))
    let values = [7.0, 1, 4, 10]
    let expected = [(0.0, 1.0), (0.1, 1.9), (0.5, 5.5), (0.9, 9.1), (1, 10)]
    for (probability, quantile) in expected {
      #expect((Quantiles.quantile(values, at: probability) - quantile).magnitude < 1e-14)
    }
    #expect(Quantiles.median([]).isNaN)
  }

  @Test("the normal quantile inverts the cumulative distribution in the middle and far out")
  func normal() {
    // Abramowitz and Stegun, table 26.1 and 26.5.
    #expect((NormalDistribution.quantile(0.975) - 1.959963984540054).magnitude < 1e-15 * 4)
    #expect((NormalDistribution.cumulative(1) - 0.841344746068543).magnitude < 1e-15)
    for probability in [1e-300, 1e-20, 1e-5, 0.02, 0.3, 0.5, 0.8] {
      let back = NormalDistribution.cumulative(NormalDistribution.quantile(probability))
      #expect((back / probability - 1).magnitude < 1e-12)
    }
    #expect(NormalDistribution.quantile(0) == -.infinity)
  }

  @Test("chi-squared p values agree with their closed forms")
  func chiSquared() {
    for x in [0.01, 0.5, 3.84, 20, 200] {
      let two = ChiSquaredDistribution.pValue(x, degreesOfFreedom: 2)
      #expect((two / exp(-x / 2) - 1).magnitude < 1e-12)
      let four = ChiSquaredDistribution.pValue(x, degreesOfFreedom: 4)
      #expect((four / (exp(-x / 2) * (1 + x / 2)) - 1).magnitude < 1e-12)
      let one = ChiSquaredDistribution.pValue(x, degreesOfFreedom: 1)
      #expect((one / NormalDistribution.twoSidedPValue(x.squareRoot()) - 1).magnitude < 1e-11)
    }
    #expect(ChiSquaredDistribution.pValue(0, degreesOfFreedom: 3) == 1)
  }
}

@Suite("Scores of predictions")
struct PredictionScoreTests {
  @Test("log loss and Brier score equal their definitions, a weight of 2 counts a row twice")
  func scores() {
    let probabilities = [0.9, 0.2, 0.6]
    let labels = [true, false, false]
    let expected = -(log(0.9) + log(0.8) + log(0.4)) / 3
    #expect(
      (ProbabilityScores.logLoss(probabilities: probabilities, labels: labels) - expected).magnitude < 1e-15)
    let brier = ProbabilityScores.brier(probabilities: probabilities, labels: labels)
    #expect((brier - (0.01 + 0.04 + 0.36) / 3).magnitude < 1e-15)
    let weighted = ProbabilityScores.logLoss(
      probabilities: probabilities, labels: labels, weights: [2, 1, 0])
    let repeated = ProbabilityScores.logLoss(probabilities: [0.9, 0.9, 0.2], labels: [true, true, false])
    #expect((weighted - repeated).magnitude < 1e-15)
  }

  @Test("lift counts equal scores at the border by expectation, whatever the order of the rows")
  func lift() {
    let scores = [0.9, 0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.1]
    let labels = [true, true, false, false, true, false, false, false, true, false]
    let top = Lift.top(share: 0.3, scores: scores, labels: labels)
    // The first, and two of four equal rows of which two are positive.
    #expect(top.rows == 3 && top.positives == 2)
    #expect((top.lift - (2.0 / 3) / 0.4).magnitude < 1e-15)
    #expect(top.recall == 0.5)
    #expect(Lift.top(share: 0.3, scores: scores.reversed(), labels: labels.reversed()) == top)
  }

  @Test("probabilities that are right on average have slope 1, intercept 0 and no error")
  func calibrated() {
    var probabilities: [Double] = []
    var labels: [Bool] = []
    for tenth in 1...9 {
      for row in 0..<10 {
        probabilities.append(Double(tenth) / 10)
        labels.append(row < tenth)
      }
    }
    let calibration = Calibration(probabilities: probabilities, labels: labels)
    #expect((calibration.slope - 1).magnitude < 1e-9)
    #expect(calibration.intercept.magnitude < 1e-9)
    #expect(calibration.expectedError < 1e-12)
    #expect(calibration.bins.reduce(0) { $0 + $1.count } == 90)
    #expect(calibration.bins.reduce(0) { $0 + $1.positives } == 45)
  }

  @Test("doubled log-odds have half the slope, and shifted ones their shift as intercept")
  func miscalibrated() {
    var (probabilities, labels) = ([Double](), [Bool]())
    for tenth in 1...9 {
      let odds = Double(tenth) / Double(10 - tenth)
      for row in 0..<10 {
        probabilities.append(odds * odds * M_E / (1 + odds * odds * M_E))
        labels.append(row < tenth)
      }
    }
    // log-odds given = 1 + 2·true, so true = −0.5 + 0.5·given.
    let calibration = Calibration(probabilities: probabilities, labels: labels)
    #expect((calibration.slope - 0.5).magnitude < 1e-9)
    #expect((calibration.intercept + 0.5).magnitude < 1e-9)
    #expect(calibration.expectedError > 0.05)
  }

  @Test("a calibration slope that cannot be estimated is not a number")
  func undefinedSlope() {
    #expect(Calibration(probabilities: [0.2, 0.7], labels: [true, true]).slope.isNaN)
    #expect(Calibration(probabilities: [0.5, 0.5], labels: [true, false]).slope.isNaN)
    #expect(
      Calibration(probabilities: [0.2, 0.3, 0.7, 0.8], labels: [false, false, true, true]).slope.isNaN)
  }
}
