import DuckDB
import Foundation
import Histories
import Simulation
import Testing

/// Simulated data that the SQL oracle and the sweep both read.
enum OracleSet {
  /// What makes a set.
  struct Kind: Sendable, CustomTestStringConvertible {
    var name: String
    var options: SimulationOptions
    /// Statements that make it harder; none leaves the files as they were written.
    var changes: [String] = []

    var testDescription: String { name }
  }

  static let until = Day(year: 2026, month: 6, day: 30)
  static let dates = [
    Day(year: 2024, month: 11, day: 17), Day(year: 2025, month: 8, day: 3), until,
  ]

  static let clean = Kind(
    name: "clean, made harder", options: SimulationOptions(customers: 2600, seed: 41, until: until),
    changes: SimulatedSet.hardening + hardening)
  static let dirty = Kind(
    name: "dirty",
    options: SimulationOptions(customers: 2600, seed: 42, until: until, format: .csv, dirt: 0.05))

  /// Larger and dirtier ones, for a soak.
  static let soak: [Kind] = (0..<3).flatMap { round in
    [
      Kind(
        name: "clean, made harder, seed \(100 + round)",
        options: SimulationOptions(customers: 12_000, seed: UInt64(100 + round), until: until),
        changes: SimulatedSet.hardening + hardening),
      Kind(
        name: "dirty, seed \(200 + round)",
        options: SimulationOptions(
          customers: 12_000, seed: UInt64(200 + round), until: until, format: .csv,
          dirt: [0.02, 0.1, 0.2][round])),
    ]
  }

  static func make(_ kind: Kind) throws -> TemporaryFolder {
    let simulated = try TemporaryFolder()
    let written = simulated.url.appendingPathComponent("data")
    _ = try Simulator(options: kind.options).write(to: written)
    let folder = try TemporaryFolder()
    let connection = try Database(settings: ["threads": "2"]).connect()
    for table in CanonicalTable.all {
      for suffix in ["parquet", "csv"] {
        let source = written.appendingPathComponent("\(table.name).\(suffix)")
        guard FileManager.default.fileExists(atPath: source.path) else { continue }
        if kind.changes.isEmpty {
          try FileManager.default.moveItem(
            at: source, to: folder.url.appendingPathComponent("\(table.name).\(suffix)"))
        } else {
          try connection.execute("CREATE TABLE \(table.name) AS SELECT * FROM read_parquet('\(source.path)')")
        }
      }
    }
    for change in kind.changes { try connection.execute(change) }
    if !kind.changes.isEmpty {
      for table in CanonicalTable.all where (try? connection.execute("FROM \(table.name) LIMIT 0")) != nil {
        try connection.execute(
          "COPY \(table.name) TO '\(folder.path)/\(table.name).parquet' (FORMAT parquet)")
      }
    }
    return folder
  }

  /// What the simulator does not write: gaps in every table, replaced odometers, orders twice, cars and owners of whom
  /// little is known.
  private static let hardening = [
    // Odometers that were replaced: the readings from then on begin anew.
    """
    CREATE TABLE swaps AS SELECT vin, min(opened_at) AS at, arg_min(odometer_km, opened_at) AS km FROM visits
    WHERE hash(vin || 'o') % 23 = 0 AND hash(visit_id || 'o') % 2 = 0 AND odometer_km IS NOT NULL GROUP BY vin
    """,
    """
    UPDATE visits SET odometer_replaced = visits.opened_at = s.at, odometer_km = visits.odometer_km - s.km
    FROM swaps s WHERE s.vin = visits.vin AND visits.opened_at >= s.at AND visits.odometer_km >= s.km
    """,
    "DROP TABLE swaps",
    // Roll-backs and jumps.
    "UPDATE visits SET odometer_km = odometer_km // 3 WHERE hash(visit_id || 'b') % 41 = 0",
    "UPDATE visits SET odometer_km = odometer_km + 600000 WHERE hash(visit_id || 'j') % 67 = 0",
    // The same order twice, also later in the file; several classes.
    "INSERT INTO visits SELECT * FROM visits WHERE hash(visit_id || 't') % 37 = 0",
    "UPDATE visits SET classes = classes || '|rework' WHERE hash(visit_id || 'w') % 19 = 0",
    "UPDATE visits SET classes = 'recall|' || classes WHERE hash(visit_id || 'q') % 29 = 0",
    // Nobody knows the store, the adviser, the estimate, the promised time, what was paid.
    "UPDATE visits SET dealer_id = NULL WHERE hash(visit_id || 'd') % 43 = 0",
    "UPDATE visits SET adviser_id = NULL WHERE hash(visit_id || 'a') % 13 = 0",
    "UPDATE visits SET promised_at = NULL WHERE hash(visit_id || 'p') % 5 = 0",
    "UPDATE visits SET customer_paid = NULL, package_paid = NULL WHERE hash(vin || 'n') % 53 = 0",
    "UPDATE visits SET closed_at = opened_at - INTERVAL 3 HOUR WHERE hash(visit_id || 'c') % 71 = 0",
    "UPDATE visits SET closed_at = opened_at + INTERVAL 40 DAY WHERE hash(visit_id || 'l') % 61 = 0",
    "UPDATE visits SET closed_at = NULL WHERE hash(visit_id || 'm') % 59 = 0",
    // Vehicles and customers of whom little is known.
    "UPDATE vehicles SET model = NULL WHERE hash(vin || 'm') % 31 = 0",
    "UPDATE vehicles SET powertrain = NULL WHERE hash(vin || 'p') % 31 = 0",
    "UPDATE vehicles SET use_type = NULL WHERE hash(vin || 'u') % 31 = 0",
    "UPDATE vehicles SET delivered_on = NULL WHERE hash(vin || 'd') % 31 = 0",
    "UPDATE vehicles SET warranty_ends_on = NULL WHERE hash(vin || 'w') % 31 = 0",
    "UPDATE vehicles SET warranty_km = NULL WHERE hash(vin || 'k') % 31 = 0",
    "ALTER TABLE vehicles ADD COLUMN extended_warranty_ends_on DATE",
    "UPDATE vehicles SET extended_warranty_ends_on = warranty_ends_on + 700 WHERE hash(vin || 'e') % 7 = 0",
    "DELETE FROM vehicles WHERE hash(vin || 'x') % 47 = 0",
    "DELETE FROM ownerships WHERE hash(vin || 'x') % 17 = 0",
    "UPDATE customers SET dealer_id = NULL WHERE hash(customer_id || 'd') % 31 = 0",
    "UPDATE customers SET owner_type = NULL WHERE hash(customer_id || 'o') % 31 = 0",
    // Owners who came back, and purchases twice.
    """
    INSERT INTO ownerships BY NAME SELECT * REPLACE ("to" + 200 AS "from", NULL AS "to", NULL AS end_reason) FROM ownerships
    WHERE "to" IS NOT NULL AND hash(vin || 'r') % 3 = 0
    """,
    """
    INSERT INTO purchases BY NAME SELECT * REPLACE (purchase_id || 'b' AS purchase_id, date + 300 AS date,
      'used' AS condition, NULL AS loan_ends_on) FROM purchases WHERE hash(vin || 'b') % 11 = 0
    """,
    // Schedules of a model, and of none.
    """
    INSERT INTO schedules BY NAME SELECT DISTINCT model, '*' AS powertrain, 4 AS first_service_months,
      6000 AS first_service_km, 9 AS months, 11000 AS km FROM vehicles WHERE hash(model) % 3 = 0
    """,
    "DELETE FROM schedules WHERE powertrain = 'HEV'",
    // Scales of other sizes, answers of one day, packages without a number or an end, complaints that are not settled.
    "UPDATE surveys SET score = score / 2.0 + 0.5, scale_max = 5.5 WHERE hash(survey_id || 's') % 7 = 0 AND kind <> 'nps'",
    "UPDATE surveys SET scale_max = NULL WHERE hash(survey_id || 'n') % 13 = 0",
    """
    INSERT INTO surveys BY NAME SELECT * REPLACE (survey_id || 'b' AS survey_id, scale_min AS score) FROM surveys
    WHERE hash(survey_id || 'b') % 17 = 0
    """,
    "UPDATE packages SET visits_total = NULL WHERE hash(vin || 'v') % 11 = 0",
    "UPDATE packages SET expires_on = NULL WHERE hash(vin || 'e') % 11 = 0",
    """
    INSERT INTO packages BY NAME SELECT * REPLACE (bought_on + 100 AS bought_on, expires_on + 100 AS expires_on)
    FROM packages WHERE hash(vin || 'b') % 5 = 0
    """,
    "UPDATE complaints SET severity = NULL WHERE hash(complaint_id || 's') % 7 = 0",
    "UPDATE complaints SET closed_on = NULL WHERE hash(complaint_id || 'c') % 5 = 0",
    "UPDATE complaints SET reopened_on = closed_on + 20 WHERE hash(complaint_id || 'r') % 5 = 0",
  ]
}
