internal import Foundation

/// The first two derivatives of ln Γ(x), for x > 0.
///
/// The recurrence (DLMF 5.5.2, 5.15.5) carries small x to where the asymptotic series (DLMF 5.11.2, 5.15.8) is exact to
/// the last digits.
public enum Polygamma {
  /// From here on the first seven terms of the series leave an error below 1e-17.
  private static let asymptotic = 12.0

  /// ψ(x), the derivative of ln Γ(x); relative error a few ulp, but near its zero at 1.4616, where it is absolute.
  public static func digamma(_ x: Double) -> Double {
    precondition(x > 0, "digamma is taken of positive numbers")
    var shifted = x
    var sum = 0.0
    while shifted < asymptotic {
      sum -= 1 / shifted
      shifted += 1
    }
    let z = 1 / (shifted * shifted)
    let series =
      z
      * (1.0 / 12 - z
        * (1.0 / 120 - z
          * (1.0 / 252 - z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32_760 - z / 12))))))
    return sum + log(shifted) - 0.5 / shifted - series
  }

  /// ψ′(x), the second derivative of ln Γ(x); relative error a few ulp.
  public static func trigamma(_ x: Double) -> Double {
    precondition(x > 0, "trigamma is taken of positive numbers")
    var shifted = x
    var sum = 0.0
    while shifted < asymptotic {
      sum += 1 / (shifted * shifted)
      shifted += 1
    }
    let z = 1 / (shifted * shifted)
    let series =
      z
      * (1.0 / 6 - z
        * (1.0 / 30 - z
          * (1.0 / 42 - z * (1.0 / 30 - z * (5.0 / 66 - z * (691.0 / 2730 - z * 7.0 / 6))))))
    return sum + (1 + 0.5 / shifted + series) / shifted
  }
}
