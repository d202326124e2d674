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
    "packages", "schedules", "advisers", "dealers", "visit_items", "insurance", "recalls", "appointments",
    "consents", "prospects",
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

  static let hardening =
    [
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
    ] + contactHardening + workHardening

  /// People entered again, gaps in their details, foreign plates, contradictory readings, refusals and broken promises.
  private static let contactHardening = [
    """
    ALTER TABLE customers ADD COLUMN email VARCHAR; ALTER TABLE customers ADD COLUMN wechat VARCHAR;
    ALTER TABLE customers ADD COLUMN address VARCHAR;
    UPDATE customers SET email = CASE hash(customer_id || 'e') % 5 WHEN 0 THEN 'a@b.cn' WHEN 1 THEN 'none' END,
      wechat = CASE WHEN hash(customer_id || 'x') % 4 = 0 THEN 'id' || customer_id END,
      address = CASE WHEN hash(customer_id || 'a') % 3 = 0 THEN 'road 1' ELSE ' ' END;
    """,
    // Entered again later: some in another district, some twice.
    """
    INSERT INTO customers BY NAME SELECT * REPLACE (customer_id || 'w' AS customer_id,
      CASE WHEN hash(customer_id) % 2 = 0 THEN 'another' ELSE district END AS district, NULL AS latitude,
      registered_on + (hash(customer_id || 'w') % 2500)::INTEGER AS registered_on)
    FROM customers WHERE hash(customer_id || 'w') % 7 = 0
    """,
    """
    INSERT INTO customers BY NAME SELECT * REPLACE (customer_id || 'v' AS customer_id, 'third' AS district,
      DATE '2024-05-01' + (hash(customer_id) % 400)::INTEGER AS registered_on)
    FROM customers WHERE customer_id LIKE '%w' AND hash(customer_id || 'v') % 2 = 0
    """,
    """
    UPDATE customers SET name = NULL WHERE hash(customer_id || 'w') % 7 = 1 AND hash(customer_id || 'n') % 5 = 0;
    UPDATE customers SET phone = CASE hash(customer_id) % 3 WHEN 0 THEN '057188' || substr(customer_id, 5, 5)
      WHEN 1 THEN '120000' || substr(customer_id, 5, 5) END
    WHERE hash(customer_id || 'w') % 7 = 1 AND hash(customer_id || 'p') % 3 = 0;
    UPDATE customers SET latitude = NULL WHERE hash(customer_id || 'l') % 9 = 0;
    UPDATE customers SET longitude = 500 WHERE hash(customer_id || 'l') % 9 = 1;
    UPDATE customers SET city = NULL WHERE hash(customer_id || 'c') % 4 = 0;
    UPDATE vehicles SET plate = CASE hash(vin || 'p') % 3 WHEN 0 THEN '京B' || substr(plate, 3)
      WHEN 1 THEN '　京ｂ' || substr(plate, 3) END WHERE hash(vin || 'p') % 17 < 2;
    UPDATE vehicles SET plate = 'M-AB 123' WHERE hash(vin || 'p') % 17 = 2;
    """,
    // Readings that fall, on orders that had none.
    "UPDATE visits SET odometer_km = 1 WHERE visit_id LIKE '%b' AND hash(visit_id || 'o') % 7 = 0",
    """
    UPDATE contacts SET vin = NULL WHERE hash(contact_id || 'v') % 4 = 0;
    UPDATE contacts SET promised_on = NULL WHERE hash(contact_id || 'p') % 3 = 0;
    INSERT INTO contacts BY NAME SELECT * REPLACE (contact_id || 'c' AS contact_id,
      "at" + to_days((hash(contact_id) % 40)::INTEGER) AS "at",
      ['phone', 'sms', 'wechat', NULL][(hash(contact_id || 'k') % 4)::INTEGER + 1] AS channel,
      ['marketing', 'service', 'survey', 'care', NULL][(hash(contact_id || 'q') % 5)::INTEGER + 1] AS purpose,
      ['reached', 'no_answer', 'refused', 'promised', 'booked', 'invalid', 'delivered', 'failed', NULL][
        (hash(contact_id || 'z') % 9)::INTEGER + 1] AS outcome)
    FROM contacts
    """,
    """
    UPDATE appointments SET vin = NULL WHERE hash(appointment_id) % 5 = 0;
    UPDATE appointments SET state = NULL WHERE hash(appointment_id) % 11 = 0;
    UPDATE appointments SET state = 'no_show' WHERE hash(appointment_id || 'n') % 6 = 0;
    """,
    // Refusals of one channel, of all, of one that nobody knows, and at the moment of the grant; grants once more.
    """
    INSERT INTO consents SELECT customer_id, ['sms', 'phone', 'all', 'fax'][(hash(customer_id || 'r') % 4)::INTEGER + 1],
      ['marketing', 'service', 'care', 'profiling', 'gossip'][(hash(customer_id || 's') % 5)::INTEGER + 1], false,
      "at" + (hash(customer_id || 't') % 3 * 500)::INTEGER, 'call'
    FROM consents WHERE purpose = 'service' AND hash(customer_id || 'u') % 3 = 0
    """,
    """
    INSERT INTO consents SELECT customer_id, ['wechat', 'all', 'fax'][(hash(customer_id || 'g') % 3)::INTEGER + 1],
      ['marketing', 'service'][(hash(customer_id || 'h') % 2)::INTEGER + 1], true,
      "at" + (hash(customer_id || 'i') % 3 * 600)::INTEGER, 'app'
    FROM consents WHERE purpose = 'service' AND hash(customer_id || 'j') % 4 = 0
    """,
  ]

  /// Costs, items, policies, recalls and purchases with gaps and contradictions.
  private static let workHardening = [
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
