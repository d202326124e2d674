internal import Foundation

/// A smooth function of a positive number as polynomials: what costs much to compute, to the last few bits for little.
///
/// Each octave 2ᵏ ≤ w < 2ᵏ⁺¹ has polynomials through the function's values at Chebyshev points of equal parts of it, one
/// part where that is enough, twice as many until the last coefficients have vanished. Of a function that is analytic but
/// at w ≤ 0 the nearest singular point lies three half-widths from an octave's middle, so that an interpolant of degree n
/// errs by about (3 + √8)⁻ⁿ: L. N. Trefethen, Approximation Theory and Approximation Practice (2013), theorem 8.2.
public struct ChebyshevTable: Sendable {
  private let firstOctave: Int
  /// Of each octave where its coefficients begin, and into how many parts it is cut.
  private let octaves: [(first: Int, parts: Int)]
  /// Of each part the coefficients of Chebyshev polynomials, the constant's first.
  private let coefficients: [Double]

  /// One more than the degree.
  private static let points = 22
  private static let mostParts = 8
  /// Last coefficients below this share of the greatest have vanished.
  private static let vanished = 1e-13
  /// cos of the angles of the points, and of their multiples: row d is of degree d.
  private static let cosines: [Double] = (0..<points * points).map {
    cos(Double($0 / points) * Double.pi * (Double($0 % points) + 0.5) / Double(points))
  }

  /// - Parameters:
  ///   - range: the least and the greatest argument that will be asked for, positive; what is given for an argument does
  ///     not depend on them.
  ///   - function: asked within the octaves of the range.
  /// - Complexity: 22 values an octave and part
  public init(_ range: ClosedRange<Double>, of function: (Double) -> Double) {
    precondition(range.lowerBound > 0 && range.upperBound.isFinite, "a table is for positive numbers")
    firstOctave = Int(range.lowerBound.exponent)
    var octaves: [(first: Int, parts: Int)] = []
    var coefficients: [Double] = []
    for octave in firstOctave...Int(range.upperBound.exponent) {
      var parts = 1
      var ofOctave = Self.coefficients(octave, parts, function)
      var rest = Self.rest(ofOctave)
      while parts < Self.mostParts, rest > Self.vanished {
        parts *= 2
        ofOctave = Self.coefficients(octave, parts, function)
        rest = Self.rest(ofOctave)
      }
      octaves.append((coefficients.count, parts))
      coefficients += ofOctave
    }
    self.octaves = octaves
    self.coefficients = coefficients
  }

  private static func coefficients(_ octave: Int, _ parts: Int, _ function: (Double) -> Double) -> [Double] {
    var coefficients: [Double] = []
    let halfWidth = 0.5 / Double(parts)
    for part in 0..<parts {
      let middle = 1 + (2 * Double(part) + 1) * halfWidth
      let values = (0..<points).map { function(scalbn(middle + halfWidth * cosines[points + $0], octave)) }
      for degree in 0..<points {
        var sum = 0.0
        for point in 0..<points { sum += values[point] * cosines[degree * points + point] }
        coefficients.append(sum * (degree == 0 ? 1 : 2) / Double(points))
      }
    }
    return coefficients
  }

  /// The last coefficients of any part, as a share of the greatest.
  private static func rest(_ coefficients: [Double]) -> Double {
    let greatest = coefficients.reduce(0) { max($0, abs($1)) }
    let last = stride(from: points, through: coefficients.count, by: points).map {
      max(abs(coefficients[$0 - 1]), abs(coefficients[$0 - 2]))
    }
    return greatest > 0 ? (last.max() ?? 0) / greatest : 0
  }

  /// The function's value.
  ///
  /// - Parameter argument: within the octaves that the table was made for.
  /// - Complexity: O(1): one recurrence of Clenshaw's.
  public func callAsFunction(_ argument: Double) -> Double {
    let octave = octaves[Int(argument.exponent) - firstOctave]
    let place = (argument.significand - 1) * Double(octave.parts)
    let part = Int(place)
    let first = octave.first + part * Self.points
    let x = 2 * (place - Double(part)) - 1
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
