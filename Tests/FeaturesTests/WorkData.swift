import DuckDB
import Histories

/// The rows of items, policies, recalls, sales and margins as they are, for the plain oracle.
struct WorkData: Sendable {
  struct Item: Sendable {
    var category: String
    /// Cents.
    var amount: Double?
    var isDeclined: Bool
  }
  struct Policy: Sendable {
    var begins: Day
    var ends: Day
    var isSoldHere: Bool?
    var premium: Double?
    var commission: Double?
  }
  struct Recall: Sendable {
    var opened: Day
    var done: Day?
  }
  struct Sale: Sendable {
    var customer: String
    var vin: String
    var day: Day
    var dealer: String?
    var margin: Double?
    var referrer: String?
  }

  /// By order.
  var items: [String: [Item]] = [:]
  /// By VIN.
  var policies: [String: [Policy]] = [:]
  var recalls: [String: [Recall]] = [:]
  var sales: [Sale] = []
  /// Cents by order; none where payment or cost is missing.
  var margins: [String: Double] = [:]
  /// List prices by VIN.
  var prices: [String: Double] = [:]
  /// Why ownerships ended, by customer and VIN.
  var endReasons: [PlainOracle.Key: String] = [:]

  init(folder: String) throws {
    let connection = try Database(settings: ["threads": "1"]).connect()
    func rows(_ table: String, _ columns: [String]) throws -> [[String?]] {
      let list = columns.map { "CAST(\($0) AS VARCHAR)" }.joined(separator: ", ")
      let result = try connection.query("SELECT \(list) FROM read_parquet('\(folder)/\(table).parquet')")
      var found: [[String?]] = []
      while let chunk = try result.nextChunk() {
        for row in 0..<chunk.rowCount { found.append(columns.indices.map { chunk.column($0).string(row) }) }
      }
      return found
    }
    func day(_ text: String?) -> Day? { text.flatMap { Day($0.prefix(10)) } }
    func cents(_ text: String?) -> Double? { text.flatMap(Double.init).map { ($0 * 100).rounded() } }

    for row in try rows("visit_items", ["visit_id", "job_category", "amount", "declined"]) {
      items[row[0]!, default: []].append(
        Item(
          category: row[1]!, amount: cents(row[2]).flatMap { $0 < 0 ? nil : $0 },
          isDeclined: row[3] == "true"))
    }
    for row in try rows("insurance", ["vin", "starts_on", "ends_on", "sold_here", "premium", "commission"]) {
      policies[row[0]!, default: []].append(
        Policy(
          begins: day(row[1])!, ends: day(row[2])!, isSoldHere: row[3].map { $0 == "true" },
          premium: cents(row[4]), commission: cents(row[5])))
    }
    for row in try rows("recalls", ["vin", "opened_on", "done_on"]) {
      recalls[row[0]!, default: []].append(Recall(opened: day(row[1])!, done: day(row[2])))
    }
    sales = try rows(
      "purchases", ["customer_id", "vin", "date", "dealer_id", "gross_margin", "referred_by"]
    ).map {
      Sale(
        customer: $0[0]!, vin: $0[1]!, day: day($0[2])!, dealer: $0[3], margin: cents($0[4]), referrer: $0[5])
    }
    let money = ["customer_paid", "cost", "package_paid", "warranty_paid", "insurance_paid"]
    for row in try rows("visits", ["visit_id"] + money) {
      guard let paid = cents(row[1]), let cost = cents(row[2]) else { continue }
      margins[row[0]!] = paid + row[3...].compactMap(cents).reduce(0, +) - cost
    }
    for row in try rows("vehicles", ["vin", "list_price"]) {
      prices[row[0]!] = row[1].flatMap(Double.init)
    }
    for row in try rows("ownerships", ["customer_id", "vin", "end_reason"]) {
      endReasons[PlainOracle.Key(customer: row[0]!, vin: row[1]!)] = row[2]
    }
  }
}
