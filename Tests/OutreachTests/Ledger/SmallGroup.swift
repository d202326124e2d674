import ContactQueue
import Foundation
import Histories
import Outreach
import Temporaries

/// A dealer group of a few customers in CSV, each with a trait that the policy must see.
final class SmallGroup {
  let folder: TemporaryFolder
  private var tables: [String: [String]] = [
    "customers": ["customer_id,name,phone,email,wechat,preferred_channel,language,dealer_id"],
    "vehicles": ["vin,customer_id,model,powertrain,delivered_on,plate"],
    "visits": [
      "visit_id,customer_id,vin,opened_at,closed_at,status,odometer_km,classes,customer_paid,adviser_id"
    ],
    "consents": ["customer_id,channel,purpose,granted,at"],
    "complaints": ["complaint_id,customer_id,opened_on,closed_on,reopened_on"],
    "contacts": ["contact_id,customer_id,at,channel,purpose,outcome"],
    "appointments": ["appointment_id,customer_id,vin,booked_at,for_date,state"],
    "ownerships": ["vin,customer_id,from,to,end_reason"],
  ]

  init() throws {
    folder = try TemporaryFolder()
  }

  func add(_ table: String, _ row: String) {
    tables[table, default: []].append(row)
  }

  func drop(_ table: String) {
    tables[table] = nil
  }

  static func vin(_ number: Int) -> String { "V\(100_000 + number)" }
  static func phone(_ number: Int) -> String { "139\(10_000_000 + number * 7919)" }

  /// A customer `C<n>` with a vehicle, visits and consent for every channel.
  func person(
    _ number: Int, phone: String? = nil, email: String = "", wechat: String = "", prefers: String = "",
    consents: Bool = true
  ) {
    let vin = Self.vin(number)
    add(
      "customers", "C\(number),N\(number),\(phone ?? Self.phone(number)),\(email),\(wechat),\(prefers),zh,D1")
    add("vehicles", "\(vin),C\(number),Model S,ICE,2022-01-10,粤B1234\(number % 10)")
    for (visit, day) in ["2025-06-01", "2026-01-15", "2026-06-30"].enumerated() where visit < 2 || number == 0
    {
      add(
        "visits",
        "R\(number)-\(visit),C\(number),\(vin),\(day) 09:00,\(day) 11:00,settled,\(1000 * visit + 500),maintenance,300,A\(number % 2)"
      )
    }
    if consents { add("consents", "C\(number),all,service,true,2024-01-01") }
  }

  /// Loads what was added.
  func histories() throws -> Histories {
    for (name, rows) in tables where rows.count > 1 {
      try Data((rows.joined(separator: "\n") + "\n").utf8).write(
        to: folder.url.appendingPathComponent("\(name).csv"))
    }
    var options = Histories.LoadOptions()
    options.addresses = true
    return try Histories.load(folder.url.path, options: options)
  }

  /// The ledger at a moment by UTC.
  func ledger(at moment: String = "2026-07-01T04:00:00Z") throws -> Ledger {
    try Ledger(
      histories(), at: Policies.moment(moment), time: LocalTime(Policies.shanghai), memory: .days(365))
  }

  /// Writes a list and reads it.
  func list(_ text: String, name: String = "list.csv", columns: ContactList.Columns = .init()) throws
    -> ContactList
  {
    let file = folder.url.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return try ContactList(file.path, columns: columns)
  }
}

extension Ledger {
  /// What is known of customer `C<n>` with the own vehicle.
  func standing(ofPerson number: Int) -> Standing? {
    let ids = (Array("C\(number)".utf8), Array(SmallGroup.vin(number).utf8))
    guard let customer = ids.0.withUnsafeBytes({ histories.customer(id: $0) }),
      let vehicle = ids.1.withUnsafeBytes({ histories.vehicle(vin: $0) })
    else { return nil }
    return relation(customer: customer, vehicle: vehicle).map(standing(of:))
  }
}
