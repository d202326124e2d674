import Statistics
import Testing

@Suite("Weighted rows")
struct WeightedTests {
  private let scores = [0.1, 0.4, 0.4, 0.35, 0.8, 0.7, 0.4, 0.9, 0.2, 0.6]
  private let labels = [false, true, false, false, true, true, false, true, true, false]
  private let weights = [2, 1, 3, 1, 2, 1, 0, 1, 1, 2]

  private func repeated<Value>(_ values: [Value]) -> [Value] {
    zip(values, weights).flatMap { Array(repeating: $0, count: $1) }
  }

  @Test("the area counts a row of weight 2 like the row twice, and one of weight 0 not at all")
  func area() {
    let weighted = ROC.area(scores: scores, labels: labels, weights: weights.map(Double.init))
    #expect(abs(weighted - ROC.area(scores: repeated(scores), labels: repeated(labels))) < 1e-15)
    let plain = ROC.area(scores: scores, labels: labels, weights: Array(repeating: 3, count: 10))
    #expect(abs(plain - ROC.area(scores: scores, labels: labels)) < 1e-15)
    #expect(ROC.area(scores: [0.1, 0.2], labels: [true, false], weights: [1, 0]).isNaN)
  }

  @Test("calibration counts a row of weight 2 like the row twice")
  func calibration() {
    let weighted = Calibration(
      probabilities: scores, labels: labels, weights: weights.map(Double.init), bins: 4)
    let twice = Calibration(probabilities: repeated(scores), labels: repeated(labels), bins: 4)
    #expect(abs(weighted.slope - twice.slope) < 1e-10)
    #expect(abs(weighted.intercept - twice.intercept) < 1e-10)
    #expect(abs(weighted.expectedError - twice.expectedError) < 1e-12)
    #expect(weighted.bins.count == twice.bins.count)
    for (left, right) in zip(weighted.bins, twice.bins) {
      #expect(abs(left.meanPredicted - right.meanPredicted) < 1e-15)
      #expect(abs(left.observed - right.observed) < 1e-15)
      #expect(left.weight == Double(right.count))
    }
  }
}
