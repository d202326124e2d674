internal import CVectorLoops
internal import Foundation

/// How many repeats to expect from somebody who is alive, by a BG/NBD and for one number of repeats so far.
///
/// With A = r + x, C = a + b + x − 1, z = t/(α + T), y = z/(1 + z) and L = ln(1 + z), the expected number within t is
///
///     C·L·φ((1 − a)·L) − (1 + z)^(1 − a)·Σₙ eₙ·yⁿ,   φ(v) = (exp v − 1)/v,
///     e₁ = C − A,   eₙ₊₁ = eₙ·(C − A + n)·(a + n − 1)/((C + n)·(n + 1)):
///
/// equation 10 of Fader, Hardie and Lee (2005) divided by P(alive), its hypergeometric function taken by Pfaff's
/// transformation (DLMF 15.8.1) so that a = 1 is no exception and the coefficients are the same for all times.
public struct ExpectedRepeats: Sendable {
  private let model: BGNBD
  private let repeats: Int
  private let coefficients: [Double]

  private static let coefficientCount = 1024

  public init(_ model: BGNBD, repeats: Int) {
    self.model = model
    self.repeats = repeats
    let excess = model.a + model.b - 1 - model.r
    let c = model.a + model.b + Double(repeats) - 1
    var coefficients = [excess]
    for term in 1..<Self.coefficientCount {
      let n = Double(term)
      coefficients.append(coefficients[term - 1] * (excess + n) * (model.a + n - 1) / ((c + n) * (n + 1)))
    }
    self.coefficients = coefficients
  }

  /// The expected number of repeats within some days after an age in days.
  ///
  /// - Complexity: O(log ε / log y) terms, a few dozen but for the very young.
  public func expected(age: Double, within days: Double) -> Double {
    let z = days / (model.alpha * model.daysPerUnit + age)
    return expected(z, series: series(z / (1 + z)))
  }

  /// - Parameter series: Σₙ eₙ·yⁿ.
  @inline(__always)
  private func expected(_ z: Double, series: Double) -> Double {
    let growth = log1p(z)
    let power = (1 - model.a) * growth
    let shape = abs(power) < 1e-8 ? 1 + power / 2 : expm1(power) / power
    let c = model.a + model.b + Double(repeats) - 1
    return c * growth * shape - exp(power) * series
  }

  private func series(_ y: Double) -> Double {
    var sum = 0.0
    var power = y
    coefficients.withUnsafeBufferPointer { coefficients in
      for coefficient in coefficients {
        let term = coefficient * power
        sum += term
        if abs(term) <= abs(sum) * .ulpOfOne / 8 { break }
        power *= y
      }
    }
    return sum
  }

  /// The repeats expected in each of the coming months, discounted to today: Σₘ (E(m) − E(m − 1))/(1 + rate)^(m/12).
  ///
  /// - Parameters:
  ///   - age: days from the origin to today.
  ///   - annualRate: yearly discount rate, 0.1 for 10 %.
  /// - Complexity: O(months × terms), the series of all months side by side.
  public func discounted(age: Double, months: Int, annualRate: Double) -> Double {
    let count = max(months, 1)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * count) { scratch in
      guard let ratios = scratch.baseAddress else { return 0 }
      let (powers, sums) = (ratios + count, ratios + 2 * count)
      let unit = Self.daysPerMonth / (model.alpha * model.daysPerUnit + age)
      for month in 0..<count {
        let z = Double(month + 1) * unit
        ratios[month] = z / (1 + z)
        powers[month] = ratios[month]
        sums[month] = 0
      }
      vector_power_series(coefficients, coefficients.count, ratios, count, powers, sums)
      let monthlyFactor = pow(1 + annualRate, -1.0 / 12)
      var factor = 1.0
      var sum = 0.0
      var before = 0.0
      for month in 0..<count {
        let until = expected(Double(month + 1) * unit, series: sums[month])
        factor *= monthlyFactor
        sum += (until - before) * factor
        before = until
      }
      return sum
    }
  }

  /// Mean length of a month in the Gregorian calendar.
  public static let daysPerMonth = 30.436_875
}

extension BGNBD {
  /// The expected number of repeats within some days, of somebody with this history.
  public func expectedRepeats(of history: RepeatHistory, within days: Double) -> Double {
    probabilityAlive(history)
      * ExpectedRepeats(self, repeats: history.repeats).expected(age: Double(history.age), within: days)
  }

  /// The expected number of repeats within some days after the origin, of somebody of whom nothing is known yet.
  public func expectedRepeats(within days: Double) -> Double {
    ExpectedRepeats(self, repeats: 0).expected(age: 0, within: days)
  }
}
