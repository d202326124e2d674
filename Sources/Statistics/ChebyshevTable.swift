internal import Foundation

/// Smooth functions of a positive number as polynomials: what costs much to compute, to the last few bits for little.
///
/// Each octave 2ᵏ ≤ w < 2ᵏ⁺¹ has polynomials through the function's values at Chebyshev points of equal parts of it, one
/// part where that is enough, twice as many until the last coefficients have vanished or stay as they are, which is what
/// rounding of the values leaves of them. Of a function that is analytic but
/// at w ≤ 0 the nearest singular point lies three half-widths from an octave's middle, so that an interpolant of degree n
/// errs by about (3 + √8)⁻ⁿ: L. N. Trefethen, Approximation Theory and Approximation Practice (2013), theorem 8.2.
public struct ChebyshevTable: Sendable {
  /// How many functions there are.
  public let functions: Int
  private let firstOctave: Int
  /// Of each octave where its coefficients begin, and into how many parts it is cut.
  private let octaves: [(first: Int, parts: Int)]
  /// Of each part by degree, the constants first, the coefficient of Chebyshev's polynomial of every function.
  private let coefficients: [Double]

  /// One more than the degree.
  private static let points = 22
  private static let mostParts = 8
  /// Last coefficients below this share of the greatest have vanished.
  private static let vanished = 1e-13
  /// Halving the parts of a smooth function squares its last coefficients; if they do not even fall to this share of
  /// themselves, they are rounding.
  private static let leastGain = 0.1
  /// cos of the angles of the points, and of their multiples: row d is of degree d.
  private static let cosines: [Double] = (0..<points).flatMap { degree in
    ChebyshevNodes.angles(points).map { cos(Double(degree) * $0) }
  }

  /// - Parameters:
  ///   - range: the least and the greatest argument that will be asked for, positive; what is given for an argument does
  ///     not depend on them.
  ///   - function: asked within the octaves of the range.
  /// - Complexity: 22 values an octave and part
  public init(_ range: ClosedRange<Double>, of function: (Double) -> Double) {
    self.init(range, functions: 1) { argument, values in values[0] = function(argument) }
  }

  /// The same of several functions that are asked for together.
  ///
  /// - Parameter evaluate: writes the value of every function.
  public init(
    _ range: ClosedRange<Double>, functions: Int,
    of evaluate: (_ argument: Double, _ values: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    precondition(range.lowerBound > 0 && range.upperBound.isFinite, "a table is for positive numbers")
    precondition(functions > 0, "a table needs a function")
    self.functions = functions
    firstOctave = Int(range.lowerBound.exponent)
    var octaves: [(first: Int, parts: Int)] = []
    var coefficients: [Double] = []
    for octave in firstOctave...Int(range.upperBound.exponent) {
      var parts = 1
      var ofOctave = Self.coefficients(octave, parts, functions, evaluate)
      var rest = Self.rest(ofOctave, functions)
      while parts < Self.mostParts, rest > Self.vanished {
        let before = rest
        parts *= 2
        ofOctave = Self.coefficients(octave, parts, functions, evaluate)
        rest = Self.rest(ofOctave, functions)
        if rest > Self.leastGain * before { break }
      }
      octaves.append((coefficients.count, parts))
      coefficients += ofOctave
    }
    self.octaves = octaves
    self.coefficients = coefficients
  }

  private static func coefficients(
    _ octave: Int, _ parts: Int, _ functions: Int,
    _ evaluate: (Double, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    var coefficients = [Double](repeating: 0, count: parts * points * functions)
    let halfWidth = 0.5 / Double(parts)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: functions) { values in
      for part in 0..<parts {
        let middle = 1 + (2 * Double(part) + 1) * halfWidth
        let first = part * points * functions
        for point in 0..<points {
          evaluate(scalbn(middle + halfWidth * cosines[points + point], octave), values)
          for degree in 0..<points {
            let share = cosines[degree * points + point] * (degree == 0 ? 1 : 2) / Double(points)
            for function in 0..<functions {
              coefficients[first + degree * functions + function] += share * values[function]
            }
          }
        }
      }
    }
    return coefficients
  }

  /// The last coefficients of any part, as a share of the function's greatest.
  private static func rest(_ coefficients: [Double], _ functions: Int) -> Double {
    var rest = 0.0
    for function in 0..<functions {
      let own = stride(from: function, to: coefficients.count, by: functions).map { abs(coefficients[$0]) }
      let greatest = own.max() ?? 0
      for end in stride(from: points, through: own.count, by: points) where greatest > 0 {
        rest = max(rest, max(own[end - 1], own[end - 2]) / greatest)
      }
    }
    return rest
  }

  /// Where the coefficients for an argument begin, and its place among the polynomials.
  @inline(__always)
  private func place(_ argument: Double) -> (first: Int, x: Double) {
    let (first, parts) = octaves.withUnsafeBufferPointer { $0[Int(argument.exponent) - firstOctave] }
    let place = (argument.significand - 1) * Double(parts)
    let part = Int(place)
    return (first + part * Self.points * functions, 2 * (place - Double(part)) - 1)
  }

  /// The value of the only function.
  ///
  /// - Parameter argument: within the octaves that the table was made for.
  /// - Complexity: O(1): one recurrence of Clenshaw's.
  public func callAsFunction(_ argument: Double) -> Double {
    var value = 0.0
    withUnsafeMutablePointer(to: &value) {
      write(argument, to: UnsafeMutableBufferPointer(start: $0, count: 1))
    }
    return value
  }

  /// Writes the values of all functions: one recurrence of Clenshaw's, step by step for all of them.
  ///
  /// - Parameters:
  ///   - argument: within the octaves that the table was made for.
  ///   - values: one element a function.
  /// - Complexity: O(functions)
  public func write(_ argument: Double, to values: UnsafeMutableBufferPointer<Double>) {
    precondition(values.count == functions, "every function needs room for its value")
    let (first, x) = place(argument)
    let count = functions
    coefficients.withUnsafeBufferPointer { coefficients in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { room in
        room.initialize(repeating: 0)
        var degree = Self.points - 1
        // Two steps a turn, so that the last two values only change places.
        while degree > 1 {
          let (upper, lower) = (first + degree * count, first + (degree - 1) * count)
          for function in 0..<count {
            let next = coefficients[upper + function] + 2 * x * room[function] - room[count + function]
            room[count + function] = next
            room[function] = coefficients[lower + function] + 2 * x * next - room[function]
          }
          degree -= 2
        }
        for function in 0..<count {
          let next = coefficients[first + count + function] + 2 * x * room[function] - room[count + function]
          values[function] = coefficients[first + function] + x * next - room[function]
        }
      }
    }
  }
}
