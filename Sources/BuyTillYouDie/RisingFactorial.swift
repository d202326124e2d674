internal import Foundation
internal import Statistics

/// ln (a)ₙ = ln Γ(a + n)/Γ(a) and its first two derivatives by a.
struct RisingFactorial: BitwiseCopyable {
  private(set) var value = 0.0
  private(set) var slope = 0.0
  private(set) var curvature = 0.0

  /// Longer products are taken as gamma functions.
  private static let longestProduct = 32

  init(_ a: Double, _ n: Int) {
    if n <= Self.longestProduct {
      // A product of up to 32 factors of 1e8 does not overflow.
      var product = 1.0
      for step in 0..<n {
        let factor = a + Double(step)
        let inverse = 1 / factor
        product *= factor
        slope += inverse
        curvature -= inverse * inverse
      }
      value = log(product)
    } else {
      // (a)ₙ = Γ(n)/B(a, n), which loses no digits for large a.
      let count = Double(n)
      value = GammaFunctions.logGamma(count) - GammaFunctions.logBeta(a, count)
      slope = GammaFunctions.digamma(a + count) - GammaFunctions.digamma(a)
      curvature = GammaFunctions.trigamma(a + count) - GammaFunctions.trigamma(a)
    }
  }

  /// Takes in the next factor a + n.
  mutating func multiply(by factor: Double) {
    let inverse = 1 / factor
    value += log(factor)
    slope += inverse
    curvature -= inverse * inverse
  }
}
