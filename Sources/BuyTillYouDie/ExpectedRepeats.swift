internal import CVectorLoops
internal import Foundation

/// How many repeats to expect from somebody who is alive, by a BG/NBD and for one number of repeats so far.
///
/// With A = r + x, B = b + x, C = a + b + x − 1, z = t/(α + T) and y = z/(1 + z), the expected number within t is
///
///     C/(a − 1)·(1 − (1 + z)^−A·₂F₁(A, B; C; y)),
///
/// equation 10 of Fader, Hardie and Lee (2005) divided by P(alive). Where a ≤ A + 1 the function is taken by Pfaff's
/// transformation (DLMF 15.8.1), which converges faster there and makes a = 1 no exception: with L = ln(1 + z),
///
///     C·L·φ((1 − a)·L) − (1 + z)^(1 − a)·Σₙ eₙ·yⁿ,   φ(v) = (exp v − 1)/v,
///     e₁ = C − A,   eₙ₊₁ = eₙ·(C − A + n)·(a + n − 1)/((C + n)·(n + 1)).
public struct ExpectedRepeats: Sendable {
  private let model: BGNBD
  /// A and C.
  private let shape: Double
  private let total: Double
  private let isTransformed: Bool
  private let series: HypergeometricSeries

  public init(_ model: BGNBD, repeats: Int) {
    self.model = model
    shape = model.r + Double(repeats)
    total = model.a + model.b + Double(repeats) - 1
    isTransformed = model.a <= shape + 1
    series =
      isTransformed
      ? HypergeometricSeries(first: total - shape + 1, second: model.a, third: total + 1, fourth: 2)
      : HypergeometricSeries(first: shape, second: model.b + Double(repeats), third: total, fourth: 1)
  }

  /// The expected number of repeats within some days after an age in days.
  ///
  /// - Complexity: O(log ε / log y) terms, a few dozen but for the very young.
  public func expected(age: Double, within days: Double) -> Double {
    var z = days / (model.alpha * model.daysPerUnit + age)
    expect(&z, count: 1)
    return z
  }

  /// Replaces relative times z, ascending, by the repeats expected within them.
  private func expect(_ times: UnsafeMutablePointer<Double>, count: Int) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * count) { scratch in
      guard let ratios = scratch.baseAddress else { return }
      let (terms, sums) = (ratios + count, ratios + 2 * count)
      for index in 0..<count {
        let z = times[index]
        ratios[index] = z / (1 + z)
        terms[index] = isTransformed ? (total - shape) * ratios[index] : 1
        sums[index] = 0
      }
      withUnsafePointer(to: series) { vector_hypergeometric_series($0, ratios, count, terms, sums) }
      for index in 0..<count { times[index] = expected(times[index], series: sums[index]) }
    }
  }

  @inline(__always)
  private func expected(_ z: Double, series: Double) -> Double {
    let growth = log1p(z)
    guard isTransformed else {
      return total / (model.a - 1) * (1 - exp(-shape * growth) * series)
    }
    let power = (1 - model.a) * growth
    let ratio = abs(power) < 1e-8 ? 1 + power / 2 : expm1(power) / power
    return total * growth * ratio - exp(power) * series
  }

  /// The repeats expected in each of the coming months, discounted to today: Σₘ (E(m) − E(m − 1))/(1 + rate)^(m/12).
  ///
  /// - Parameters:
  ///   - age: days from the origin to today.
  ///   - annualRate: yearly discount rate, 0.1 for 10 %.
  /// - Complexity: O(months × terms), the series of all months side by side.
  public func discounted(age: Double, months: Int, annualRate: Double) -> Double {
    let count = max(months, 1)
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { scratch in
      guard let until = scratch.baseAddress else { return 0 }
      let unit = Self.daysPerMonth / (model.alpha * model.daysPerUnit + age)
      for month in 0..<count { until[month] = Double(month + 1) * unit }
      expect(until, count: count)
      let monthlyFactor = pow(1 + annualRate, -1.0 / 12)
      var factor = 1.0
      var sum = 0.0
      var before = 0.0
      for month in 0..<count {
        factor *= monthlyFactor
        sum += (until[month] - before) * factor
        before = until[month]
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
