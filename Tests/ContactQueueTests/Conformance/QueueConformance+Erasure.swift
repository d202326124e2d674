import ContactQueue
import Foundation
import Temporaries
import Testing

extension QueueConformance {
  /// What is left of somebody who wants to be forgotten.
  static let erasure: [Check] = [
    Check("Nothing open is left of an erased customer, and what happened stays countable", erased),
    Check("An erased customer does not come back by a list or by histories", staysAway),
    Check("Exports of an erased customer are read back without personal data", exports),
    Check("Erasing twice changes nothing more, erasing a stranger keeps the stranger out", twice),
    Check("What an erased customer said does not hold on the next one", statements),
    Check("Details that nobody needs any more are emptied, opt-outs stay", cleared),
  ]

  @Sendable private static func erased(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([
      .of(1, vin: "A", priority: 9), .of(1, .email, vin: "B"), .of(2),
      .of(3, decision: .heldOut(stratum: "x")),
    ])
    let sent = try #require(try bench.lease(1).tasks.first)
    _ = try bench.ack(sent, .sent)
    _ = try bench.ack(sent, .delivered)
    let report = try bench.queue.erase(customer: "C1", at: bench.now, by: "officer")
    #expect(report.tasks == 2)
    #expect(report.cancelled == 1)
    #expect(report.lines == 2)
    #expect(try bench.queue.erase(customer: "C3", at: bench.now, by: "officer").lines == 2)
    #expect(try bench.tasks(.delivered) == 1)
    #expect(try bench.tasks(.cancelled) == 1)
    #expect(try bench.queue.texts(of: "C1", reader: "officer", at: bench.now) == ["C1"])
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C2"])
    #expect(try bench.queue.parties(of: [sent.id], reader: "officer", at: bench.now).isEmpty)
    for table in ["task", "score", "holdout", "contact", "person", "relation", "touch", "statement"] {
      for customer in ["C1", "C3"] {
        let rows = try bench.store.read { session throws(QueueError) in
          try session.rows(
            "SELECT 1 FROM \(table) WHERE customer = $1",
            [.blob(bench.vault.pseudonym(customer: customer).bytes)])
        }
        #expect(rows.isEmpty, "\(table) still names \(customer)")
      }
    }
    try bench.expectWhole()
  }

  @Sendable private static func staysAway(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1), .of(2)])
    _ = try bench.queue.erase(customer: "C1", at: bench.now, by: "officer")
    let report = try bench.enqueue([.of(1, vin: "NEW"), .of(2, vin: "NEW")], list: "second")
    #expect(report.suppressed == [.erased: 1])
    #expect(report.enqueued == 1)
    var lines = [LedgerLine(customerID: "C1", vin: "A", standing: EnqueueLine.of(1).standing)]
    _ = try bench.queue.refresh(at: bench.now, next: { lines.popLast() })
    #expect(try bench.queue.texts(of: "C1", reader: "officer", at: bench.now) == ["C1"])
    let people = try bench.store.read { session throws(QueueError) in
      try session.rows("SELECT COUNT(*) FROM person", [])
    }
    #expect(people == [[.integer(1)]])
    try bench.expectWhole()
  }

  @Sendable private static func exports(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, .phone), .of(2, .phone)])
    let gate = bench.gate
    let export = try bench.queue.beginExport(
      ExportRequest(kind: "call_list", channel: .phone, owner: "desk"), gates: { _ in gate }, at: bench.now)
    #expect(export.rows == 2)
    let report = try bench.queue.erase(customer: "C1", at: bench.now, by: "officer")
    #expect(report.exports == [export.number])
    #expect(report.cancelled == 0)
    let tasks = try bench.queue.exportedTasks(export.number, reader: "desk", at: bench.now)
    #expect(tasks.count == 2)
    let gone = try #require(tasks.first { $0.contact.isErased })
    #expect(gone.details == TaskDetails())
    #expect(tasks.contains { $0.contact.customerID == "C2" })
    try bench.expectWhole()
  }

  @Sendable private static func twice(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    _ = try bench.queue.erase(customer: "C1", at: bench.now, by: "officer")
    let again = try bench.queue.erase(customer: "C1", at: bench.now, by: "officer")
    #expect(!again.isFound)
    #expect(try !bench.queue.erase(customer: "C7", at: bench.now, by: "officer").isFound)
    #expect(try bench.enqueue([.of(7)], list: "second").suppressed == [.erased: 1])
    try bench.expectWhole()
  }

  @Sendable private static func cleared(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, vin: "A"), .of(2), .of(3, decision: .heldOut(stratum: "x"))])
    let task = try #require(try bench.lease(1).tasks.first { $0.contact.customerID == "C1" })
    _ = try bench.ack(task, .failed, .optedOut)
    let start = bench.now
    bench.now = start + .days(100)
    #expect(try bench.queue.clearDetails(before: start, at: bench.now, by: "officer") == 0)
    // C2 still has an open task.
    #expect(try bench.queue.clearDetails(before: start + .days(1), at: bench.now, by: "officer") == 2)
    #expect(try bench.queue.clearDetails(before: start + .days(1), at: bench.now, by: "officer") == 0)
    #expect(try bench.queue.texts(of: "C1", reader: "officer", at: bench.now) == ["C1"])
    #expect(try bench.queue.texts(of: "C2", reader: "officer", at: bench.now).count == 3)
    try bench.enqueue([.of(1, vin: "NEW")], list: "second")
    #expect(try bench.queue.texts(of: "C1", reader: "officer", at: bench.now).count == 3)
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C2"])
    try bench.expectWhole()
  }

  @Sendable private static func statements(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.queue.state(
      [CustomerStatement(customerID: "C1", kind: .doNotContact, at: bench.now)], source: "form", at: bench.now
    )
    _ = try bench.queue.erase(customer: "C1", at: bench.now, by: "officer")
    let rows = try bench.store.read { session throws(QueueError) in
      try session.rows("SELECT COUNT(*) FROM statement", [])
    }
    #expect(rows == [[.integer(0)]])
    #expect(throws: QueueError.self) { try bench.tamper("DELETE FROM event") }
  }
}

@Suite("Files of an SQLite queue after an erasure")
struct ErasedFileTests {
  @Test("No file of the queue holds a byte of the customer, sealed or not", arguments: [true, false])
  func scrubbed(isSealing: Bool) throws {
    let folder = try TemporaryFolder()
    let store = try SQLiteStore(
      path: folder.url.appendingPathComponent("queue.db").path, creating: true)
    let bench = try Bench(store, isSealing: isSealing)
    try bench.enqueue((1...50).map { .of($0, vin: "VEHICLE\($0)", phone: "1391111\(1000 + $0)") })
    func holds(_ text: String) throws -> Bool {
      try store.files.filter { FileManager.default.fileExists(atPath: $0) }.contains {
        try Data(contentsOf: URL(fileURLWithPath: $0)).range(of: Data(text.utf8)) != nil
      }
    }
    #expect(try holds("13911111007") == !isSealing)
    _ = try bench.queue.erase(customer: "C7", at: bench.now, by: "officer")
    try bench.queue.scrub()
    for text in ["13911111007", "VEHICLE7\"", "林7\"", "\"C7\""] { #expect(try !holds(text)) }
    let name = Data(bench.vault.pseudonym(customer: "C7").bytes)
    for file in store.files where FileManager.default.fileExists(atPath: file) {
      #expect(try Data(contentsOf: URL(fileURLWithPath: file)).range(of: name) == nil)
    }
    #expect(try holds("13911111008") == !isSealing)
  }
}
