import Foundation
import Testing

@testable import Statistics

@Suite("Choice of a calibrator")
struct CalibrationChoiceTests {
  /// Scores with labels drawn from `truth` of the score.
  private struct Sample {
    var probabilities: [Double] = []
    var labels: [Bool] = []
    var folds: [Int] = []

    init(count: Int, seed: UInt64, truth: (Double) -> Double) {
      var random = RandomNumbers(seed: seed)
      for row in 0..<count {
        let score = random.uniform()
        probabilities.append(score)
        labels.append(random.uniform() < truth(score))
        folds.append(row % 5)
      }
    }

    func choice() throws -> CalibrationChoice {
      try CalibrationChoice(probabilities: probabilities, labels: labels, folds: folds)
    }
  }

  @Test("calibrated scores stay as they are in most samples")
  func identity() throws {
    let kinds = try (0..<20).map { seed in
      try Sample(count: 600, seed: UInt64(seed)) { $0 }.choice().calibrator.kind
    }
    #expect(kinds.filter { $0 == .identity }.count >= 17)
  }

  @Test("scores that are too extreme get beta calibration")
  func beta() throws {
    let choice = try Sample(count: 3_000, seed: 3) { 1 / (1 + exp(-0.4 * log($0 / (1 - $0)) - 0.5)) }.choice()
    #expect(choice.calibrator.kind == .beta)
    #expect(choice.candidates.map(\.kind) == [.identity, .beta, .isotonic])
    let losses = choice.candidates.compactMap(\.logLoss)
    #expect(losses[1] < losses[0])
    #expect(abs(choice.candidates[1].gain! - (losses[0] - losses[1])) < 1e-12)
  }

  @Test(
    "the kind that is asked for is taken whatever it gains, and says so; what is not determined is an error")
  func wanted() throws {
    let sample = Sample(count: 300, seed: 9) { $0 }
    let free = try sample.choice()
    #expect(free.wanted == nil && free.calibrator.kind == .identity)
    for kind in Calibrator.Kind.allCases {
      let choice = try CalibrationChoice(
        probabilities: sample.probabilities, labels: sample.labels, folds: sample.folds, wanted: kind)
      #expect(choice.wanted == kind && choice.calibrator.kind == kind)
      #expect(choice.candidates == free.candidates)
      let back = try JSONDecoder().decode(CalibrationChoice.self, from: JSONEncoder().encode(choice))
      #expect(back == choice)
    }
    let error = #expect(throws: CalibrationError.self) {
      try CalibrationChoice(
        probabilities: [0.1, 0.2, 0.8, 0.9], labels: [false, false, true, true], folds: [0, 1, 0, 1],
        wanted: .beta)
    }
    #expect(error?.code == .notDetermined)
  }

  @Test("scores whose truth has steps get isotonic calibration")
  func isotonic() throws {
    let choice = try Sample(count: 6_000, seed: 4) { $0 < 0.3 ? 0.02 : $0 < 0.7 ? 0.5 : 0.55 }.choice()
    #expect(choice.calibrator.kind == .isotonic)
  }

  @Test("scores that separate the classes, of all folds or of all but one, get no calibrator by themselves")
  func separated() throws {
    // Cautious scores, far from 0 and 1: a step between the classes looks much better.
    var sample = Sample(count: 140, seed: 8) { $0 }
    sample.probabilities = sample.labels.map { $0 ? 0.8 : 0.2 }
    for row in sample.labels.indices { sample.probabilities[row] += 0.1 * sin(Double(row)) }
    #expect(try sample.choice().calibrator == .identity)
    #expect(try sample.choice().candidates[2].logLoss == nil)
    // One row on the wrong side, which one fold alone has.
    let row = try #require(sample.labels.firstIndex(of: false))
    sample.probabilities[row] = 0.95
    #expect(try sample.choice().calibrator == .identity)
    #expect(try sample.choice().candidates[2].logLoss == nil)
    // What is asked for is taken nevertheless.
    let asked = try CalibrationChoice(
      probabilities: sample.probabilities, labels: sample.labels, folds: sample.folds, wanted: .isotonic)
    #expect(asked.calibrator.kind == .isotonic)
  }

  @Test("the loss of each row is by a calibrator that has not seen its fold")
  func honest() throws {
    let sample = Sample(count: 90, seed: 5) { $0 * $0 }
    let choice = try sample.choice()
    for (candidate, kind) in zip(choice.candidates, Calibrator.Kind.allCases) {
      var sum = 0.0
      for fold in 0..<5 {
        let others = sample.folds.indices.filter { sample.folds[$0] != fold }
        let calibrator = Calibrator(
          kind, probabilities: others.map { sample.probabilities[$0] },
          labels: others.map { sample.labels[$0] })!
        for row in sample.folds.indices where sample.folds[row] == fold {
          let p = calibrator.probability(sample.probabilities[row])
          sum += sample.labels[row] ? -log(p) : -log(1 - p)
        }
      }
      #expect(abs(candidate.logLoss! - sum / 90) < 1e-10)
    }
  }

  @Test("a weight of 2 is the row twice, a weight of 0 no row")
  func weights() throws {
    let sample = Sample(count: 400, seed: 6) { 0.2 + 0.5 * $0 }
    let rows = sample.folds.indices.flatMap { Array(repeating: $0, count: $0 % 3) }
    let weighted = try CalibrationChoice(
      probabilities: sample.probabilities, labels: sample.labels,
      weights: sample.folds.indices.map { Double($0 % 3) }, folds: sample.folds)
    let repeated = try CalibrationChoice(
      probabilities: rows.map { sample.probabilities[$0] }, labels: rows.map { sample.labels[$0] },
      folds: rows.map { sample.folds[$0] })
    #expect(weighted.calibrator.kind == repeated.calibrator.kind)
    for (left, right) in zip(weighted.candidates, repeated.candidates) {
      #expect(abs(left.logLoss! - right.logLoss!) < 1e-9)
      #expect(abs((left.gainError ?? 0) - (right.gainError ?? 0)) < 1e-9)
    }
  }

  @Test("one class leaves scores as they are; scores, weights and folds that are none are named")
  func badInput() throws {
    let oneClass = try CalibrationChoice(
      probabilities: [0.9, 0.8, 0.7, 0.95], labels: [false, false, false, false], folds: [0, 0, 1, 1])
    #expect(oneClass.candidates[1].logLoss == nil)
    #expect(oneClass.calibrator.kind != .beta)
    func code(_ probabilities: [Double], _ weights: [Double]?, _ folds: [Int]) -> CalibrationError.Code? {
      do throws(CalibrationError) {
        _ = try CalibrationChoice(
          probabilities: probabilities, labels: [true, false], weights: weights, folds: folds)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code([0.2, .nan], nil, [0, 1]) == .invalidProbability)
    #expect(code([0.2, 1.2], nil, [0, 1]) == .invalidProbability)
    #expect(code([0.2, 0.5], [1, -1], [0, 1]) == .invalidWeight)
    #expect(code([0.2, 0.5], [0, 0], [0, 1]) == .invalidWeight)
    #expect(code([0.2, 0.5], nil, [3, 3]) == .oneFold)
    #expect(code([0.2, 0.5], [1, 0], [0, 1]) == .oneFold)
  }
}

@Suite("Correction for sampled classes")
struct PriorCorrectionTests {
  @Test("the intercept's shift and the probability's correction are the same, and King and Zeng's formula")
  func shift() throws {
    let correction = try PriorCorrection(population: 0.02, sample: 0.5)
    #expect(abs(correction.interceptShift + log((1 - 0.02) / 0.02 * 0.5 / 0.5)) < 1e-12)
    for margin in [-8.0, -1, 0, 2, 9] {
      let shifted = 1 / (1 + exp(-(margin + correction.interceptShift)))
      #expect(abs(correction.probability(1 / (1 + exp(-margin))) - shifted) < 1e-12)
    }
    var probabilities = [0, 0.5, 1]
    probabilities.withUnsafeMutableBufferPointer { correction.apply(to: $0) }
    #expect(probabilities[0] == 0 && abs(probabilities[1] - 0.02) < 1e-15 && probabilities[2] == 1)
  }

  @Test("weights turn the sample's shares into the population's, with a mean of 1")
  func weighting() throws {
    let correction = try PriorCorrection(population: 0.1, sample: 0.4)
    let (positive, negative) = (0.4 * correction.weight(of: true), 0.6 * correction.weight(of: false))
    #expect(abs(positive - 0.1) < 1e-15 && abs(positive + negative - 1) < 1e-15)
  }

  @Test(
    "a calibrator fitted to a sample of all positives and few negatives, corrected, is right for the population"
  )
  func sampled() throws {
    var random = RandomNumbers(seed: 8)
    let truth = { (score: Double) in 1 / (1 + exp(4 - 3 * score)) }
    var (scores, labels) = ([Double](), [Bool]())
    var (drawn, positives) = (0.0, 0.0)
    while labels.count < 8_000 {
      let score = random.uniform()
      let label = random.uniform() < truth(score)
      drawn += 1
      positives += label ? 1 : 0
      if label || random.uniform() < 0.1 {
        scores.append(truth(score))
        labels.append(label)
      }
    }
    let share = Double(labels.filter { $0 }.count) / Double(labels.count)
    let correction = try PriorCorrection(population: positives / drawn, sample: share)
    let sampled = try #require(BetaCalibrator(probabilities: scores, labels: labels))
    let weighted = try #require(
      BetaCalibrator(
        probabilities: scores, labels: labels, weights: labels.map(correction.weight(of:))))
    for score in [0.2, 0.5, 0.8].map(truth) {
      #expect(abs(correction.probability(sampled.probability(score)) - score) < 0.12 * score)
      #expect(abs(weighted.probability(score) - score) < 0.12 * score)
    }
  }

  @Test("shares of 0, 1 and beyond are refused")
  func badShares() {
    for share in [0, 1, -0.1, .nan] {
      #expect(throws: CalibrationError.self) { try PriorCorrection(population: share, sample: 0.5) }
      #expect(throws: CalibrationError.self) { try PriorCorrection(population: 0.5, sample: share) }
    }
  }
}
