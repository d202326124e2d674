import Statistics

/// The smallest amount of each tier but the last: fitted on one population, applied to the same or another.
///
/// Customers are ranked by an amount. A tier ends at a share of the customers with an amount above zero, rounded up to
/// whole customers; equal amounts share the better tier, so the order of rows plays no part. Who paid nothing is in the
/// last tier.
public struct TierScheme: Sendable, Hashable {
  /// Where each tier but the last begins, falling; infinite for a tier that nobody is in.
  public let from: [Double]

  /// The scheme of a population.
  ///
  /// - Parameter amounts: one a customer; NaN counts as nothing paid.
  /// - Complexity: O(n) on average for each tier.
  public init(fitting amounts: [Double], rules: TierRules) {
    switch rules.limits {
    case .amounts(let amounts): from = amounts
    case .shares(let shares):
      var paid = amounts.filter { $0 > 0 && $0.isFinite }
      var sum = 0.0
      from = shares.map { share in
        sum += share
        let customers = Int((sum * Double(paid.count) - TierRules.slack).rounded(.up))
        guard customers > 0 else { return .infinity }
        return paid.withUnsafeMutableBufferPointer {
          Selection.select($0.count - min(customers, $0.count), in: $0)
        }
      }
    }
  }

  /// The place of the tier of one amount.
  @inline(__always)
  public func place(of amount: Double) -> UInt8 {
    guard amount > 0 else { return UInt8(from.count) }
    return UInt8(from.firstIndex { amount >= $0 } ?? from.count)
  }
}
