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
    "packages", "schedules", "advisers", "dealers", "visit_items", "insurance", "recalls",
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

  private static let hardening = [
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
    "UPDATE visits SET cost = NULL WHERE hash(visit_id || 'c') % 7 = 0",
    // Items of further orders, of no order, refused, credited, without an amount, and not exported at all.
    """
    INSERT INTO visit_items BY NAME SELECT * REPLACE (visit_id || 'b' AS visit_id, declined AND amount > 300 AS declined)
    FROM visit_items WHERE hash(visit_id) % 12 = 0
    """,
    "INSERT INTO visit_items SELECT 'X' || visit_id, 'tyre', 1, true FROM visit_items WHERE hash(visit_id) % 50 = 0",
    "UPDATE visit_items SET declined = true WHERE hash(visit_id || job_category) % 9 = 0",
    "UPDATE visit_items SET amount = -amount WHERE hash(visit_id || job_category) % 13 = 1",
    "UPDATE visit_items SET amount = NULL WHERE hash(visit_id || job_category) % 5 = 2",
    "DELETE FROM visit_items WHERE hash(visit_id || 'i') % 6 = 0",
    "UPDATE visit_items SET job_category = 'brake' WHERE job_category = 'engine'",
    // Policies of two kinds that overlap, of sellers that nobody knows, and of other lengths.
    """
    INSERT INTO insurance BY NAME SELECT * REPLACE (starts_on + 40 AS starts_on, ends_on + 40 AS ends_on,
      NOT sold_here AS sold_here, 950 AS premium, NULL AS commission) FROM insurance WHERE hash(vin) % 4 = 0
    """,
    "UPDATE insurance SET sold_here = NULL WHERE hash(vin || starts_on::VARCHAR) % 11 = 0",
    "UPDATE insurance SET premium = NULL WHERE hash(vin || starts_on::VARCHAR) % 10 = 0",
    "UPDATE insurance SET ends_on = ends_on - 200 WHERE hash(vin || starts_on::VARCHAR) % 8 = 0",
    // Recalls of every car, done before they were opened, later or never.
    """
    INSERT INTO recalls BY NAME SELECT vin, 'RX' AS campaign, DATE '2024-03-01' + (hash(vin) % 400)::INTEGER AS opened_on,
      CASE hash(vin) % 3 WHEN 0 THEN NULL ELSE DATE '2024-02-01' + (hash(vin || 'd') % 900)::INTEGER END AS done_on
    FROM vehicles WHERE hash(vin || 'r') % 3 = 0
    """,
    // More sales on recommendation, some with a loss, some of the buyer's own.
    "UPDATE purchases SET gross_margin = -gross_margin WHERE hash(purchase_id) % 9 = 0",
    "UPDATE purchases SET gross_margin = NULL WHERE hash(purchase_id) % 9 = 1",
    """
    UPDATE purchases SET referred_by = (SELECT min(customer_id) FROM customers) WHERE hash(purchase_id) % 17 = 0
    """,
    "UPDATE purchases SET referred_by = customer_id WHERE hash(purchase_id) % 17 = 1",
  ]
}
