import Foundation
import Testing

@testable import CustomerValue

@Suite("RFM")
struct RFMTests {
  @Test(
    "the published table of the R package rfm is reproduced",
    .enabled(if: PublishedOrders.isPresent, "needs ../shared/reference/rfm/orders.csv"))
  func reproducesThePublishedTable() throws {
    let orders = try PublishedOrders.byCustomer()
    #expect(orders.frequency.count == 995)
    let scheme = try #require(
      RFMScheme(fitting: orders.recencyDays, frequency: orders.frequency, monetary: orders.monetary))
    let scores = scheme.scores(
      recencyDays: orders.recencyDays, frequency: orders.frequency, monetary: orders.monetary)
    var found: [String: [Double]] = [:]
    for index in 0..<scores.count {
      let row = [1, orders.frequency[index], orders.monetary[index]]
      found[scores.segments[index].rawValue, default: [0, 0, 0]] = zip(
        found[scores.segments[index].rawValue] ?? [0, 0, 0], row
      ).map(+)
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
      recencyBoundaries: [10, 20, 30, 40], frequencyBoundaries: [2, 2, 3, 9],
      monetaryBoundaries: [100, 200, 300, 400])
    let scores = scheme.scores(
      recencyDays: [9.9, 10, 39, 40, .infinity], frequency: [1, 2, 3, 9, 100],
      monetary: [0, 99.99, 100, 399, 400])
    #expect(scores.recency == [5, 4, 2, 1, 1])
    #expect(scores.frequency == [1, 3, 4, 5, 5])
    #expect(scores.monetary == [1, 1, 2, 4, 5])
  }

  @Test("boundaries are the type 7 quantiles plus one")
  func boundaries() throws {
    let values = [4.0, 1, 3, 2]
    let scheme = try #require(RFMScheme(fitting: values, frequency: values, monetary: values.map { $0 * 10 }))
    #expect(zip(scheme.frequencyBoundaries, [2.6, 3.2, 3.8, 4.4]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(scheme.monetaryBoundaries, [17, 23, 29, 35]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test("a customer without a value scores 1, and does not move the boundaries")
  func missingValues() throws {
    let values = (1...50).map(Double.init)
    let scheme = try #require(RFMScheme(fitting: values, frequency: values, monetary: values))
    let withMissing = try #require(
      RFMScheme(fitting: values + [.nan], frequency: values + [.nan], monetary: values + [.nan]))
    #expect(scheme == withMissing)
    let scores = scheme.scores(recencyDays: [.nan], frequency: [.nan], monetary: [.nan])
    #expect(scores.recency == [1] && scores.frequency == [1] && scores.monetary == [1])
    #expect(RFMScheme(fitting: [], frequency: [], monetary: []) == nil)
  }

  @Test("exactly ten combinations fall under no rule and are Others")
  func uncoveredCombinations() {
    var others: [[UInt8]] = []
    for recency in UInt8(1)...5 {
      for frequency in UInt8(1)...5 {
        for monetary in UInt8(1)...5
        where RFMSegment(recency: recency, frequency: frequency, monetary: monetary) == .others {
          others.append([recency, frequency, monetary])
        }
      }
    }
    #expect(
      others == [
        [2, 1, 5], [2, 4, 1], [2, 5, 1], [2, 5, 2], [3, 4, 1], [3, 5, 1], [4, 4, 1], [4, 5, 1], [5, 4, 1],
        [5, 5, 1],
      ])
  }

  @Test("the first matching rule wins")
  func firstRuleWins() {
    #expect(RFMSegment(recency: 5, frequency: 5, monetary: 5) == .champions)
    #expect(RFMSegment(recency: 3, frequency: 3, monetary: 3) == .potentialLoyalist)
    #expect(RFMSegment(recency: 2, frequency: 4, monetary: 4) == .loyalCustomers)
    #expect(RFMSegment(recency: 1, frequency: 4, monetary: 4) == .cannotLoseThem)
  }
}
