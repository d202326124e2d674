import DuckDB
import Histories

/// The rows of the files as they are, for the plain oracle.
struct RawData: Sendable {
  struct Order: Sendable {
    var id: String
    var customer: String
    var vin: String
    var dealer: String?
    var opened: Day
    /// `nil` while open.
    var closed: Day?
    var known: Day
    var odometer: Double?
    var classes: Set<String>
    /// Cents.
    var paid: Double?
    var package: Double?
    var discount: Double?
    var estimate: Double?
    var unpaid: Double?
    var adviser: String?
    var booked: Bool
    var isPromised: Bool
    var isPromiseMissed: Bool
    var hours: Double?
    /// Held a reading that is not believed.
    var isContradictory = false
  }
  struct Vehicle: Sendable {
    var model: String
    var powertrain: String
    var use: String
    var delivered: Day
    var warrantyEnds: Day?
    var warrantyKm: Double?
  }
  struct Ownership: Sendable {
    var customer: String
    var vin: String
    var from: Day
    var to: Day?
  }
  struct Survey: Sendable {
    var customer: String
    var day: Day
    var share: Double
    var kind: String
  }
  struct Complaint: Sendable {
    var customer: String
    var opened: Day
    var closed: Day?
    var reopened: Day?
    var severity: Double
    var satisfied: Bool?
  }
  struct Package: Sendable {
    var vin: String
    var bought: Day
    var expires: Day?
    var visits: Double
  }
  struct Purchase: Sendable {
    var customer: String
    var vin: String
    var day: Day
    var condition: String
    var loanEnds: Day?
  }
  struct Schedule: Sendable {
    var firstMonths: Double
    var firstKm: Double
    var months: Double
    var km: Double
  }

  var homes: [String: String] = [:]
  var ownerTypes: [String: String] = [:]
  var vehicles: [String: Vehicle] = [:]
  var ownerships: [Ownership] = []
  var orders: [Order] = []
  var surveys: [Survey] = []
  var complaints: [Complaint] = []
  var packages: [Package] = []
  var purchases: [Purchase] = []
  var schedules: [String: Schedule] = [:]
  var advisersUntil: [String: Day] = [:]
  let work: WorkData
  var contact: RawContact

  init(folder: String) throws {
    work = try WorkData(folder: folder)
    let connection = try Database(settings: ["threads": "1"]).connect()
    contact = try RawContact(folder: folder)
    /// All cells as text, by column; rows in the order of the file.
    func rows(_ table: String, _ columns: [String]) throws -> [[String: String]] {
      let list = columns.map { "CAST(\($0) AS VARCHAR)" }.joined(separator: ", ")
      let result = try connection.query("SELECT \(list) FROM read_parquet('\(folder)/\(table).parquet')")
      var found: [[String: String]] = []
      while let chunk = try result.nextChunk() {
        for row in 0..<chunk.rowCount {
          var cells: [String: String] = [:]
          for (index, name) in columns.enumerated() { cells[name] = chunk.column(index).string(row) }
          found.append(cells)
        }
      }
      return found
    }
    func day(_ text: String?) -> Day? { text.flatMap { Day($0.prefix(10)) } }
    func cents(_ text: String?) -> Double? { text.flatMap(Double.init).map { ($0 * 100).rounded() } }

    for row in try rows("customers", ["customer_id", "dealer_id", "owner_type"]) {
      homes[row["customer_id"]!] = row["dealer_id"]
      ownerTypes[row["customer_id"]!] = row["owner_type"]
    }
    for row in try rows(
      "vehicles",
      ["vin", "model", "powertrain", "use_type", "delivered_on", "warranty_ends_on", "warranty_km"])
    {
      vehicles[row["vin"]!] = Vehicle(
        model: row["model"]!, powertrain: row["powertrain"]!, use: row["use_type"]!,
        delivered: day(row["delivered_on"])!, warrantyEnds: day(row["warranty_ends_on"]),
        warrantyKm: row["warranty_km"].flatMap(Double.init))
    }
    ownerships = try rows("ownerships", ["customer_id", "vin", "\"from\"", "\"to\""]).map {
      Ownership(
        customer: $0["customer_id"]!, vin: $0["vin"]!, from: day($0["\"from\""])!, to: day($0["\"to\""]))
    }
    let columns = [
      "visit_id", "customer_id", "vin", "dealer_id", "opened_at", "closed_at", "status", "recorded_at",
      "odometer_km", "classes", "customer_paid", "package_paid", "discount", "estimate", "unpaid",
      "adviser_id", "booked", "promised_at", "closed_at > promised_at",
      "(epoch_us(closed_at) - epoch_us(opened_at)) // 3600000000",
    ]
    orders = try rows("visits", columns).map { row in
      let opened = day(row["opened_at"])!
      let isSettled = row["status"] == "settled"
      return Order(
        id: row["visit_id"]!, customer: row["customer_id"]!, vin: row["vin"]!, dealer: row["dealer_id"],
        opened: opened, closed: isSettled ? day(row["closed_at"]) ?? opened : nil,
        known: max(opened, day(row["recorded_at"]) ?? opened),
        odometer: row["odometer_km"].flatMap(Double.init),
        classes: Set(row["classes"]!.split(separator: "|").map(String.init)),
        paid: cents(row["customer_paid"]),
        package: cents(row["package_paid"]), discount: cents(row["discount"]),
        estimate: cents(row["estimate"]),
        unpaid: cents(row["unpaid"]), adviser: row["adviser_id"], booked: row["booked"] == "true",
        isPromised: isSettled && row["promised_at"] != nil,
        isPromiseMissed: isSettled && row["closed_at > promised_at"] == "true",
        hours: isSettled ? row[columns[19]].flatMap(Double.init) : nil)
    }
    surveys = try rows("surveys", ["customer_id", "date", "kind", "item", "score", "scale_min", "scale_max"])
      .filter { $0["item"] == nil || $0["item"] == "overall" }.map {
        let low = Double($0["scale_min"]!)!
        let high = Double($0["scale_max"]!)!
        return Survey(
          customer: $0["customer_id"]!, day: day($0["date"])!,
          share: Double(Float((Double($0["score"]!)! - low) / (high - low))), kind: $0["kind"]!)
      }
    complaints = try rows(
      "complaints", ["customer_id", "opened_on", "closed_on", "reopened_on", "severity", "satisfied"]
    ).map {
      Complaint(
        customer: $0["customer_id"]!, opened: day($0["opened_on"])!, closed: day($0["closed_on"]),
        reopened: day($0["reopened_on"]), severity: Double($0["severity"]!)!,
        satisfied: $0["satisfied"].map { $0 == "true" })
    }
    packages = try rows("packages", ["vin", "bought_on", "expires_on", "visits_total"]).map {
      Package(
        vin: $0["vin"]!, bought: day($0["bought_on"])!, expires: day($0["expires_on"]),
        visits: Double($0["visits_total"]!)!)
    }
    purchases = try rows("purchases", ["customer_id", "vin", "date", "condition", "loan_ends_on"]).map {
      Purchase(
        customer: $0["customer_id"]!, vin: $0["vin"]!, day: day($0["date"])!, condition: $0["condition"]!,
        loanEnds: day($0["loan_ends_on"]))
    }
    for row in try rows(
      "schedules", ["powertrain", "first_service_months", "first_service_km", "months", "km"])
    {
      schedules[row["powertrain"]!] = Schedule(
        firstMonths: Double(row["first_service_months"]!)!, firstKm: Double(row["first_service_km"]!)!,
        months: Double(row["months"]!)!, km: Double(row["km"]!)!)
    }
    for row in try rows("advisers", ["adviser_id", "active_to"]) {
      advisersUntil[row["adviser_id"]!] = day(row["active_to"])
    }
    rejectOdometers()
  }
}
