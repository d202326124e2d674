import Testing

@testable import CustomerValue

@Suite("Value tiers")
struct ValueTierTests {
  @Test("shares count the customers who paid, and who paid nothing is small")
  func defaultShares() {
    let amounts = (1...100).map(Double.init) + Array(repeating: 0, count: 300)
    let tiers = ValueTierScheme(fitting: amounts).tiers(of: amounts)
    #expect(tiers.count { $0 == .vip } == 5)
    #expect(tiers.count { $0 == .main } == 15)
    #expect(tiers.count { $0 == .ordinary } == 60)
    #expect(tiers.count { $0 == .small } == 320)
    #expect(tiers[99] == .vip && tiers[95] == .vip && tiers[94] == .main && tiers[19] == .small)
  }

  @Test("equal amounts share the better tier, in whatever order they come")
  func ties() {
    let amounts = Array(repeating: 500.0, count: 30) + Array(repeating: 10.0, count: 70)
    let scheme = ValueTierScheme(fitting: amounts)
    #expect(scheme == ValueTierScheme(fitting: amounts.reversed()))
    #expect(scheme.tier(of: 500) == .vip)
    #expect(scheme.tier(of: 10) == .ordinary)
  }

  @Test("shares are options")
  func otherShares() {
    let amounts = (1...10).map(Double.init)
    let none = ValueTierScheme(fitting: amounts, shares: ValueTierShares(vip: 0, main: 0.3, ordinary: 0.7))
    #expect(
      none.tiers(of: amounts).map(\.rawValue) == Array(repeating: "ordinary", count: 7) + [
        "main", "main", "main",
      ])
  }

  @Test("nobody paid, nothing is known, or money came back: everybody is small")
  func nothingPaid() {
    let scheme = ValueTierScheme(fitting: [0, .nan, -20])
    #expect(scheme.tiers(of: [0, .nan, -20]) == [.small, .small, .small])
    #expect(ValueTierScheme(fitting: []).tier(of: 100) == .small)
  }

  @Test("a scheme fitted on one population tiers another")
  func appliedElsewhere() {
    let scheme = ValueTierScheme(fitting: (1...100).map { Double($0) })
    #expect(scheme.tiers(of: [1000, 90, 50, 3]) == [.vip, .main, .ordinary, .small])
  }
}
