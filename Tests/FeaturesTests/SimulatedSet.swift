import DuckDB
import Foundation
import Histories
import Simulation

/// Simulated histories made harder: orders split over days and stores, orders known late, unpaid balances.
enum SimulatedSet {
  static let asOf = Day(year: 2024, month: 9, day: 15)
  static let laterAsOf = Day(year: 2025, month: 8, day: 3)

  static let tables = [
    "customers", "vehicles", "ownerships", "purchases", "visits", "surveys", "complaints", "contacts",
    "packages", "schedules", "advisers", "dealers",
  ]

  /// The set shared by the suites; made once.
  static let shared = try! make()
  static let histories = try! Histories.load(shared.path)
  static let raw = try! RawData(folder: shared.path)

  private static func make() throws -> TemporaryFolder {
    let simulated = try TemporaryFolder()
    let options = SimulationOptions(customers: 450, seed: 20)
    _ = try Simulator(options: options).write(to: simulated.url.appendingPathComponent("data"))
    let folder = try TemporaryFolder()
    try rewrite(simulated.path + "/data", to: folder.path, changes: hardening)
    // What a static value holds is not released at the end.
    atexit { try? FileManager.default.removeItem(at: SimulatedSet.shared.url) }
    return folder
  }

  /// Copies the tables of a folder, changed by SQL statements on tables of the same names.
  static func rewrite(_ source: String, to target: String, changes: [String]) throws {
    let connection = try Database(settings: ["threads": "1"]).connect()
    for table in tables {
      try connection.execute(
        "CREATE TABLE \(table) AS SELECT * FROM read_parquet('\(source)/\(table).parquet')")
    }
    for change in changes { try connection.execute(change) }
    for table in tables {
      try connection.execute("COPY \(table) TO '\(target)/\(table).parquet' (FORMAT parquet)")
    }
  }

  static let hardening = [
    "ALTER TABLE visits ADD COLUMN recorded_at TIMESTAMP",
    // A further order of the visit on the same or the next day, some at another store, none with a reading.
    """
    INSERT INTO visits BY NAME
    SELECT * REPLACE (
      visit_id || 'b' AS visit_id, opened_at + INTERVAL (hash(visit_id) % 3) DAY AS opened_at,
      closed_at + INTERVAL (hash(visit_id) % 3) DAY AS closed_at, NULL AS odometer_km,
      CASE WHEN hash(visit_id) % 5 = 0 THEN 'D1001' ELSE dealer_id END AS dealer_id,
      CASE hash(visit_id) % 4 WHEN 0 THEN 'repair' WHEN 1 THEN 'maintenance' WHEN 2 THEN 'warranty' ELSE 'accessory'
      END AS classes,
      CASE WHEN hash(visit_id) % 2 = 0 THEN 0 ELSE 88.5 END AS customer_paid, 0 AS package_paid)
    FROM visits WHERE hash(visit_id) % 6 = 0 AND status = 'settled'
    """,
    // Other stores, late knowledge, balances, missing amounts.
    "UPDATE visits SET dealer_id = 'D1001' WHERE hash(visit_id || 's') % 11 = 0",
    """
    UPDATE visits SET recorded_at = opened_at + INTERVAL (hash(visit_id || 'r') % 60) DAY
    WHERE hash(visit_id || 'r') % 5 = 0
    """,
    "UPDATE visits SET unpaid = 55 WHERE hash(visit_id || 'u') % 29 = 0",
    "UPDATE visits SET customer_paid = NULL WHERE hash(visit_id || 'n') % 31 = 0",
  ]
}
