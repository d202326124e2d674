internal import Foundation
internal import Statistics

/// How far ahead repeats are counted, and what later ones are worth less.
///
/// Discounted repeats are Σₘ (E(m) − E(m − 1))/(1 + rate)ᵐ over months m: what comes within a month counts at its end.
/// Any horizon is a weighted sum of expectations E(t) at a few times t. Beyond some years E, which is smooth in ln t, is
/// taken at Chebyshev points of spans that double in length, with weights that are exact for polynomials: a nearest
/// singular point t ≤ 0 lies three half-widths away, so that 16 points err by (3 + √8)⁻¹⁶ = 6e-13 of E.
public struct RepeatHorizon: Sendable, Hashable {
  /// Ascending times in the unit of the data.
  let times: [Double]
  /// Weight of the repeats expected until each of them.
  let weights: [Double]

  /// Least discount a month of an endless horizon.
  public static let leastEndlessRate = 1e-5
  /// Months that are taken one by one.
  private static let singleMonths = 48
  private static let points = 16
  /// An endless horizon ends where a month counts this little.
  private static let negligible = 1e-10
  private static let mostMonths = 1e7

  /// The time ahead, where all repeats count fully; `nil` for a discounted horizon.
  var undiscountedTime: Double? {
    if times.isEmpty { return 0 }
    return times.count == 1 && weights[0] == 1 ? times[0] : nil
  }

  /// Repeats within a time, each counting fully.
  ///
  /// - Throws: `RepeatModelError` when the time is negative or not finite.
  public init(time: Double) throws(RepeatModelError) {
    guard time >= 0, time.isFinite else { throw RepeatModelError(.horizon) }
    self.init(times: time > 0 ? [time] : [], weights: time > 0 ? [1] : [])
  }

  private init(times: [Double], weights: [Double]) {
    self.times = times
    self.weights = weights
  }

  /// Repeats of the coming months, discounted to today.
  ///
  /// - Parameters:
  ///   - months: how many; `nil` for an endless horizon (the residual value).
  ///   - monthlyRate: 0.01 for 1 % a month.
  ///   - unitsPerMonth: length of a month in the unit of the data.
  /// - Throws: `RepeatModelError` for a negative number or rate, or an endless horizon with next to no discount.
  /// - Complexity: O(months)
  public init(months: Int?, monthlyRate: Double, unitsPerMonth: Double) throws(RepeatModelError) {
    guard monthlyRate >= 0, monthlyRate.isFinite, unitsPerMonth > 0, unitsPerMonth.isFinite,
      months ?? 0 >= 0, months != nil || monthlyRate >= Self.leastEndlessRate
    else { throw RepeatModelError(.horizon) }
    if monthlyRate == 0, let months {
      try self.init(time: Double(months) * unitsPerMonth)
      return
    }
    let logFactor = -log1p(monthlyRate)
    let endless = Int(min((log(Self.negligible) / logFactor).rounded(.up), Self.mostMonths))
    let most = min(months ?? endless, endless)
    // Summed by parts: E(m) counts with the discount of its own month less that of the next.
    let weight = { (month: Int) in
      exp(Double(month) * logFactor) * (month == most ? 1 : -expm1(logFactor))
    }
    var (times, weights): ([Double], [Double]) = ([], [])
    var month = 1
    while month <= most, month <= Self.singleMonths {
      times.append(Double(month))
      weights.append(weight(month))
      month += 1
    }
    while month <= most {
      let end = min(2 * month, most + 1)
      let nodes = ChebyshevNodes(from: Double(month), to: Double(end), count: Self.points)
      times += nodes.places
      weights += nodes.weights(of: (month..<end).lazy.map { (Double($0), weight($0)) })
      month = end
    }
    self.init(times: times.map { $0 * unitsPerMonth }, weights: weights)
  }
}
