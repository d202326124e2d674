/// Amounts of money as whole minor units, exact and compact.
public enum Money {
  /// The value that stands for a missing amount.
  @inlinable public static var none: Int32 { Int32.min }

  /// Currencies whose amounts are kept in whole units: they have no minor unit (ISO 4217), or amounts so large that
  /// hundredths would not fit.
  private static let wholeUnitCurrencies: Set<String> = [
    "BIF", "CLP", "DJF", "GNF", "IDR", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF",
    "XOF",
    "XPF",
  ]

  /// Minor units per unit of a currency.
  public static func scale(of currency: String) -> Double {
    wholeUnitCurrencies.contains(currency.uppercased()) ? 1 : 100
  }

  /// The amount in minor units, rounded half away from zero; `nil` when it is not finite or does not fit.
  @inline(__always)
  static func minorUnits(_ amount: Double, scale: Double) -> Int32? {
    let units = amount * scale
    guard units.magnitude < 2_147_483_647 else { return nil }
    // Half a unit more and cut off: `rounded()` is a call on processors without an instruction for it.
    return Int32(units + (units < 0 ? -0.5 : 0.5))
  }
}
