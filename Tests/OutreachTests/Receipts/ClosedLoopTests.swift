import ContactQueue
import Features
import Foundation
import Histories
import Testing

@testable import Outreach

@Suite("The closed loop")
struct ClosedLoopTests {
  @Test("an export is written again byte by byte, and with other options refused")
  func exports() throws {
    let loop = try ClosedLoop(customers: 3)
    try loop.enqueue([1, 2, 3])
    let first = try #require(try loop.export())
    #expect(first.manifest.rows == 3 && !first.wasThere)
    #expect(try loop.export() == nil, "everything is out")
    let record = try loop.exporter().known(1)
    #expect(record.files == first.manifest.files)
    #expect(try loop.exporter().write(record, at: ClosedLoop.enqueued + .days(3)).wasThere)
    try FileManager.default.removeItem(atPath: first.folder)
    let again = try loop.exporter().write(record, at: ClosedLoop.enqueued + .days(4))
    #expect(again.manifest == first.manifest && !again.wasThere)
    var other = ExportOptions()
    other.format = .csv
    let error = #expect(throws: OutreachError.self) {
      try loop.exporter(other).write(record, at: ClosedLoop.enqueued)
    }
    #expect(error?.code == .badData)
  }

  @Test("a folder that is there is found before anything is handed out")
  func occupied() throws {
    let loop = try ClosedLoop(customers: 1)
    try loop.enqueue([1])
    let place = loop.folder.appendingPathComponent("lists/all-phone-0001")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let error = #expect(throws: OutreachError.self) { try loop.export() }
    #expect(error?.code == .cannotWrite)
    #expect(try loop.queue.outcomes(of: "spring").map(\.state) == [.approved])
  }

  @Test("a task that no file can hold is failed in the queue, not lost")
  func unusable() throws {
    let loop = try ClosedLoop(customers: 2)
    try loop.enqueue([1, 2], channel: .wechat)
    let written = try #require(try loop.export(.wechat))
    #expect(written.manifest.rows == 0 && written.manifest.unusable == ["unusable_address": 2])
    #expect(try loop.queue.outcomes(of: "spring").map(\.state) == [.failed, .failed])
  }

  @Test("what receipts tell changes the next features and the policy's ledger, and the check shows it")
  func features() throws {
    let granted =
      "customer_id,channel,purpose,granted,at\n"
      + (1...2).map { "C\($0),all,service,true,2026-01-01\n" }.joined()
    let loop = try ClosedLoop(customers: 2, own: ["consents.csv": granted])
    try loop.enqueue([1, 2])
    _ = try loop.export()
    let tasks = try loop.tasks()
    let before = try loop.histories()
    let day = Day(year: 2026, month: 7, day: 10)
    func value(_ histories: Histories, _ feature: Feature, asOf: Day = day) -> Double {
      AsOfView(histories: histories, asOf: asOf).features(of: [1])[0, feature.rawValue]
    }
    #expect(value(before, .ctUnansStreak).isNaN && value(before, .optoutAny) == 0)
    let report = try loop.take(
      """
      task,outcome,at
      \(tasks[1].text),no_answer,2026-07-02 09:00
      \(tasks[1].text),opted_out,2026-07-05 23:30
      \(tasks[0].text),reached,2026-07-02 09:00

      """)
    #expect(report.isWhole && report.tables?.newContacts == 3 && report.tables?.newRefusals == 3)
    let after = try loop.histories()
    #expect(value(after, .ctUnansStreak, asOf: Day(year: 2026, month: 7, day: 4)) == 1)
    #expect(value(after, .optoutAny, asOf: Day(year: 2026, month: 7, day: 4)) == 0, "not said yet")
    #expect(
      value(after, .optoutAny, asOf: Day(year: 2026, month: 7, day: 5)) == 1,
      "said at 23:30 of the dealers' clock")
    #expect(value(after, .reachableCh) == value(before, .reachableCh) - 1)
    #expect(
      after.report.tables.filter { $0.table == "consents" }.map(\.source) == [
        "consents.csv", "outreach/consents.csv",
      ])
    #expect(after.report.tables.filter { $0.table == "contacts" }.map(\.source) == ["outreach/contacts.csv"])
    #expect(!after.report.absentTables.contains("contacts"))
    // The ledger of the policy.
    let policy = ContactPolicy.builtIn(timeZone: ClosedLoop.time.zone)
    let now = ClosedLoop.enqueued + .days(10)
    func reason(_ histories: Histories) -> SuppressionReason? {
      let ledger = Ledger(histories, at: now, time: ClosedLoop.time, memory: policy.memory)
      let task = GatedTask(channel: .phone, purpose: .service, tier: nil)
      if case .never(let reason) = policy.verdict(on: task, standing: ledger.standing(of: 1), at: now) {
        return reason
      }
      return nil
    }
    #expect(reason(before) != .consentRefused)
    #expect(reason(after) == .consentRefused)
    // And the queue: nothing more goes out to this customer on this channel, whatever the list says.
    try loop.enqueue([1, 2], wave: 2)
    let second = try #require(try loop.export(at: now))
    #expect(second.manifest.rows == 1)
  }

  @Test("what the data folder says by now holds for tasks that were enqueued before")
  func refreshed() throws {
    let loop = try ClosedLoop(
      customers: 2,
      own: [
        "consents.csv": "customer_id,channel,purpose,granted,at\n"
          + "C1,all,service,true,2026-01-01\nC2,all,service,true,2026-01-01\nC2,phone,service,false,2026-07-01\n"
      ])
    try loop.enqueue([1, 2])
    #expect(try LedgerRefresh.run(loop.queue, try loop.histories(), at: ClosedLoop.enqueued) == 2)
    #expect(try #require(try loop.export()).manifest.rows == 1)
    #expect(try loop.queue.outcomes(of: "spring").map(\.state) == [.sent, .suppressed])
  }

  @Test(
    "receipts are read as often as one likes; unknown tasks are told by line; those of another queue refused")
  func receipts() throws {
    let loop = try ClosedLoop(customers: 2)
    try loop.enqueue([1, 2])
    let written = try #require(try loop.export())
    let tasks = try loop.tasks()
    let text =
      "task,outcome,at\n\(tasks[0].text),reached,2026-07-02\n\(Pseudonym(high: 1, low: 1).text),reached,2026-07-02\n"
    let first = try loop.take(text)
    #expect(first.applied == 1 && first.unknown == [3] && first.states == ["delivered": 1])
    let again = try loop.take(text)
    #expect(again.applied == 0 && again.already == 1 && again.tables?.newContacts == 0)
    let stranger = #expect(throws: OutreachError.self) {
      try loop.take("task,outcome,at\n\(Pseudonym(high: 1, low: 1).text),reached,2026-07-02\n")
    }
    #expect(stranger?.code == .badData)
    let other = try ClosedLoop(customers: 1)
    try other.enqueue([1])
    let beside = #expect(throws: OutreachError.self) {
      try other.take(text, beside: URL(fileURLWithPath: written.folder))
    }
    #expect(beside?.description.contains("another queue") == true)
    #expect(!FileManager.default.fileExists(atPath: "\(other.data)/outreach"))
  }
}
