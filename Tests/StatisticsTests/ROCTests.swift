import Testing

@testable import Statistics

@Suite("Area under the curve")
struct ROCTests {
  @Test(
    "pROC's areas, DeLong interval and paired test on its aSAH data are reproduced",
    .enabled(if: SharedReference.isThere))
  func pROC() throws {
    // R package pROC 1.18, data aSAH: auc(), ci.auc(), roc.test(method = "delong", paired = TRUE).
    let rows = try SharedReference.rows("auc_asah.csv")
    let labels = rows.map { $0[1] == "Poor" }
    let s100b = try rows.map { try #require(Double($0[5])) }
    let ndka = try rows.map { try #require(Double($0[6])) }
    #expect((ROC.area(scores: s100b, labels: labels) - 0.73136856368563685).magnitude < 1e-15)
    #expect((ROC.area(scores: ndka, labels: labels) - 0.61195799457994582).magnitude < 1e-15)
    let interval = ROC.estimate(scores: ndka, labels: labels).interval()
    #expect((interval.lowerBound - 0.501244999271703).magnitude < 1e-14)
    #expect((interval.upperBound - 0.722670989888189).magnitude < 1e-14)
    let comparison = ROC.compare(ndka, s100b, labels: labels)
    #expect((comparison.z - -1.39077002573558).magnitude < 1e-13)
    #expect((comparison.pValue - 0.164295175).magnitude < 5e-10)
  }

  @Test("the area is the share of ordered pairs, ties counting one half")
  func pairs() {
    let scores = (0..<60).map { Double(($0 * 37) % 11) }
    let labels = (0..<60).map { ($0 * 7) % 5 < 2 }
    var (sum, pairs) = (0.0, 0.0)
    for positive in 0..<60 where labels[positive] {
      for negative in 0..<60 where !labels[negative] {
        pairs += 1
        sum += scores[positive] > scores[negative] ? 1 : scores[positive] == scores[negative] ? 0.5 : 0
      }
    }
    #expect((ROC.area(scores: scores, labels: labels) - sum / pairs).magnitude < 1e-15)
    #expect(ROC.area(scores: scores, labels: Array(repeating: true, count: 60)).isNaN)
  }

  @Test("a score compared with itself does not differ")
  func same() {
    let scores = (0..<40).map { Double($0 % 7) }
    let comparison = ROC.compare(scores, scores, labels: (0..<40).map { $0 % 3 == 0 })
    #expect(comparison.z == 0 && comparison.pValue == 1)
  }
}
