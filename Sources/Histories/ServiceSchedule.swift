/// Maintenance intervals of one kind of vehicle.
public struct ServiceSchedule: Sendable, Hashable {
  public var firstMonths: Double
  public var firstKm: Double
  public var months: Double
  public var km: Double

  public init(firstMonths: Double, firstKm: Double, months: Double, km: Double) {
    self.firstMonths = firstMonths
    self.firstKm = firstKm
    self.months = months
    self.km = km
  }

  /// Mean length of a month in the Gregorian calendar, in days.
  @inlinable public static var daysPerMonth: Double { 30.436_875 }

  /// The intervals of a powertrain when the data name none: combustion and hybrid cars every 6 months or 7,500 km
  /// (first at 3 months or 5,000 km), battery cars every 12 months or 20,000 km (first at 6 months or 10,000 km).
  public static func standard(powertrain: UInt8) -> ServiceSchedule {
    Vocabularies.powertrain.word(powertrain) == "BEV"
      ? ServiceSchedule(firstMonths: 6, firstKm: 10_000, months: 12, km: 20_000)
      : ServiceSchedule(firstMonths: 3, firstKm: 5_000, months: 6, km: 7_500)
  }
}

/// The schedules that the data name, by model and powertrain; `*` stands for any.
struct ScheduleTable {
  private struct Key: Hashable {
    var model: String
    var powertrain: String
  }

  private var entries: [Key: ServiceSchedule] = [:]

  mutating func add(model: String, powertrain: String, _ schedule: ServiceSchedule) {
    entries[Key(model: model.isEmpty ? "*" : model, powertrain: powertrain.isEmpty ? "*" : powertrain)] =
      schedule
  }

  /// The most specific entry: model and powertrain, model, powertrain, any; the standard when there is none.
  func schedule(model: String?, powertrain: UInt8) -> ServiceSchedule {
    let power = Vocabularies.powertrain.word(powertrain)
    for key in [(model, power), (model, "*"), ("*", power), ("*", "*")] {
      guard let model = key.0, let power = key.1 else { continue }
      if let found = entries[Key(model: model, powertrain: power)] { return found }
    }
    return .standard(powertrain: powertrain)
  }
}
