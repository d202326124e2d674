import Testing

@testable import CustomerValue

@Suite("Value tiers")
struct ValueTierTests {
  private static func rules(_ limits: [String]) throws -> TierRules {
    let entries = limits.enumerated().map { "  - {name: t\($0), \($1)}" } + ["  - {name: last}"]
    let yaml = "tiers:\n" + entries.joined(separator: "\n")
    return try #require(try RulesDocument(yaml: yaml, file: "t.yaml").tiers)
  }

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

  @Test("the four tiers are named alike everywhere, the three are high, potential and general")
  func names() {
    #expect(TierRules.four.tiers.map(\.name) == ValueTier.allCases.map(\.rawValue))
    #expect(ValueTier.allCases.map(\.label.chinese) == ["VIP客户", "主要客户", "普通客户", "小客户"])
    #expect(TierRules.three.tiers.map(\.label.chinese) == ["高价值", "潜力", "一般"])
    let scheme = TierScheme(fitting: (1...10).map(Double.init), rules: .three)
    #expect(scheme.from == [9, 6])
  }

  @Test("equal amounts share the better tier, in whatever order they come")
  func ties() {
    let amounts = Array(repeating: 500.0, count: 30) + Array(repeating: 10.0, count: 70)
    let scheme = ValueTierScheme(fitting: amounts)
    #expect(scheme == ValueTierScheme(fitting: amounts.reversed()))
    #expect(scheme.tier(of: 500) == .vip)
    #expect(scheme.tier(of: 10) == .ordinary)
  }

  @Test("shares and amounts are data")
  func otherLimits() throws {
    let amounts = (1...10).map(Double.init)
    let shares = TierScheme(
      fitting: amounts, rules: try Self.rules(["share: 0", "share: 0.3", "share: 0.7"]))
    #expect(amounts.map { shares.place(of: $0) } == Array(repeating: 2, count: 7) + [1, 1, 1])
    let cuts = TierScheme(fitting: [], rules: try Self.rules(["from: 8", "from: 3"]))
    #expect(amounts.map { cuts.place(of: $0) } == [2, 2, 1, 1, 1, 1, 1, 0, 0, 0])
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
