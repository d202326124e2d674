/// A declared target with its events.
public struct DeclaredTarget: Sendable {
  public let definition: TargetDefinition
  public let events: TargetEvents
}

/// The events of a declared target, one contiguous run per golden customer or vehicle, sorted by day.
public final class TargetEvents: @unchecked Sendable {
  private let match: TargetDefinition.Match
  private let starts: Buffer<Int32>
  private let days: Buffer<Day>
  /// The vehicle of each event, or one of the two below.
  private let vehicles: Buffer<Int32>

  /// No vehicle is named.
  static let noVehicle: Int32 = -1
  /// A vehicle that is not among those loaded.
  static let strangeVehicle: Int32 = -2

  init(
    match: TargetDefinition.Match, owners: Buffer<Int32>, days: Buffer<Day>, vehicles: Buffer<Int32>,
    ownerCount: Int
  ) {
    self.match = match
    let runs = EventRuns(owners: owners, days: days, ownerCount: ownerCount)
    starts = runs.starts
    self.days = runs.moved(days)
    self.vehicles = runs.moved(vehicles)
  }

  public var count: Int { days.count }

  /// Whether an event of the relation lies in (after, through].
  ///
  /// - Parameters:
  ///   - customer: golden customer row.
  ///   - vehicle: vehicle row.
  /// - Complexity: O(events of the customer or vehicle).
  public func happens(customer: Int32, vehicle: Int32, after: Day, through: Day) -> Bool {
    let owner = Int(match == .vehicle ? vehicle : customer)
    for event in Int(starts.base[owner])..<Int(starts.base[owner + 1]) {
      let day = days.base[event]
      if day > through { return false }
      if day > after, concerns(vehicles.base[event], vehicle) { return true }
    }
    return false
  }

  private func concerns(_ own: Int32, _ vehicle: Int32) -> Bool {
    switch match {
    case .customer, .vehicle: true
    case .relation: own == vehicle
    case .otherVehicle: own != vehicle && own != Self.noVehicle
    }
  }
}
