/// One model of the two invented brands.
struct VehicleModel: Sendable {
  let brand: String
  let name: String
  let powertrain: Powertrain
  let listPrice: Double
  /// Share of sales.
  let weight: Double
}

/// A maintenance schedule: months and kilometres, whichever comes first.
struct Schedule: Sendable {
  let firstMonths: Double
  let firstKilometres: Double
  let months: Double
  let kilometres: Double
}

/// The invented brands' models and their schedules.
enum VehicleCatalogue {
  static let models: [VehicleModel] = [
    VehicleModel(brand: "Norvane", name: "N2", powertrain: .ice, listPrice: 89_800, weight: 14),
    VehicleModel(brand: "Norvane", name: "N3", powertrain: .ice, listPrice: 119_800, weight: 18),
    VehicleModel(brand: "Norvane", name: "N5", powertrain: .ice, listPrice: 169_800, weight: 16),
    VehicleModel(brand: "Norvane", name: "N7", powertrain: .ice, listPrice: 239_800, weight: 9),
    VehicleModel(brand: "Norvane", name: "Porter", powertrain: .ice, listPrice: 109_800, weight: 5),
    VehicleModel(brand: "Norvane", name: "N3 Hybrid", powertrain: .hev, listPrice: 139_800, weight: 7),
    VehicleModel(brand: "Norvane", name: "N7 Hybrid", powertrain: .hev, listPrice: 269_800, weight: 5),
    VehicleModel(brand: "Tessaly", name: "P5", powertrain: .phev, listPrice: 179_800, weight: 6),
    VehicleModel(brand: "Tessaly", name: "P8", powertrain: .phev, listPrice: 309_800, weight: 4),
    VehicleModel(brand: "Tessaly", name: "E1", powertrain: .bev, listPrice: 99_800, weight: 5),
    VehicleModel(brand: "Tessaly", name: "E3", powertrain: .bev, listPrice: 159_800, weight: 7),
    VehicleModel(brand: "Tessaly", name: "E6", powertrain: .bev, listPrice: 259_800, weight: 4),
  ]

  /// Cars of other makes, as invented as ours, that people come with.
  static let rivals: [(brand: String, name: String)] = [
    ("Corvale", "C4"), ("Corvale", "C6"), ("Hestan", "Vela"), ("Hestan", "Lumen"), ("Ostrel", "X1"),
    ("Ostrel", "X3"), ("Yarwen", "Y2"), ("Yarwen", "Y7"),
  ]

  static let weights = models.map(\.weight)

  static let daysPerMonth = 30.44

  /// By raw value of the powertrain.
  static let schedules: [Schedule] = [
    Schedule(firstMonths: 3, firstKilometres: 5_000, months: 6, kilometres: 7_500),
    Schedule(firstMonths: 3, firstKilometres: 5_000, months: 6, kilometres: 7_500),
    Schedule(firstMonths: 3, firstKilometres: 5_000, months: 6, kilometres: 10_000),
    Schedule(firstMonths: 6, firstKilometres: 10_000, months: 12, kilometres: 20_000),
  ]

  static let warrantyMonths = 36
  static let warrantyDays = 1096.0
  static let warrantyKilometres = 100_000.0
}
