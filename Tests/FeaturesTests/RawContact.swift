import DuckDB
import Foundation
import Histories

/// The rows about people, contacts, bookings and consents as they are in the files, for the plain oracle.
struct RawContact: Sendable {
  struct Person: Sendable {
    var id: String
    var name: String?
    var phone: String?
    var email: String?
    var wechat: String?
    var address: String?
    var preferred: String?
    var city: String?
    var district: String?
    var latitude: Double?
    var longitude: Double?
    var registered: Day?
  }
  struct Store: Sendable {
    var latitude: Double
    var longitude: Double
  }
  struct Contact: Sendable {
    var customer: String
    var vin: String?
    var day: Day
    var channel: String?
    var purpose: String?
    var outcome: String?
    var promised: Day?
  }
  struct Booking: Sendable {
    var customer: String
    var vin: String?
    var booked: Day
    var wanted: Day
    var state: String?
  }
  struct Statement: Sendable {
    var customer: String
    var channel: String
    var purpose: String
    var granted: Bool
    var at: String
  }
  struct Item: Sendable {
    var customer: String
    var day: Day
    var share: Double
  }

  var people: [Person]
  var stores: [String: Store] = [:]
  /// Province and authority of each plate that has them.
  var plateHeads: [String: String] = [:]
  var contacts: [Contact]
  var bookings: [Booking]
  var statements: [Statement]
  var items: [Item]

  init(folder: String) throws {
    let connection = try Database(settings: ["threads": "1"]).connect()
    /// Calls `body` with each row's cells as text, in the order of the file.
    func rows<Row>(_ table: String, _ columns: [String], _ body: ([String?]) -> Row?) throws -> [Row] {
      let list = columns.map { "CAST(\($0) AS VARCHAR)" }.joined(separator: ", ")
      let result = try connection.query("SELECT \(list) FROM read_parquet('\(folder)/\(table).parquet')")
      var found: [Row] = []
      while let chunk = try result.nextChunk() {
        for row in 0..<chunk.rowCount {
          if let value = body(columns.indices.map({ chunk.column($0).string(row) })) { found.append(value) }
        }
      }
      return found
    }
    func day(_ text: String?) -> Day? { text.flatMap { Day($0.prefix(10)) } }

    people = try rows(
      "customers",
      [
        "customer_id", "name", "phone", "email", "wechat", "address", "preferred_channel", "city", "district",
        "latitude", "longitude", "registered_on",
      ]
    ) {
      Person(
        id: $0[0]!, name: $0[1], phone: $0[2], email: $0[3], wechat: $0[4], address: $0[5], preferred: $0[6],
        city: $0[7], district: $0[8], latitude: $0[9].flatMap(Double.init),
        longitude: $0[10].flatMap(Double.init), registered: day($0[11]))
    }
    for (id, store) in try rows(
      "dealers", ["dealer_id", "latitude", "longitude"],
      { ($0[0]!, Store(latitude: Double($0[1]!)!, longitude: Double($0[2]!)!)) })
    {
      stores[id] = store
    }
    for (vin, plate) in try rows("vehicles", ["vin", "plate"], { cells in cells[1].map { (cells[0]!, $0) } })
    {
      let folded = plate.applyingTransform(.fullwidthToHalfwidth, reverse: false)!
        .trimmingCharacters(in: .whitespaces).uppercased()
      guard folded.first.map({ "\u{4E00}" <= $0 && $0 <= "\u{9FFF}" }) == true else { continue }
      plateHeads[vin] = String(folded.prefix(2))
    }
    contacts = try rows(
      "contacts", ["customer_id", "vin", "\"at\"", "channel", "purpose", "outcome", "promised_on"]
    ) {
      Contact(
        customer: $0[0]!, vin: $0[1], day: day($0[2])!, channel: $0[3], purpose: $0[4], outcome: $0[5],
        promised: day($0[6]))
    }
    bookings = try rows("appointments", ["customer_id", "vin", "booked_at", "for_date", "state"]) {
      Booking(
        customer: $0[0]!, vin: $0[1], booked: day($0[2])!, wanted: day($0[3])!, state: $0[4])
    }
    statements = try rows("consents", ["customer_id", "channel", "purpose", "granted", "\"at\""]) {
      Statement(
        customer: $0[0]!, channel: $0[1]!, purpose: $0[2]!, granted: $0[3] == "true", at: $0[4]!)
    }
    items = try rows("surveys", ["customer_id", "date", "item", "score", "scale_min", "scale_max"]) {
      guard let item = $0[2], item != "overall" else { return nil }
      let low = Double($0[4]!)!
      let share = (Double($0[3]!)! - low) / (Double($0[5]!)! - low)
      return Item(customer: $0[0]!, day: day($0[1])!, share: Double(Float(share)))
    }
  }

  /// All rows of the person that a customer's row belongs to: the same name and phone.
  func rows(of id: String) -> [Person] {
    let own = people.first { $0.id == id }!
    guard own.name != nil, own.phone != nil else { return [own] }
    return people.filter { $0.name == own.name && $0.phone == own.phone }
  }
}

extension RawData {
  /// Readings that fall below, or leap far above, the last believed one that was known by then are taken away.
  mutating func rejectOdometers() {
    let notYet = Day(Int32.max)
    func known(_ order: Order) -> Day { max(order.opened, order.known, order.closed ?? notYet) }
    func rank(_ order: Order) -> (Int32, UInt64) {
      var id = order.id
      return (order.opened.number, id.withUTF8 { KeyHash.hash(UnsafeRawBufferPointer($0)) })
    }
    let noVisit: Set<String> = ["presale", "internal", "counter_sale"]
    let run = Dictionary(
      grouping: orders.indices.filter { !orders[$0].classes.isSubset(of: noVisit) },
      by: { "\(orders[$0].customer) \(orders[$0].vin)" })
    for places in run.values {
      let sorted = places.sorted { rank(orders[$0]) < rank(orders[$1]) }
      for (position, place) in sorted.enumerated() {
        guard let km = orders[place].odometer else { continue }
        let before = sorted[..<position].last {
          orders[$0].odometer != nil && known(orders[$0]) <= known(orders[place])
        }
        guard let before, let earlier = orders[before].odometer else { continue }
        let days = max(1, orders[place].opened - orders[before].opened)
        if km < earlier || km - earlier > 1500 * Double(days) {
          orders[place].odometer = nil
          orders[place].isContradictory = true
        }
      }
    }
  }
}
