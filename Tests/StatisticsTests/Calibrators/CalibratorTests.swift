import Foundation
import Testing

@testable import Statistics

@Suite("Isotonic and beta calibration")
struct CalibratorTests {
  private static let scores = ReferenceScores.probabilities
  private static let labels = ReferenceScores.labels
  private static let weights = ReferenceScores.weights

  @Test(
    "isotonic and beta calibration and Cox's line agree with scikit-learn, SciPy and NumPy (reference.py)")
  func reference() throws {
    let isotonic = try #require(
      IsotonicCalibrator(scores: Self.scores, labels: Self.labels, weights: Self.weights))
    let expected = [
      (0.01, 0.15789473684210525), (0.2, 0.3684210526315789), (0.45, 0.6714947089947092),
      (0.7, 0.7894736842105263), (0.93, 0.9846153846153847),
    ]
    for (score, probability) in expected {
      #expect((isotonic.probability(score) - probability).magnitude < 1e-12)
    }
    let free = try #require(
      BetaCalibrator(
        probabilities: Self.scores, labels: ReferenceScores.steepLabels, weights: Self.weights))
    #expect((free.intercept + 1.0062288507873456).magnitude < 1e-9)
    #expect((free.lowSlope - 0.4888789468801661).magnitude < 1e-9)
    #expect((free.highSlope - 2.547630946772686).magnitude < 1e-9)
    let bounded = try #require(
      BetaCalibrator(probabilities: Self.scores, labels: Self.labels, weights: Self.weights))
    #expect((bounded.intercept + 1.1212089029923253).magnitude < 1e-9)
    #expect(bounded.lowSlope == 0)
    #expect((bounded.highSlope - 2.41087896312488).magnitude < 1e-9)
    let cox = Calibration(probabilities: Self.scores, labels: Self.labels)
    #expect((cox.intercept - 0.71566470922498).magnitude < 1e-9)
    #expect((cox.slope - 0.6480754238073306).magnitude < 1e-9)
    #expect((cox.interceptError - 0.30993640475712814).magnitude < 1e-9)
    #expect((cox.slopeError - 0.21545874534319828).magnitude < 1e-9)
  }

  @Test("pools are the least of the greatest means, whatever the ties", arguments: 0..<40)
  func minimaxFormula(seed: Int) throws {
    var random = RandomNumbers(seed: UInt64(seed))
    let count = 1 + Int(random.uniform() * 12)
    let scores = (0..<count).map { _ in (random.uniform() * 9).rounded() }
    let labels = scores.map { random.uniform() < 0.2 + $0 / 15 }
    let weights = scores.map { _ in (random.uniform() * 3).rounded() }
    guard weights.contains(where: { $0 > 0 }) else {
      #expect(IsotonicCalibrator(scores: scores, labels: labels, weights: weights) == nil)
      return
    }
    // Mean of the rows with scores in a range and of the half rows that stand at its ends.
    func mean(_ lower: Double, _ upper: Double) -> Double {
      var (positives, total) = (0.0, 0.0)
      for row in scores.indices where scores[row] >= lower && scores[row] <= upper {
        positives += labels[row] ? weights[row] : 0
        total += weights[row]
      }
      if lower == -.infinity { (positives, total) = (positives + 0.5, total + 0.5) }
      if upper == .infinity { total += 0.5 }
      return positives / total
    }
    let curve = try #require(IsotonicCalibrator(scores: scores, labels: labels, weights: weights))
    let levels = Set(zip(scores, weights).filter { $1 > 0 }.map(\.0)).sorted()
    for score in levels {
      let lowers = [-.infinity] + levels.filter { $0 <= score }
      let uppers = levels.filter { $0 >= score } + [.infinity]
      let expected = lowers.map { lower in uppers.map { mean(lower, $0) }.min()! }.max()!
      #expect((curve.probability(score) - expected).magnitude < 1e-12)
    }
  }

  @Test("a fitted isotonic calibrator keeps every rank and is within a thousandth of the curve of pools")
  func strictOrder() throws {
    let pools = try #require(IsotonicCalibrator(scores: Self.scores, labels: Self.labels))
    let calibrator = try #require(
      Calibrator(.isotonic, probabilities: Self.scores, labels: Self.labels))
    let grid = (0...2000).map { Double($0) / 2000 }
    let curve = grid.map(calibrator.probability)
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 < $1 })
    #expect(zip(grid, curve).allSatisfy { ($1 - pools.probability($0)).magnitude <= 1e-3 })
    let plain = grid.map(pools.probability)
    #expect(zip(plain, plain.dropFirst()).contains { $0 == $1 }, "pools have ties")
  }

  @Test("isotonic probabilities rise, are never 0 or 1, and stay at the ends beyond the scores")
  func isotonicShape() throws {
    let separated = try #require(
      IsotonicCalibrator(scores: [0.1, 0.2, 0.3, 0.8, 0.9], labels: [false, false, false, true, true]))
    // Half a positive row among three negatives, half a negative one among two positives.
    #expect((separated.probability(0.1) - 0.5 / 3.5).magnitude < 1e-15)
    #expect((separated.probability(0.9) - 2 / 2.5).magnitude < 1e-15)
    #expect(separated.probability(-5) == separated.probability(0.1))
    #expect(separated.probability(7) == separated.probability(0.9))
    #expect(separated.probability(.nan).isNaN)
    let curve = (0...100).map { separated.probability(Double($0) / 100) }
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 <= $1 })
    let oneClass = try #require(IsotonicCalibrator(scores: [0.3, 0.6], labels: [true, true]))
    #expect(oneClass.probability(0.3) < 1)
    #expect(IsotonicCalibrator(scores: [], labels: []) == nil)
  }

  @Test("scores turned round give no falling curve but one probability")
  func turnedRound() throws {
    let scores = (1...40).map { Double($0) / 41 }
    let labels = (1...40).map { $0 * 7 % 40 > $0 }
    let beta = try #require(BetaCalibrator(probabilities: scores, labels: labels))
    #expect(beta.lowSlope == 0 && beta.highSlope == 0)
    let share = Double(labels.filter { $0 }.count) / 40
    #expect((beta.probability(0.1) - share).magnitude < 1e-9)
    #expect(beta.probability(0.1) == beta.probability(0.9))
  }

  @Test("beta calibration recovers the curve that made the labels")
  func recovers() throws {
    var random = RandomNumbers(seed: 11)
    let scores = (0..<20_000).map { _ in random.uniform() }
    let truth = BetaCalibrator(lowSlope: 0.5, highSlope: 1.6, intercept: -0.4)
    let labels = scores.map { random.uniform() < truth.probability($0) }
    let found = try #require(BetaCalibrator(probabilities: scores, labels: labels))
    // Standard errors are about .03.
    #expect((found.lowSlope - 0.5).magnitude < 0.1)
    #expect((found.highSlope - 1.6).magnitude < 0.1)
    #expect((found.intercept + 0.4).magnitude < 0.1)
  }

  @Test("a weight of 2 is the row twice, a weight of 0 no row, and the order has no say")
  func weights() throws {
    let rows = Self.scores.indices
    let weights = rows.map { Double($0 % 3) }
    let repeated = Array(rows.flatMap { Array(repeating: $0, count: $0 % 3) }.reversed())
    for kind in [Calibrator.Kind.beta, .isotonic] {
      let weighted = try #require(
        Calibrator(kind, probabilities: Self.scores, labels: Self.labels, weights: weights))
      let plain = try #require(
        Calibrator(
          kind, probabilities: repeated.map { Self.scores[$0] }, labels: repeated.map { Self.labels[$0] }))
      for score in Self.scores {
        #expect((weighted.probability(score) - plain.probability(score)).magnitude < 1e-9)
      }
    }
  }

  @Test("what rows do not determine is not fitted")
  func undetermined() throws {
    #expect(BetaCalibrator(probabilities: [0.2, 0.4], labels: [true, true]) == nil)
    #expect(BetaCalibrator(probabilities: [0.3, 0.3], labels: [true, false]) == nil)
    #expect(BetaCalibrator(probabilities: [0.1, 0.2, 0.8, 0.9], labels: [false, false, true, true]) == nil)
    // Two probabilities determine one slope.
    let two = try #require(
      BetaCalibrator(
        probabilities: [0.2, 0.2, 0.2, 0.6, 0.6, 0.6], labels: [false, false, true, false, true, true]))
    #expect((two.probability(0.2) - 1.0 / 3).magnitude < 1e-9)
    #expect((two.probability(0.6) - 2.0 / 3).magnitude < 1e-9)
    // Scores of 0 and 1 are allowed.
    let ends = try #require(
      BetaCalibrator(probabilities: [0, 0, 0.4, 0.6, 1, 1], labels: [false, true, true, false, true, false]))
    #expect(ends.probability(0).isFinite && ends.probability(1).isFinite)
  }

  @Test(
    "whatever was learned from, no score is so sure that one label makes the log loss infinite, and the order stays",
    arguments: 0..<60)
  func boundedLoss(seed: Int) throws {
    var random = RandomNumbers(seed: UInt64(seed))
    let count = 20 + Int(random.uniform() * 2_000)
    // Labels that scores nearly, and sometimes hardly, tell apart: the former make slopes steep.
    let (steepness, scale) = (exp(6 * random.uniform() - 1), pow(10, 4 * random.uniform() - 2))
    let scores = (0..<count).map { _ in 1 / (1 + exp(20 * random.uniform() - 10)) }
    let labels = scores.map { random.uniform() < 1 / (1 + exp(-steepness * log($0 / (1 - $0)))) }
    let weights = scores.map { _ in scale * random.uniform() }
    let asked = [0, .leastNonzeroMagnitude, 1e-300, 1e-17] + scores.sorted() + [1 - 0x1p-53, 1]
    for kind in [Calibrator.Kind.beta, .isotonic] {
      guard let calibrator = Calibrator(kind, probabilities: scores, labels: labels, weights: weights) else {
        continue
      }
      let found = asked.map(calibrator.probability)
      for probability in found {
        #expect((-log(probability)).isFinite && (-log1p(-probability)).isFinite)
      }
      #expect(zip(found, found.dropFirst()).allSatisfy { $0 <= $1 })
      let total = weights.reduce(0, +)
      if kind == .beta, total > 1 {
        let least = 0.5 / (total + 1)
        #expect(found[0] >= least * (1 - 1e-9) && found[found.count - 1] <= 1 - least * (1 - 1e-9))
      }
    }
  }

  @Test("beta calibration is what it was but for the share of one row at either end")
  func ends() {
    let free = BetaCalibrator(lowSlope: 3, highSlope: 3, intercept: 0)
    let held = BetaCalibrator(lowSlope: 3, highSlope: 3, intercept: 0, rowShare: 0.01)
    for score in [0.25, 0.5, 0.8] { #expect(held.probability(score) == free.probability(score)) }
    #expect((held.probability(0.01) - (free.probability(0.01) + 0.01) / 2).magnitude < 1e-15)
    #expect((held.probability(1) - 0.995).magnitude < 1e-12)
    #expect(held.probability(0.999) < held.probability(0.9999))
  }

  @Test("a curve from a file that lacks the share of a row is held back where doubles end")
  func oldFile() throws {
    let text = #"{"kind":"beta","beta":{"low_slope":5,"high_slope":5,"intercept":0}}"#
    let old = try JSONDecoder().decode(Calibrator.self, from: Data(text.utf8))
    #expect(old == .beta(BetaCalibrator(lowSlope: 5, highSlope: 5, intercept: 0)))
    #expect(old.probability(0) > 0 && old.probability(1) < 1)
  }

  @Test("calibrating in place gives the single probabilities, and calibrators survive coding")
  func coding() throws {
    let calibrators = [
      Calibrator.identity,
      .beta(BetaCalibrator(lowSlope: 0.7, highSlope: 1.2, intercept: 0.1, rowShare: 0.002)),
      .isotonic(try #require(IsotonicCalibrator(scores: Self.scores, labels: Self.labels))),
    ]
    for calibrator in calibrators {
      var probabilities = Self.scores + [.nan]
      probabilities.withUnsafeMutableBufferPointer { calibrator.apply(to: $0) }
      #expect(probabilities.dropLast() == Self.scores.map(calibrator.probability)[...])
      #expect(probabilities.last!.isNaN)
      let data = try JSONEncoder().encode(calibrator)
      #expect(try JSONDecoder().decode(Calibrator.self, from: data) == calibrator)
    }
    for damaged in [
      #"{"kind":"isotonic","isotonic":{"scores":[0.1,0.2],"probabilities":[0.5,0.4]}}"#,
      #"{"kind":"isotonic","isotonic":{"scores":[],"probabilities":[]}}"#,
      #"{"kind":"beta","beta":{"low_slope":-1,"high_slope":1,"intercept":0}}"#, #"{"kind":"spline"}"#,
      #"{"kind":"beta","beta":{"low_slope":1,"high_slope":1,"intercept":0,"row_share":0}}"#,
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Calibrator.self, from: Data(damaged.utf8))
      }
    }
  }
}
