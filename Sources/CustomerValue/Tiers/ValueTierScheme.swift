/// The four tiers of the trade (see `TierRules.four`) of one population, by what customers paid in the last 730 days.
public struct ValueTierScheme: Sendable, Hashable {
  private let scheme: TierScheme

  /// - Parameter amounts: customer-paid amounts of the last 730 days, one a customer; NaN counts as nothing paid.
  /// - Complexity: O(n) on average.
  public init(fitting amounts: [Double]) {
    scheme = TierScheme(fitting: amounts, rules: .four)
  }

  /// The tier of one amount.
  @inline(__always)
  public func tier(of amount: Double) -> ValueTier {
    ValueTier.allCases[Int(scheme.place(of: amount))]
  }

  /// The tier of every amount, in the order of the input.
  public func tiers(of amounts: [Double]) -> [ValueTier] {
    amounts.map(tier(of:))
  }
}
