import Features
import Histories

/// Histories in which visits come close together at several stores, are recorded late, stay open, and lie long in the
/// workshop: what is known changes from date to date in every way that it can.
struct RandomHistories {
  static let first = Day(year: 2021, month: 1, day: 1)
  static let days = 1300
  private static let relations = 60
  private static let visitsEach = 40

  private var state: UInt64

  /// - Parameter seed: the same one gives the same histories.
  init(seed: UInt64) { state = seed }

  /// A number below `count`; the generator is SplitMix64 (Steele, Lea, Flood, 2014).
  private mutating func below(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) >> 33) % count
  }

  private mutating func one(of words: [String]) -> String { words[below(words.count)] }

  /// Dates of which some follow each other, some are far apart.
  mutating func dates() -> [Day] {
    (0..<6).flatMap { _ in
      let day = Self.first + 200 + below(Self.days - 250)
      return below(2) == 0 ? [day] : [day, day + 1 + below(3)]
    }
  }

  mutating func load() throws -> Histories {
    var customers = ["customer_id,dealer_id"]
    var vehicles = ["vin,customer_id,model,powertrain,use_type,delivered_on,warranty_ends_on,warranty_km"]
    var owners = ["vin,customer_id,from,to,end_reason"]
    var packages = ["vin,bought_on,visits_total,expires_on"]
    var items = ["visit_id,job_category,amount,declined"]
    var visits = [
      "visit_id,customer_id,vin,dealer_id,opened_at,closed_at,status,odometer_km,odometer_replaced,classes,"
        + "customer_paid,package_paid,unpaid,adviser_id,recorded_at"
    ]
    for relation in 0..<Self.relations {
      let (customer, vin) = ("C\(relation)", "LSVAA49J1320\(10000 + relation)")
      let start = Self.first + below(500) - 250
      let sold = below(6) == 0 ? "\(start + 400 + below(600))" : ""
      customers.append("\(customer),D\(below(3))")
      vehicles.append(
        "\(vin),\(customer),M\(below(2)),\(one(of: ["ICE", "BEV"])),private,\(start),\(start + 900),60000")
      owners.append("\(vin),\(customer),\(start),\(sold),\(sold.isEmpty ? "" : "sold")")
      if below(3) == 0 { packages.append("\(vin),\(start + below(300)),4,\(start + 1000)") }
      var day = start + below(200)
      for visit in 0..<below(Self.visitsEach) {
        let id = "V\(relation)x\(visit)"
        let lateness = below(4) == 0 ? below(80) : 0
        let isOpen = below(12) == 0
        let closed = day + (below(5) == 0 ? below(60) : 0)
        let km = below(3) == 0 ? "" : "\(max(0, day - start) * 40 + below(500))"
        visits.append(
          "\(id),\(customer),\(vin),D\(below(3)),\(day) 09:00:00,\(isOpen ? "" : "\(closed) 16:00:00"),"
            + "\(isOpen ? "open" : "settled"),\(km),\(below(25) == 0),"
            + one(of: [
              "maintenance", "repair", "warranty", "first_service", "accident", "repair|maintenance",
            ])
            + ",\(one(of: ["", "0", "300", "\(below(2000))"])),\(one(of: ["", "", "0", "150"])),"
            + "\(one(of: ["", "", "", "40"])),A\(below(4)),\(closed + lateness) 18:00:00")
        for _ in 0..<below(3) {
          items.append("\(id),\(one(of: ["oil", "brake", "tyre"])),\(below(900)),\(below(4) == 0)")
        }
        day = day + one(of: ["0", "0", "1", "1", "2", "20", "90", "200"]).number
      }
    }
    let folder = try TemporaryFolder()
    for (name, rows) in [
      ("customers", customers), ("vehicles", vehicles), ("ownerships", owners), ("packages", packages),
      ("visit_items", items), ("visits", visits),
    ] {
      try folder.write("\(name).csv", rows.joined(separator: "\n") + "\n")
    }
    return try Histories.load(folder.path)
  }
}

extension String {
  fileprivate var number: Int { Int(self) ?? 0 }
}
