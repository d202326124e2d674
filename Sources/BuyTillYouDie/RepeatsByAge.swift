internal import Foundation
internal import Statistics

/// The repeats to expect of somebody who is alive, for one number of repeats so far and some horizons, as a table by age.
///
/// Of each phase of the present interval, E(z) with z = t/(α + T) is tabled first where the horizons need many t, then
/// the weighted sum over each horizon's times by α + T.
public struct RepeatsByAge: Sendable {
  private let model: BetaGeometric
  private let horizons: Int
  /// By phase and horizon; `nil` where all horizons are 0.
  private let table: ChebyshevTable?

  /// Horizons with more times have E(z) tabled.
  private static let fewTimes = 4

  /// - Parameter ages: the least and the greatest T that will be asked for, in the unit of the data; what is given for an
  ///   age does not depend on them.
  /// - Complexity: some hundred sums over phases, whatever the horizon
  public init(
    _ model: BetaGeometric, repeats: Int, ages: ClosedRange<Double>, within horizon: RepeatHorizon
  ) {
    self.init(
      model, repeats: repeats, scales: model.alpha + ages.lowerBound...model.alpha + ages.upperBound,
      within: [horizon])
  }

  /// - Parameter scales: the same of α + T, where covariates give customers an α of their own.
  init(
    _ model: BetaGeometric, repeats: Int, scales: ClosedRange<Double>, within horizons: [RepeatHorizon]
  ) {
    self.model = model
    self.horizons = horizons.count
    let times = horizons.flatMap(\.times)
    guard let first = times.min(), let last = times.max() else {
      table = nil
      return
    }
    // In units of α, and whole octaves.
    let scales = scales.lowerBound / model.alpha...scales.upperBound / model.alpha
    let least = scalbn(1, Int(scales.lowerBound.exponent)) * model.alpha
    let greatest = scalbn(2, Int(scales.upperBound.exponent)) * model.alpha
    let k = model.k
    let phases = (0..<k).map { PhaseRepeats(model, repeats: repeats, phases: $0) }
    let direct = { (z: Double, values: UnsafeMutableBufferPointer<Double>) in
      for phase in 0..<k { values[phase] = phases[phase].expected(z) }
    }
    let tabled =
      times.count > Self.fewTimes
      ? ChebyshevTable(first / greatest...last / least, functions: k, of: direct) : nil
    table = ChebyshevTable(scales, functions: k * horizons.count) { scale, sums in
      sums.update(repeating: 0)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: k) { values in
        for (index, horizon) in horizons.enumerated() {
          for (time, weight) in zip(horizon.times, horizon.weights) {
            let z = time / (scale * model.alpha)
            if let tabled { tabled.write(z, to: values) } else { direct(z, values) }
            for phase in 0..<k { sums[phase * horizons.count + index] += weight * values[phase] }
          }
        }
      }
    }
  }

  /// The repeats within the first horizon to expect of somebody who is alive and came last when the history says.
  ///
  /// - Parameter history: with the repeats and an age that the table was made for.
  /// - Complexity: O(k)
  public func callAsFunction(_ history: RepeatHistory) -> Double {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: horizons) { sums in
      sums.initialize(repeating: 0)
      add(1, history, alpha: model.alpha, to: sums)
      return sums[0]
    }
  }

  /// Adds so many times the repeats within each horizon, by an α of the customer's own.
  func add(
    _ times: Double, _ history: RepeatHistory, alpha: Double, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    guard let table else { return }
    let scale = (alpha + history.age) / model.alpha
    let shape = model.r + Double(model.k * history.repeats)
    let q = (history.age - history.last) / (alpha + history.age)
    var (share, total) = (1.0, 0.0)
    for phase in 0..<model.k {
      total += share
      share *= (shape + Double(phase)) / Double(phase + 1) * q
    }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: table.functions) { values in
      table.write(scale, to: values)
      share = times / total
      for phase in 0..<model.k {
        for horizon in 0..<horizons { sums[horizon] += share * values[phase * horizons + horizon] }
        share *= (shape + Double(phase)) / Double(phase + 1) * q
      }
    }
  }
}
