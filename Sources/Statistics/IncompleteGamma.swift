internal import Foundation

/// The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x).
///
/// Below x = a + 1 the power series of P (DLMF 8.7.1), above it the continued fraction of Q (DLMF 8.9.2) evaluated by
/// Lentz's method, so that neither loses digits to the other.
public enum IncompleteGamma {
  /// P(shape, x), the cumulative distribution of a gamma variable with unit rate.
  ///
  /// - Parameters:
  ///   - shape: greater than 0.
  ///   - x: any; 0 and less give 0.
  public static func lower(shape: Double, _ x: Double) -> Double {
    precondition(shape > 0, "the shape must be positive")
    guard x > 0 else { return x.isNaN ? .nan : 0 }
    guard x.isFinite else { return 1 }
    return x < shape + 1 ? series(shape, x) : 1 - continuedFraction(shape, x)
  }

  /// Q(shape, x) = 1 − P(shape, x), accurate where it is small.
  public static func upper(shape: Double, _ x: Double) -> Double {
    precondition(shape > 0, "the shape must be positive")
    guard x > 0 else { return x.isNaN ? .nan : 1 }
    guard x.isFinite else { return 0 }
    return x < shape + 1 ? 1 - series(shape, x) : continuedFraction(shape, x)
  }

  /// Far more terms than are ever needed near x = shape for shapes up to a million.
  private static let mostTerms = 100_000

  /// x^a·e^(−x)/Γ(a)
  private static func factor(_ shape: Double, _ x: Double) -> Double {
    exp(shape * log(x) - x - lgamma(shape))
  }

  private static func series(_ shape: Double, _ x: Double) -> Double {
    var term = 1 / shape
    var sum = term
    for step in 1...mostTerms {
      term *= x / (shape + Double(step))
      sum += term
      if term < sum * .ulpOfOne / 2 { break }
    }
    return sum * factor(shape, x)
  }

  private static func continuedFraction(_ shape: Double, _ x: Double) -> Double {
    let tiny = Double.leastNormalMagnitude / .ulpOfOne
    var b = x + 1 - shape
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    for step in 1...mostTerms {
      let a = -Double(step) * (Double(step) - shape)
      b += 2
      d = a * d + b
      if d.magnitude < tiny { d = tiny }
      c = b + a / c
      if c.magnitude < tiny { c = tiny }
      d = 1 / d
      let change = c * d
      fraction *= change
      if (change - 1).magnitude < .ulpOfOne { break }
    }
    return fraction * factor(shape, x)
  }
}
