internal import Foundation

/// The discounted repeats to expect of many ages, for one number of repeats so far: a table of polynomials that gives
/// what `ExpectedRepeats.discounted` gives, to the last few bits.
///
/// With w = α + age in units of α, the sum over months is analytic in w but at w ≤ 0. Each octave 2ᵏ ≤ w < 2ᵏ⁺¹ has a
/// polynomial through the sum's values at Chebyshev points; the nearest singular point lies three half-widths from an
/// octave's middle, so that an interpolant of degree n errs by about (3 + √8)⁻ⁿ: L. N. Trefethen, Approximation Theory
/// and Approximation Practice (2013), theorem 8.2.
public struct DiscountedRepeats: Sendable {
  /// α in days.
  private let origin: Double
  private let firstOctave: Int
  /// Of each octave the coefficients of Chebyshev polynomials, the constant's first.
  private let coefficients: [Double]

  /// One more than the degree.
  private static let points = 22

  /// - Parameters:
  ///   - ages: days from the origin to today, the least and the greatest that will be asked for; what is given for an
  ///     age does not depend on them.
  ///   - months: how many months are summed.
  ///   - annualRate: yearly discount rate, 0.1 for 10 %.
  /// - Complexity: O(octaves × points) sums over months.
  public init(_ model: BGNBD, repeats: Int, ages: ClosedRange<Int>, months: Int, annualRate: Double) {
    let expected = ExpectedRepeats(model, repeats: repeats)
    let origin = model.alpha * model.daysPerUnit
    let octave = { (age: Int) in Int((1 + Double(age) / origin).exponent) }
    self.origin = origin
    firstOctave = octave(ages.lowerBound)
    let points = Self.points
    let angles = (0..<points).map { Double.pi * (Double($0) + 0.5) / Double(points) }
    var coefficients: [Double] = []
    for octave in firstOctave...octave(ages.upperBound) {
      let values = angles.map { angle in
        // From −1 … 1 to 1 … 2, and to the octave's ages.
        let scaled = (3 + cos(angle)) / 2 * scalbn(1, octave)
        return expected.discounted(age: (scaled - 1) * origin, months: months, annualRate: annualRate)
      }
      for degree in 0..<points {
        let sum = zip(values, angles).reduce(0.0) { $0 + $1.0 * cos(Double(degree) * $1.1) }
        coefficients.append(sum * (degree == 0 ? 1 : 2) / Double(points))
      }
    }
    self.coefficients = coefficients
  }

  /// The discounted repeats of somebody who is alive.
  ///
  /// - Parameter age: days, within those that the table was made for.
  /// - Complexity: O(1): one recurrence of Clenshaw's.
  public func callAsFunction(age: Int) -> Double {
    let scaled = 1 + Double(age) / origin
    let first = (Int(scaled.exponent) - firstOctave) * Self.points
    let x = 2 * scaled.significand - 3
    return coefficients.withUnsafeBufferPointer { coefficients in
      var (next, afterNext) = (0.0, 0.0)
      var degree = Self.points - 1
      while degree > 0 {
        (next, afterNext) = (coefficients[first + degree] + 2 * x * next - afterNext, next)
        degree -= 1
      }
      return coefficients[first] + x * next - afterNext
    }
  }
}
