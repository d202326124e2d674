internal import Foundation
internal import Statistics

/// The repeats to expect of somebody who is alive, for one number of repeats so far and one horizon, as a table by age.
///
/// Of each phase of the present interval, E(z) with z = t/(α + T) is tabled first where the horizon needs many t, then
/// the weighted sum over the horizon's times by α + T.
public struct RepeatsByAge: Sendable {
  private let model: BetaGeometric
  /// By phase.
  private let tables: [ChebyshevTable]

  /// Horizons with more times have E(z) tabled.
  private static let fewTimes = 4

  /// - Parameter ages: the least and the greatest T that will be asked for, in the unit of the data; what is given for an
  ///   age does not depend on them.
  /// - Complexity: some hundred sums over phases, whatever the horizon
  public init(
    _ model: BetaGeometric, repeats: Int, ages: ClosedRange<Double>, within horizon: RepeatHorizon
  ) {
    self.model = model
    guard let first = horizon.times.first, let last = horizon.times.last else {
      tables = []
      return
    }
    // In units of α, and whole octaves.
    let scales = 1 + ages.lowerBound / model.alpha...1 + ages.upperBound / model.alpha
    let least = scalbn(1, Int(scales.lowerBound.exponent)) * model.alpha
    let greatest = scalbn(2, Int(scales.upperBound.exponent)) * model.alpha
    tables = (0..<model.k).map { phase in
      let expectation: (Double) -> Double
      let repeats = PhaseRepeats(model, repeats: repeats, phases: phase)
      if horizon.times.count > Self.fewTimes {
        expectation = ChebyshevTable(first / greatest...last / least, of: repeats.expected).callAsFunction
      } else {
        expectation = repeats.expected
      }
      return ChebyshevTable(scales) { scale in
        var sum = 0.0
        for (time, weight) in zip(horizon.times, horizon.weights) {
          sum += weight * expectation(time / (scale * model.alpha))
        }
        return sum
      }
    }
  }

  /// The repeats to expect of somebody who is alive and came last when the history says.
  ///
  /// - Parameter history: with the repeats and an age that the table was made for.
  /// - Complexity: O(k)
  public func callAsFunction(_ history: RepeatHistory) -> Double {
    guard let first = tables.first else { return 0 }
    let scale = 1 + history.age / model.alpha
    guard model.k > 1 else { return first(scale) }
    let shape = model.r + Double(model.k * history.repeats)
    let q = (history.age - history.last) / (model.alpha + history.age)
    var share = 1.0
    var (sum, total) = (0.0, 0.0)
    for phase in 0..<model.k {
      sum += share * tables[phase](scale)
      total += share
      share *= (shape + Double(phase)) / Double(phase + 1) * q
    }
    return sum / total
  }
}
