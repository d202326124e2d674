import Features
import Foundation
import Histories
import LinearAlgebra
import Simulation
import Testing

@Suite("Nothing later than the as-of date has any influence")
struct LeakTests {
  /// Changes whatever happened, or became known, after the as-of date, and adds more of it.
  private static func later(than asOf: Day) -> [String] {
    let date = "DATE '\(asOf)'"
    func chosen(_ key: String, _ share: Int, of total: Int) -> String {
      "hash(\(key) || 'later') % \(total) = \(share)"
    }
    return workChanges(date) + [
      // Orders opened later: gone, moved, another amount, reading, class, store, adviser, time of closing.
      "DELETE FROM visits WHERE opened_at::DATE > \(date) AND \(chosen("visit_id", 0, of: 4))",
      """
      UPDATE visits SET opened_at = opened_at + INTERVAL 25 DAY, closed_at = closed_at + INTERVAL 31 DAY,
        odometer_km = odometer_km + 40000, customer_paid = 9 * customer_paid, classes = 'accident', dealer_id = 'D1001',
        adviser_id = 'A100003', discount = 77, estimate = 3, unpaid = 99, booked = NOT booked, promised_at = closed_at
      WHERE opened_at::DATE > \(date) AND \(chosen("visit_id", 1, of: 4))
      """,
      // Orders in the workshop at the date: what is written when they close.
      """
      UPDATE visits SET closed_at = closed_at + INTERVAL 9 DAY, customer_paid = 12345, odometer_km = 0,
        classes = 'maintenance', unpaid = 1000, adviser_id = 'A100001'
      WHERE opened_at::DATE <= \(date) AND closed_at::DATE > \(date)
      """,
      // New orders: many after the date, and some dated before it that became known, or were closed, after it.
      """
      INSERT INTO visits BY NAME SELECT * REPLACE (visit_id || 'n' AS visit_id, customer_paid * 20 AS customer_paid,
        odometer_km + 90000 AS odometer_km, 'maintenance|repair' AS classes,
        opened_at + to_days((date_diff('day', opened_at::DATE, \(date)) + 1 + hash(visit_id) % 300)::INTEGER) AS opened_at,
        closed_at + to_days((date_diff('day', opened_at::DATE, \(date)) + 2 + hash(visit_id) % 300)::INTEGER) AS closed_at)
      FROM visits WHERE opened_at::DATE <= \(date) AND \(chosen("visit_id", 2, of: 4))
      """,
      """
      INSERT INTO visits BY NAME SELECT * REPLACE (visit_id || 'k' AS visit_id, 55555 AS customer_paid,
        opened_at - INTERVAL 20 DAY AS opened_at, closed_at - INTERVAL 20 DAY AS closed_at,
        odometer_km + 9000 AS odometer_km, \(date) + INTERVAL 3 DAY AS recorded_at)
      FROM visits WHERE opened_at::DATE <= \(date) AND status = 'settled' AND \(chosen("visit_id", 3, of: 4))
      """,
      """
      UPDATE visits SET recorded_at = recorded_at + INTERVAL 50 DAY, odometer_km = odometer_km + 7000,
        customer_paid = 4000 WHERE recorded_at::DATE > \(date)
      """,
      // The voice of the customer.
      "DELETE FROM surveys WHERE date > \(date) AND \(chosen("survey_id", 0, of: 3))",
      "UPDATE surveys SET score = scale_min WHERE date > \(date)",
      """
      INSERT INTO surveys BY NAME SELECT * REPLACE (survey_id || 'n' AS survey_id, scale_max AS score,
        \(date) + (1 + hash(survey_id) % 200)::INTEGER AS date) FROM surveys WHERE date <= \(date)
      """,
      "DELETE FROM complaints WHERE opened_on > \(date) AND \(chosen("complaint_id", 0, of: 3))",
      "UPDATE complaints SET severity = 4, opened_on = opened_on + 3 WHERE opened_on > \(date)",
      "UPDATE complaints SET satisfied = NOT coalesce(satisfied, false) WHERE coalesce(closed_on > \(date), true)",
      """
      UPDATE complaints SET closed_on = CASE WHEN closed_on IS NULL THEN \(date) + 8
        WHEN hash(complaint_id) % 2 = 0 THEN closed_on + 40 END WHERE coalesce(closed_on > \(date), true)
      """,
      "UPDATE complaints SET reopened_on = \(date) + 60 WHERE coalesce(reopened_on > \(date), true)",
      """
      INSERT INTO complaints BY NAME SELECT * REPLACE (complaint_id || 'n' AS complaint_id,
        \(date) + (1 + hash(complaint_id) % 90)::INTEGER AS opened_on, NULL AS closed_on, NULL AS reopened_on)
      FROM complaints
      """,
      "DELETE FROM contacts WHERE \"at\"::DATE > \(date) AND \(chosen("contact_id", 0, of: 2))",
      "UPDATE contacts SET outcome = 'refused' WHERE \"at\"::DATE > \(date)",
      """
      INSERT INTO contacts BY NAME SELECT * REPLACE (contact_id || 'n' AS contact_id, 'invalid' AS outcome,
        'phone' AS channel, 'marketing' AS purpose,
        \(date) + to_days((1 + hash(contact_id) % 50)::INTEGER) AS "at") FROM contacts
      """,
      // Bookings, consents and people entered later; how a booking for later ends.
      """
      UPDATE appointments SET state = CASE state WHEN 'no_show' THEN 'kept' ELSE 'no_show' END WHERE for_date > \(date)
      """,
      "DELETE FROM appointments WHERE booked_at::DATE > \(date) AND \(chosen("appointment_id", 0, of: 2))",
      """
      INSERT INTO appointments BY NAME SELECT * REPLACE (appointment_id || 'n' AS appointment_id, 'no_show' AS state,
        \(date) + INTERVAL 1 DAY AS booked_at, \(date) + 3 AS for_date) FROM appointments
      """,
      "UPDATE consents SET granted = NOT granted WHERE \"at\"::DATE > \(date)",
      """
      INSERT INTO consents SELECT customer_id, 'all', purpose, NOT granted, \(date) + INTERVAL 1 DAY, 'later'
      FROM consents
      """,
      """
      UPDATE customers SET district = 'elsewhere', registered_on = registered_on + 5
      WHERE customer_id LIKE '%w%' AND registered_on > \(date)
      """,
      """
      INSERT INTO customers BY NAME SELECT * REPLACE (customer_id || 'z' AS customer_id, 'elsewhere' AS district,
        \(date) + 9 AS registered_on) FROM customers WHERE hash(customer_id) % 3 = 0
      """,
      // Owners, purchases, packages and advisers.
      """
      UPDATE ownerships SET "to" = CASE WHEN hash(vin) % 2 = 0 THEN "to" + 70 END, end_reason = 'scrapped'
      WHERE "to" > \(date)
      """,
      """
      UPDATE ownerships SET "to" = \(date) + (1 + hash(vin) % 100)::INTEGER, end_reason = 'sold'
      WHERE "to" IS NULL AND "from" <= \(date) AND \(chosen("vin", 0, of: 5))
      """,
      "UPDATE ownerships SET \"from\" = \"from\" + 11, \"to\" = \"to\" + 11 WHERE \"from\" > \(date)",
      """
      INSERT INTO ownerships BY NAME SELECT * REPLACE (\(date) + 30 AS "from", NULL AS "to", NULL AS end_reason)
      FROM ownerships WHERE "from" <= \(date) AND coalesce("to" > \(date), true) AND \(chosen("vin", 1, of: 5))
      """,
      """
      INSERT INTO purchases BY NAME SELECT 'X' || vin AS purchase_id, customer_id, vin, \(date) + 12 AS date,
        'used' AS condition, \(date) + 90 AS loan_ends_on
      FROM ownerships WHERE "from" <= \(date) AND \(chosen("vin", 2, of: 5))
      """,
      "UPDATE purchases SET loan_ends_on = loan_ends_on + 500, condition = 'used' WHERE date > \(date)",
      """
      INSERT INTO packages BY NAME SELECT vin, \(date) + 2 AS bought_on, 6 AS visits_total, \(date) + 700 AS expires_on
      FROM vehicles WHERE delivered_on <= \(date)
      """,
      "UPDATE advisers SET active_to = active_to + 44 WHERE active_to > \(date)",
      "UPDATE advisers SET active_to = \(date) + 1 WHERE active_to IS NULL AND hash(adviser_id) % 2 = 0",
    ]
  }

  /// The same for items, amounts, policies, recalls, sales and ownerships. Items come before the orders are moved.
  private static func workChanges(_ date: String) -> [String] {
    let lateOrders = """
      SELECT visit_id FROM visits WHERE opened_at::DATE > \(date) OR closed_at::DATE > \(date)
        OR recorded_at::DATE > \(date) OR status = 'open'
      """
    return [
      "DELETE FROM visit_items WHERE visit_id IN (\(lateOrders)) AND hash(visit_id) % 3 = 0",
      """
      UPDATE visit_items SET amount = 777, declined = NOT coalesce(declined, false), job_category = 'tyre'
      WHERE visit_id IN (\(lateOrders))
      """,
      """
      INSERT INTO visit_items BY NAME SELECT * REPLACE (visit_id || 'n' AS visit_id, true AS declined) FROM visit_items
      """,
      "INSERT INTO visit_items BY NAME SELECT * REPLACE (visit_id || 'k' AS visit_id) FROM visit_items",
      "UPDATE visits SET cost = 1, warranty_paid = 5000, insurance_paid = 3 WHERE visit_id IN (\(lateOrders))",
      // A later order under the same number must not take the items away.
      """
      INSERT INTO visits BY NAME SELECT * REPLACE (
        opened_at + to_days((date_diff('day', opened_at::DATE, \(date)) + 40)::INTEGER) AS opened_at,
        closed_at + to_days((date_diff('day', opened_at::DATE, \(date)) + 40)::INTEGER) AS closed_at)
      FROM visits WHERE opened_at::DATE <= \(date) AND hash(visit_id || 'again') % 9 = 0
      """,
      "DELETE FROM insurance WHERE starts_on > \(date) AND hash(vin) % 2 = 0",
      "UPDATE insurance SET premium = 1, commission = 9000, sold_here = NOT sold_here WHERE starts_on > \(date)",
      """
      INSERT INTO insurance BY NAME SELECT * REPLACE (\(date) + 1 AS starts_on, \(date) + 800 AS ends_on, true AS sold_here)
      FROM insurance WHERE starts_on <= \(date)
      """,
      "DELETE FROM recalls WHERE opened_on > \(date) AND hash(vin) % 2 = 0",
      """
      UPDATE recalls SET done_on = CASE WHEN done_on IS NULL THEN \(date) + 5 WHEN hash(vin) % 2 = 0 THEN done_on + 9 END
      WHERE opened_on <= \(date) AND coalesce(done_on > \(date), true)
      """,
      """
      INSERT INTO recalls BY NAME SELECT vin, 'RY' AS campaign, \(date) + 1 AS opened_on, NULL AS done_on FROM vehicles
      """,
      "UPDATE purchases SET gross_margin = 99999, referred_by = NULL, dealer_id = 'D1001' WHERE date > \(date)",
      """
      INSERT INTO purchases BY NAME SELECT * REPLACE ('Y' || purchase_id AS purchase_id, \(date) + 1 AS date,
        5 AS gross_margin, (SELECT max(customer_id) FROM customers) AS referred_by) FROM purchases
      """,
      // Who sold the car before the date buys it back after it.
      """
      INSERT INTO ownerships BY NAME SELECT * REPLACE (\(date) + 20 AS "from", NULL AS "to", NULL AS end_reason)
      FROM ownerships WHERE "to" <= \(date)
      """,
    ]
  }

  private struct Known: Equatable {
    var features: [String: [UInt64]] = [:]
    var population: [String] = []
  }

  /// The bits of all features of all relations begun by the date, by relation, and the population.
  private static func known(_ histories: Histories, asOf: Day) -> Known {
    let relations = histories.relations
    func name(_ relation: Int) -> String {
      histories.customers.ids.texts[Int(relations.customers[relation])] + " "
        + histories.vehicles.vins.texts[Int(relations.vehicles[relation])]
    }
    let begun = (0..<relations.count).filter {
      !relations.startsOn[$0].isNone && relations.startsOn[$0] <= asOf
    }
    let view = AsOfView(histories: histories, asOf: asOf)
    let values = view.features(of: begun.map(Int32.init))
    var known = Known()
    for (row, relation) in begun.enumerated() {
      known.features[name(relation)] = (0..<Feature.count).map { values[row, $0].bitPattern }
    }
    known.population = view.population().relations.map { name(Int($0)) }.sorted()
    return known
  }

  @Test(
    "changing everything later leaves every feature of every relation bit for bit",
    arguments: [SimulatedSet.asOf, SimulatedSet.laterAsOf])
  func laterEvents(asOf: Day) throws {
    let changed = try TemporaryFolder()
    try SimulatedSet.rewrite(SimulatedSet.shared.path, to: changed.path, changes: Self.later(than: asOf))
    let histories = try Histories.load(changed.path)
    #expect(histories.orders.count != SimulatedSet.histories.orders.count)
    try Self.expectSame(
      Self.known(SimulatedSet.histories, asOf: asOf), Self.known(histories, asOf: asOf))
  }

  @Test("the data's end plays no part")
  func dataEnd() throws {
    let asOf = SimulatedSet.asOf
    let cut = try TemporaryFolder()
    let changes = ["DELETE FROM visits WHERE opened_at::DATE > DATE '\(asOf + 1)'"]
    try SimulatedSet.rewrite(SimulatedSet.shared.path, to: cut.path, changes: changes)
    let histories = try Histories.load(cut.path)
    #expect(histories.dataEnd <= asOf + 1)
    try Self.expectSame(
      Self.known(SimulatedSet.histories, asOf: asOf), Self.known(histories, asOf: asOf))
  }

  @Test("with a tenth of the rows spoiled, what is dated later plays no part either")
  func dirtyData() throws {
    let asOf = SimulatedSet.asOf
    let simulated = try TemporaryFolder()
    let options = SimulationOptions(customers: 500, seed: 4, dirt: 0.1)
    _ = try Simulator(options: options).write(to: simulated.url.appendingPathComponent("data"))
    let cut = try TemporaryFolder()
    let later = "TRY_CAST(opened_at AS TIMESTAMP)::DATE > DATE '\(asOf)'"
    let changes = [
      "UPDATE visits SET odometer_km = '1', customer_paid = 77777 WHERE \(later) AND hash(visit_id) % 2 = 0",
      "DELETE FROM visits WHERE \(later) AND hash(visit_id) % 2 = 1 AND hash(visit_id) % 7 > 0",
      "DELETE FROM surveys WHERE date > DATE '\(asOf)'",
      "DELETE FROM complaints WHERE opened_on > DATE '\(asOf)'",
      "DELETE FROM packages WHERE bought_on > DATE '\(asOf)'",
      "DELETE FROM insurance WHERE starts_on > DATE '\(asOf)'",
      "DELETE FROM recalls WHERE opened_on > DATE '\(asOf)'",
      "DELETE FROM purchases WHERE date > DATE '\(asOf)'",
      "UPDATE visits SET cost = 4 WHERE \(later)",
    ]
    try SimulatedSet.rewrite(simulated.path + "/data", to: cut.path, changes: changes)
    let all = try Histories.load(simulated.path + "/data")
    let some = try Histories.load(cut.path)
    #expect(all.orders.count > some.orders.count + 300)
    #expect((0..<all.customers.count).contains { all.customers.golden[$0] != $0 }, "twins are one person")
    try Self.expectSame(Self.known(all, asOf: asOf), Self.known(some, asOf: asOf))
  }

  private static func expectSame(_ before: Known, _ after: Known) throws {
    #expect(before.features.count > 250 && before.population.count > 150)
    #expect(before.population == after.population)
    #expect(Set(before.features.keys) == Set(after.features.keys))
    var changed: [String: Int] = [:]
    for (relation, row) in before.features {
      guard let other = after.features[relation] else { continue }
      for feature in Feature.allCases where row[feature.rawValue] != other[feature.rawValue] {
        changed[feature.name, default: 0] += 1
      }
    }
    #expect(changed.isEmpty)
  }
}
