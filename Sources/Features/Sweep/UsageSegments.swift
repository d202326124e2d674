import Histories
import Statistics

/// The distribution of own rates in one model and use.
struct UsageSegment: BitwiseCopyable {
  var median: Double
  var low: Double
  var high: Double

  static let unknown = UsageSegment(median: .nan, low: .nan, high: .nan)
}

/// The own rates of all relations, nine bytes each.
struct UsageRates: @unchecked Sendable {
  /// Km per day, NaN without two readings at least 30 days apart.
  private let kmPerDay: Buffer<Double>
  /// Readings that took part, at most `UsageRate.maximumReadings`.
  private let readings: Buffer<UInt8>

  /// - Parameter count: relations, all of them without a rate at first.
  init(count: Int) {
    kmPerDay = Buffer(repeating: .nan, count: count)
    readings = Buffer(repeating: 0, count: count)
  }

  @inline(__always)
  subscript(relation: Int) -> UsageRate {
    get { UsageRate(kmPerDay: kmPerDay.base[relation], readings: Int32(readings.base[relation])) }
    nonmutating set {
      kmPerDay.base[relation] = newValue.kmPerDay
      readings.base[relation] = UInt8(newValue.readings)
    }
  }
}

/// Usage by model and use type; small segments fall back to the use type, then to all.
struct UsageSegments: @unchecked Sendable {
  /// Relations with an own rate that a segment needs to speak for itself.
  private static let minimum = 20
  /// Every use type, and one for unknown ones.
  private static let useCount = Vocabularies.useType.words.count + 1

  private let segments: [UsageSegment]
  private let vehicles: Vehicles
  private let models: UnsafePointer<Int32>
  private let useTypes: UnsafePointer<UInt8>

  /// - Complexity: O(relations)
  init(_ histories: Histories, _ usage: UsageRates) {
    vehicles = histories.vehicles
    models = UnsafePointer(vehicles.models.base)
    useTypes = UnsafePointer(vehicles.useTypes.base)
    let useCount = Self.useCount
    let vehicleOfRelation = UnsafePointer(histories.relations.vehicles.base)
    var rates: [[Double]] = Array(repeating: [], count: useCount * (vehicles.modelNames.count + 1))
    for relation in 0..<histories.relations.count {
      let own = usage[relation]
      guard own.readings > 0 else { continue }
      let vehicle = Int(vehicleOfRelation[relation])
      rates[Self.index(model: models[vehicle], use: useTypes[vehicle])].append(own.kmPerDay)
    }
    // Most segments speak for themselves: what stands in for the others is made when one needs it.
    lazy var all = Self.summary(rates.flatMap { $0 }) ?? .unknown
    var ofUses = [UsageSegment?](repeating: nil, count: useCount)
    segments = rates.indices.map { index in
      if rates[index].count >= Self.minimum, let own = Self.summary(rates[index]) { return own }
      let use = index % useCount
      if let known = ofUses[use] { return known }
      let together = stride(from: use, to: rates.count, by: useCount).flatMap { rates[$0] }
      let summary = together.count >= Self.minimum ? Self.summary(together) ?? all : all
      ofUses[use] = summary
      return summary
    }
  }

  @inline(__always)
  private static func index(model: Int32, use: UInt8) -> Int {
    (Int(model) + 1) * useCount + min(Int(use), useCount - 1)
  }

  /// The segment that a vehicle belongs to.
  @inline(__always)
  func segment(vehicle: Int) -> UsageSegment {
    segments[Self.index(model: models[vehicle], use: useTypes[vehicle])]
  }

  private static func summary(_ rates: [Double]) -> UsageSegment? {
    guard !rates.isEmpty else { return nil }
    var rates = rates
    return rates.withUnsafeMutableBufferPointer { rates in
      let quantiles = Selection.quantiles([0.01, 0.5, 0.99], of: rates)
      return UsageSegment(median: quantiles[1], low: max(quantiles[0], 0.1), high: quantiles[2])
    }
  }
}
