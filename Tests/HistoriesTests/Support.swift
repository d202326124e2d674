import Foundation

@testable import Histories

/// A data folder of its own for one test, removed with it.
final class DataFiles {
  let url: URL
  var path: String { url.path }

  init(_ files: [String: String] = [:]) throws {
    url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("histories-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, text) in files { try write(Data(text.utf8), to: name) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ data: Data, to name: String) throws {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  func load() throws(HistoriesError) -> Histories { try Histories.load(path) }
}

/// Two customers with one vehicle each, and one repair order; tests replace the tables they are about.
enum SmallGroup {
  static let vinA = "1M8GDM9AXKP042788"
  static let vinB = "1HGCR2F81GA042534"
  static let customers = "customer_id,name,phone\nC1,Li Lei,13912345678\nC2,Han Mei,13787654321\n"
  static let vehicles =
    "vin,customer_id,delivered_on\n\(vinA),C1,2020-01-10\n\(vinB),C2,2021-02-20\n"
  static let visits = visits(["V1,C1,\(vinA),2024-03-05 09:00:00,maintenance"])

  static func visits(_ rows: [String], columns: String = "visit_id,customer_id,vin,opened_at,classes")
    -> String
  {
    ([columns] + rows).joined(separator: "\n") + "\n"
  }

  static func files(_ replaced: [String: String] = [:]) throws -> DataFiles {
    let all = ["customers.csv": customers, "vehicles.csv": vehicles, "visits.csv": visits]
    return try DataFiles(all.merging(replaced) { $1 })
  }
}

extension Histories {
  /// The run of orders of one customer with one vehicle.
  func run(_ customer: String, _ vin: String) -> Range<Int>? {
    guard let row = customers.ids.code(of: customer), let vehicle = vehicles.vins.code(of: vin) else {
      return nil
    }
    let golden = customers.golden[Int(row)]
    for relation in 0..<relations.count
    where relations.customers[relation] == golden && relations.vehicles[relation] == vehicle {
      return Int(orders.starts[relation])..<Int(orders.starts[relation + 1])
    }
    return nil
  }

  func relation(_ customer: String, _ vin: String) -> Int? {
    guard let row = customers.ids.code(of: customer), let vehicle = vehicles.vins.code(of: vin) else {
      return nil
    }
    let golden = customers.golden[Int(row)]
    return (0..<relations.count).first {
      relations.customers[$0] == golden && relations.vehicles[$0] == vehicle
    }
  }

  /// Days of the orders that count.
  func usableDays(_ customer: String, _ vin: String) -> [String]? {
    run(customer, vin)?.filter { !orders.flags[$0].contains(.unusable) }.map {
      orders.openedOn[$0].description
    }
  }
}

extension LoadReport {
  /// Every finding in one line: table, reason, outcome, count, places.
  var lines: [String] {
    findings.map { finding in
      let places = finding.examples.map { "\($0.file):\($0.row):\($0.column)" }.joined(separator: " ")
      return "\(finding.table)|\(finding.reason)|\(finding.outcome.rawValue)|\(finding.count)|\(places)"
    }
  }

  func examples(of reason: String) -> [Place] {
    findings.filter { $0.reason == reason }.flatMap(\.examples)
  }

  /// Everything that people may come to see of the report.
  var everything: String {
    (lines + remarks + absentTables + tables.map { "\($0.table) \($0.source) \($0.rows) \($0.used)" })
      .joined(separator: "\n")
  }
}

extension String {
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var text = self
    return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }
}

/// SplitMix64, to make the same test data in every run.
struct TestRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
