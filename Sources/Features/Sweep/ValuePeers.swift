import Histories
import LinearAlgebra
import Statistics

/// What all relations together say about the worth of one: models of who is still there, and quintile bounds among the
/// active ones.
struct ValuePeers: @unchecked Sendable {
  let alive: AliveModels
  let recencyBounds: QuintileBounds
  let frequencyBounds: QuintileBounds
  let marginBounds: QuintileBounds

  /// - Parameters:
  ///   - facts: of every relation.
  ///   - kmPerDay: usage of every relation, shrunk.
  ///   - scope: without the value of relations there are no quintiles.
  init(
    histories: Histories, facts: Buffer<ValueFacts>, kmPerDay: (_ relation: Int, _ vehicle: Int) -> Double,
    scope: FeatureScope,
    parallel: Parallel
  ) {
    let columns = FactColumns(histories)
    var powertrains: [UInt8] = []
    var (recencies, frequencies, margins) = ([Double](), [Double](), [Double]())
    for relation in 0..<histories.relations.count {
      let vehicle = Int(columns.vehicleOfRelation[relation])
      powertrains.append(UInt8(AliveModels.index(powertrain: columns.powertrains[vehicle])))
      let fact = facts.base[relation]
      guard scope == .everything, fact.isCurrent else { continue }
      let schedule = columns.schedules[Int(columns.scheduleOfVehicle[vehicle])]
      let usage = kmPerDay(relation, vehicle)
      let interval = DueState.interval(schedule, isFirst: fact.awaitsFirstService, kmPerDay: usage)
      guard fact.isActive(interval: interval) else { continue }
      recencies.append(fact.relativeRecency(interval: interval))
      let regular = DueState.interval(schedule, isFirst: false, kmPerDay: usage)
      let frequency = fact.relativeFrequency(regularInterval: regular)
      if !frequency.isNaN { frequencies.append(frequency) }
      if !fact.margin730.isNaN { margins.append(fact.margin730) }
    }
    recencyBounds = QuintileBounds(&recencies)
    frequencyBounds = QuintileBounds(&frequencies)
    marginBounds = QuintileBounds(&margins)
    alive = AliveModels(facts.values, powertrains: powertrains, scope: scope, parallel: parallel)
  }
}

/// The four quantiles between five equal parts of a population.
struct QuintileBounds {
  private let bounds: [Double]

  /// The values change places.
  init(_ values: inout [Double]) {
    guard !values.isEmpty else {
      bounds = []
      return
    }
    bounds = values.withUnsafeMutableBufferPointer { values in
      Selection.quantiles([0.2, 0.4, 0.6, 0.8], of: values)
    }
  }

  /// 1 for the lowest fifth to 5 for the highest, a value on a bound counting down; NaN for NaN and without a population.
  func quintile(_ value: Double) -> Double {
    guard !value.isNaN, !bounds.isEmpty else { return .nan }
    return 1 + Double(bounds.count { $0 < value })
  }
}
