import Statistics

/// How large each value tier is, as shares of the customers who paid anything.
public struct ValueTierShares: Sendable, Hashable, Codable {
  /// Share of the best customers, 0 to 1; default .05.
  public var vip: Double
  /// Share of the customers after them, 0 to 1; default .15.
  public var main: Double
  /// Share of the customers after those, 0 to 1; default .60. What is left, and who paid nothing, is small.
  public var ordinary: Double

  public init(vip: Double = 0.05, main: Double = 0.15, ordinary: Double = 0.60) {
    precondition(vip >= 0 && main >= 0 && ordinary >= 0, "a share is not negative")
    precondition(vip + main + ordinary <= 1 + Self.slack, "shares add up to 1 at most")
    self.vip = vip
    self.main = main
    self.ordinary = ordinary
  }

  /// What sums and products of decimal shares may be off by in binary.
  static let slack = 1e-9
}

/// The smallest amount of each value tier: fitted on one population, applied to the same or another.
///
/// Customers are ranked by what they paid in the last 730 days. A tier ends at a share of the customers with an amount
/// above zero, rounded up to whole customers; equal amounts share the better tier, so the order of rows plays no part.
public struct ValueTierScheme: Sendable, Hashable, Codable {
  /// Amounts from here on are VIP; infinite when nobody is.
  public let vipFrom: Double
  /// Amounts from here on are main.
  public let mainFrom: Double
  /// Amounts from here on are ordinary.
  public let ordinaryFrom: Double

  /// The scheme of a population.
  ///
  /// - Parameter amounts: customer-paid amounts of the last 730 days, one a customer; NaN counts as nothing paid.
  /// - Complexity: O(n) on average.
  public init(fitting amounts: [Double], shares: ValueTierShares = ValueTierShares()) {
    var paid = amounts.filter { $0 > 0 && $0.isFinite }
    func last(of share: Double) -> Double {
      let customers = Int((share * Double(paid.count) - ValueTierShares.slack).rounded(.up))
      guard customers > 0 else { return .infinity }
      return paid.withUnsafeMutableBufferPointer {
        Selection.select($0.count - min(customers, $0.count), in: $0)
      }
    }
    vipFrom = last(of: shares.vip)
    mainFrom = last(of: shares.vip + shares.main)
    ordinaryFrom = last(of: shares.vip + shares.main + shares.ordinary)
  }

  /// The tier of one amount.
  @inline(__always)
  public func tier(of amount: Double) -> ValueTier {
    guard amount > 0 else { return .small }
    return amount >= vipFrom ? .vip : amount >= mainFrom ? .main : amount >= ordinaryFrom ? .ordinary : .small
  }

  /// The tier of every amount, in the order of the input.
  public func tiers(of amounts: [Double]) -> [ValueTier] {
    amounts.map(tier(of:))
  }
}
