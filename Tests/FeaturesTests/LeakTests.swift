import Features
import Foundation
import Histories
import LinearAlgebra
import Simulation
import Testing

@Suite("Nothing later than the as-of date has any influence")
struct LeakTests {
  private static func expectHolds(_ finding: LeakProof.Finding, relations: Int = 250) {
    #expect(finding.relations > relations && finding.values == finding.relations * Feature.count)
    #expect(finding.changed.isEmpty)
    #expect(finding.strangers == 0 && finding.moved == 0)
    #expect(finding.holds)
  }

  @Test(
    "changing everything later leaves every feature of every relation bit for bit",
    arguments: [SimulatedSet.asOf, SimulatedSet.laterAsOf])
  func laterEvents(asOf: Day) throws {
    let copy = try ChangedCopy(of: SimulatedSet.shared.path, asOf: asOf)
    let histories = try Histories.load(copy.path)
    #expect(histories.orders.count != SimulatedSet.histories.orders.count)
    Self.expectHolds(LeakProof.compare(SimulatedSet.histories, histories, asOf: asOf))
    guard asOf == SimulatedSet.asOf else { return }
    // Every kind of change met every table that it can meet.
    for (table, kinds) in Self.expectedKinds {
      let met = Set(copy.changes.filter { $0.table == table }.map(\.kind))
      #expect(met.isSuperset(of: kinds), "\(table): \(met)")
    }
  }

  private static let later: Set<ChangedCopy.Change.Kind> = [.deleted, .moved, .changed, .added]
  private static let expectedKinds: [String: Set<ChangedCopy.Change.Kind>] = [
    "visits": later.union([.recordedLate]), "purchases": later, "surveys": later,
    "complaints": later.union([.endings]), "contacts": later, "packages": later,
    "ownerships": [.moved, .changed, .added, .endings], "advisers": [.endings], "vehicles": [.added],
    "customers": [.added], "appointments": later, "consents": later,
    "prospects": later.union([.endings]), "insurance": later, "recalls": later.union([.endings]),
    "visit_items": [.deleted, .changed, .added],
  ]

  @Test("the copy is gone with its object, and the original is as it was")
  func copyGoes() throws {
    let source = SimulatedSet.shared.path
    func state() throws -> [String: Date?] {
      let manager = FileManager.default
      return Dictionary(
        uniqueKeysWithValues: try manager.contentsOfDirectory(atPath: source).map { name in
          (name, try manager.attributesOfItem(atPath: "\(source)/\(name)")[.modificationDate] as? Date)
        })
    }
    let before = try state()
    var path = ""
    do {
      let copy = try ChangedCopy(of: source, asOf: SimulatedSet.asOf)
      path = copy.path
      #expect(FileManager.default.fileExists(atPath: path + "/visits.parquet"))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try state() == before)
  }

  static let earlierChanges: [(sql: String, feature: Feature?)] = [
    ("UPDATE visits SET customer_paid = customer_paid + 1 WHERE hash(visit_id) % 3 = 0", .cp730),
    ("UPDATE visits SET odometer_km = odometer_km + 10 WHERE hash(visit_id) % 3 = 0", .odoHat),
    ("DELETE FROM visits WHERE hash(visit_id) % 5 = 0", .nQ730),
    ("UPDATE complaints SET severity = 5 - severity", .cmpSev),
    ("UPDATE surveys SET score = scale_min", .csiLast),
    ("UPDATE packages SET visits_total = visits_total + 1", .pkgVisitsLeft),
    ("UPDATE ownerships SET \"to\" = \"from\" + 1 WHERE hash(vin) % 3 = 0", nil),
    ("UPDATE ownerships SET customer_id = 'C' || customer_id WHERE hash(vin) % 3 = 0", nil),
  ]

  @Test(
    "a change of what was known is noticed, by the feature that shows it", arguments: earlierChanges.indices)
  func sensitivity(index: Int) throws {
    let (sql, feature) = Self.earlierChanges[index]
    let changed = try TemporaryFolder()
    try SimulatedSet.rewrite(SimulatedSet.shared.path, to: changed.path, changes: [sql])
    let finding = LeakProof.compare(
      SimulatedSet.histories, try Histories.load(changed.path), asOf: SimulatedSet.asOf)
    #expect(!finding.holds)
    if let feature {
      #expect(finding.changed[feature, default: 0] > 0)
    } else {
      #expect(finding.strangers + finding.moved > 0)
    }
  }

  @Test("one bit of one value is enough")
  func oneValue() throws {
    let changed = try TemporaryFolder()
    let first = "(SELECT min(visit_id) FROM visits WHERE opened_at < DATE '2024-08-01' AND customer_paid > 1)"
    let change = "UPDATE visits SET customer_paid = customer_paid + 0.01 WHERE visit_id = \(first)"
    try SimulatedSet.rewrite(SimulatedSet.shared.path, to: changed.path, changes: [change])
    let finding = LeakProof.compare(
      SimulatedSet.histories, try Histories.load(changed.path), asOf: Day("2024-08-02")!)
    #expect(!finding.holds && finding.changed.values.allSatisfy { $0 >= 1 })
  }

  @Test("the data's end plays no part")
  func dataEnd() throws {
    let asOf = SimulatedSet.asOf
    let cut = try TemporaryFolder()
    let changes = ["DELETE FROM visits WHERE opened_at::DATE > DATE '\(asOf + 1)'"]
    try SimulatedSet.rewrite(SimulatedSet.shared.path, to: cut.path, changes: changes)
    let histories = try Histories.load(cut.path)
    #expect(histories.dataEnd <= asOf + 1)
    Self.expectHolds(LeakProof.compare(SimulatedSet.histories, histories, asOf: asOf))
  }

  @Test("with a tenth of the rows spoiled, what is later plays no part either")
  func dirtyData() throws {
    let asOf = SimulatedSet.asOf
    let simulated = try TemporaryFolder()
    let path = simulated.path + "/data"
    let options = SimulationOptions(customers: 500, seed: 4, dirt: 0.1)
    _ = try Simulator(options: options).write(to: URL(fileURLWithPath: path))
    let all = try Histories.load(path)
    #expect((0..<all.customers.count).contains { all.customers.golden[$0] != $0 }, "twins are one person")
    let copy = try ChangedCopy(of: path, asOf: asOf)
    let changed = try Histories.load(copy.path)
    #expect(all.orders.count != changed.orders.count)
    Self.expectHolds(LeakProof.compare(all, changed, asOf: asOf))
  }

  @Test("orders without VIN are given to the vehicle of their day, not of today")
  func ordersWithoutVIN() throws {
    let folder = try TemporaryFolder()
    let change = "UPDATE visits SET vin = NULL WHERE hash(visit_id) % 4 = 0"
    try SimulatedSet.rewrite(SimulatedSet.shared.path, to: folder.path, changes: [change])
    let asOf = SimulatedSet.laterAsOf
    let copy = try ChangedCopy(of: folder.path, asOf: asOf)
    Self.expectHolds(
      LeakProof.compare(try Histories.load(folder.path), try Histories.load(copy.path), asOf: asOf))
  }

  @Test("the mapped GB18030 exports of Lakeside are proved as well")
  func lakeside() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = root.appendingPathComponent("datasets/lakeside").path
    let asOf = Day("2025-01-06")!
    let copy = try ChangedCopy(of: path, asOf: asOf)
    let finding = LeakProof.compare(
      try Histories.load(path), try Histories.load(copy.path), asOf: asOf)
    Self.expectHolds(finding, relations: 1000)
  }
}
