import Foundation
import Testing

@testable import CustomerValue

@Suite("RFM")
struct RFMTests {
  private static let five = ScoreCounts(5)

  private static func scheme(_ values: [Double], _ rule: BinningRule) -> RFMScheme {
    RFMScheme(
      fitting: values, frequency: values, monetary: values, binning: RFMBinning(rule), counts: five)
  }

  @Test(
    "the published table of the R package rfm is reproduced",
    .enabled(if: PublishedOrders.isPresent, "needs ../shared/reference/rfm/orders.csv"))
  func reproducesThePublishedTable() throws {
    let orders = try PublishedOrders.byCustomer()
    #expect(orders.frequency.count == 995)
    let scheme = RFMScheme(
      fitting: orders.recencyDays, frequency: orders.frequency, monetary: orders.monetary)
    let places = scheme.scores(
      recency: orders.recencyDays, frequency: orders.frequency, monetary: orders.monetary
    ).segments(.ten)
    var found: [String: [Double]] = [:]
    for (index, place) in places.enumerated() {
      let row = [1, orders.frequency[index], orders.monetary[index]]
      let name = SegmentRules.ten.segments[Int(place)].name
      found[name] = zip(found[name] ?? [0, 0, 0], row).map(+)
    }
    // R package rfm, introduction: customers, orders, revenue
    #expect(
      found == [
        "About To Sleep": [102, 283, 23449], "At Risk": [28, 216, 22227],
        "Can't Lose Them": [47, 274, 32446],
        "Champions": [35, 316, 31646], "Lost": [148, 393, 35324], "Loyal Customers": [170, 799, 76562],
        "Need Attention": [10, 57, 4562], "New Customers": [104, 329, 28837],
        "Potential Loyalist": [342, 2211, 204_856], "Promising": [9, 28, 4249],
      ])
  }

  @Test("a value belongs to the highest bin whose boundary it reaches, and recency is reversed")
  func bins() {
    let scheme = RFMScheme(
      recency: ScoreBins(boundaries: [10, 20, 30, 40]), frequency: ScoreBins(boundaries: [2, 2, 3, 9]),
      monetary: ScoreBins(boundaries: [100, 200, 300, 400]))
    let scores = scheme.scores(
      recency: [9.9, 10, 39, 40, .infinity], frequency: [1, 2, 3, 9, 100],
      monetary: [0, 99.99, 100, 399, 400])
    #expect(scores.recency == [5, 4, 2, 1, 1])
    #expect(scores.frequency == [1, 3, 4, 5, 5])
    #expect(scores.monetary == [1, 1, 2, 4, 5])
  }

  @Test("the published boundaries are the type 7 quantiles plus one, reached by values on them")
  func publishedBoundaries() {
    let bins = BinningRule.quantilesPlusOne.bins(of: [4, 1, 3, 2], count: 5)
    #expect(zip(bins.boundaries, [2.6, 3.2, 3.8, 4.4]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(bins.includesBoundary && bins.count == 5)
  }

  @Test("a value on a plain quantile counts for the lower bin")
  func plainQuantiles() {
    let bins = BinningRule.quantiles.bins(of: [0, 1, 2, 3, 4, 5], count: 5)
    #expect(bins.boundaries == [1, 2, 3, 4])
    #expect([0, 1, 1.01, 4, 4.01].map { bins.bin(of: $0) } == [1, 1, 2, 4, 5])
  }

  @Test(
    "a customer without a value scores 1, and does not move the boundaries",
    arguments: [BinningRule.quantilesPlusOne, .quantiles, .kMeans])
  func missingValues(rule: BinningRule) {
    let values = (1...50).map(Double.init)
    let scheme = Self.scheme(values, rule)
    #expect(scheme == Self.scheme(values + [.nan, .infinity], rule))
    let scores = scheme.scores(recency: [.nan], frequency: [.nan], monetary: [.nan])
    #expect(scores.recency == [1] && scores.frequency == [1] && scores.monetary == [1])
    let nobody = Self.scheme([.nan], rule).scores(recency: [3], frequency: [3], monetary: [3])
    #expect(nobody.recency == [5] && nobody.frequency == [1] && nobody.monetary == [1])
  }

  @Test(
    "the order of customers plays no part",
    arguments: [BinningRule.quantilesPlusOne, .quantiles, .kMeans, .cutOffs([3, 9, 27, 81])])
  func order(rule: BinningRule) {
    let values = (0..<300).map { Double($0 * 7919 % 307).squareRoot() }
    #expect(Self.scheme(values, rule) == Self.scheme(values.reversed(), rule))
  }

  @Test("all values equal: everybody is in the first bin, whatever the rule")
  func ties() {
    let values = Array(repeating: 7.0, count: 40)
    for rule in [BinningRule.quantilesPlusOne, .quantiles, .kMeans] {
      let scores = Self.scheme(values, rule).scores(recency: values, frequency: values, monetary: values)
      #expect(Set(scores.recency) == [5] && Set(scores.frequency) == [1] && Set(scores.monetary) == [1])
    }
  }

  @Test("money in another unit, cut-offs with it, changes no score; k-means and quantiles need no unit")
  func scaling() {
    let values = (1...200).map { Double($0 * $0 % 1009) + 1 }
    let ten = values.map { $0 * 10 }
    func scores(_ values: [Double], _ rule: BinningRule) -> [UInt8] {
      Self.scheme(values, rule).scores(recency: values, frequency: values, monetary: values).monetary
    }
    #expect(
      scores(values, .cutOffs([100, 200, 400, 800])) == scores(ten, .cutOffs([1000, 2000, 4000, 8000])))
    #expect(Set(scores(values, .cutOffs([100, 200, 400, 800]))).count == 5)
    for rule in [BinningRule.quantiles, .kMeans] { #expect(scores(values, rule) == scores(ten, rule)) }
  }
}
