import Features
import Histories

/// A handful of rows written by hand: one customer C1 with one combustion car, delivered and owned from 2022-01-01,
/// beside whatever a test adds.
struct SmallData {
  static let vin = "LSVAA49J132047371"
  static let start = Day(year: 2022, month: 1, day: 1)

  var owners = ["\(Self.vin),C1,2022-01-01,,"]
  var vehicles = ["\(Self.vin),C1,Aster,ICE,private,2022-01-01"]
  var customers = ["C1,D1"]
  var packages: [String] = []
  /// Declared targets to load.
  var targets: Set<String> = []
  /// visit_id, dealer_id, opened_at, closed_at, status, odometer_km, odometer_replaced, classes, customer_paid, adviser_id,
  /// recorded_at, of customer C1 and the car.
  var visits: [String] = []
  /// Further files by name, or in place of those made here.
  var files: [String: String] = [:]

  /// One settled order of a day.
  mutating func add(
    _ id: String, _ day: String, _ classes: String = "maintenance", paid: String = "500", km: String = "",
    dealer: String = "D1", closed: String? = nil, replaced: Bool = false, recorded: String = "",
    adviser: String = "", status: String = "settled"
  ) {
    visits.append(
      "\(id),\(dealer),\(day) 09:00:00,\(closed ?? day) 12:00:00,\(status),\(km),\(replaced),\(classes),\(paid),"
        + "\(adviser),\(recorded)")
  }

  /// - Parameter more: texts of further tables, by name.
  func load(_ more: [String: String] = [:]) throws -> Histories {
    let folder = try TemporaryFolder()
    for (name, text) in more { try folder.write("\(name).csv", text) }
    func table(_ name: String, _ header: String, _ rows: [String]) throws {
      try folder.write("\(name).csv", ([header] + rows).joined(separator: "\n") + "\n")
    }
    try table("customers", "customer_id,dealer_id", customers)
    try table(
      "vehicles", "vin,customer_id,model,powertrain,use_type,delivered_on,warranty_ends_on,warranty_km",
      vehicles)
    try table("ownerships", "vin,customer_id,from,to,end_reason", owners)
    try table("packages", "vin,bought_on,visits_total,expires_on", packages)
    try table(
      "visits",
      "visit_id,customer_id,vin,dealer_id,opened_at,closed_at,status,odometer_km,odometer_replaced,classes,"
        + "customer_paid,adviser_id,recorded_at",
      visits.map { row in
        let cells = row.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        return "\(cells[0]),C1,\(Self.vin),\(cells[1])"
      })
    for (name, text) in files { try folder.write(name, text) }
    var options = Histories.LoadOptions()
    options.targets = targets
    return try Histories.load(folder.path, options: options)
  }

  /// The features of the first relation.
  func features(asOf: String) throws -> (Feature) -> Double {
    let values = AsOfView(histories: try load(), asOf: Day(asOf)!).features(of: [0])
    return { values[0, $0.rawValue] }
  }

  func population(asOf: String, label: LapseLabel? = nil) throws -> Population {
    AsOfView(histories: try load(), asOf: Day(asOf)!).population(label: label)
  }

  /// What becomes of the first relation; `nil` when it is not active.
  func outcome(asOf: String, _ label: LapseLabel) throws -> LapseOutcome? {
    let population = try population(asOf: asOf, label: label)
    return population.relations.firstIndex(of: 0).map { population.outcomes[$0] }
  }
}
