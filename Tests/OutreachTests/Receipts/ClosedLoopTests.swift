import ContactQueue
import Features
import Foundation
import Histories
import Testing

@testable import Outreach

/// A queue and a data folder of its own for one test, removed with it.
final class ClosedLoop {
  static let time = ReceiptFileTests.time
  /// Enqueued in the morning of 1 July 2026.
  static let enqueued = time.moment(Day(year: 2026, month: 7, day: 1), minute: 9 * 60)

  struct Open: ContactGate {
    var memory: Moment.Span { .days(1) }
    func verdict(on task: GatedTask, standing: Standing, at now: Moment) -> Verdict {
      standing.doNotContact
        || standing.consents.refused.channels(purpose: task.purpose).contains(task.channel.consent)
        ? .never(.consentRefused) : .go
    }
    func caps(at now: Moment) -> [QueueCap] { [] }
  }

  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("loop-\(UUID().uuidString)")
  let queue: TaskQueue
  var data: String { folder.appendingPathComponent("data").path }

  /// Customers C1 to Cn with cars V1 to Vn; `visits` are visit_id, customer, day, class.
  init(
    customers: Int, visits: [(String, Int, String, String)] = [], ends: [String] = [],
    own: [String: String] = [:]
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    queue = try TaskQueue.create(
      store: try QueueURL("sqlite:\(folder.path)/q.db").open(creating: true),
      vault: Vault(key: QueueKey(), isSealing: true), at: Self.enqueued)
    var tables = own
    let all = 1...customers
    tables["customers.csv"] = "customer_id,phone\n" + all.map { "C\($0),139123450\(10 + $0)\n" }.joined()
    tables["vehicles.csv"] =
      "vin,customer_id,delivered_on\n" + all.map { "\(Self.vin($0)),C\($0),2020-01-01\n" }.joined()
    if !ends.isEmpty {
      tables["ownerships.csv"] =
        (["vin,customer_id,from,to,end_reason"] + ends).joined(separator: "\n") + "\n"
    }
    // The end of the data: a day with as many orders as any other.
    let last = [("E1", 1, "2026-12-31", "warranty"), ("E2", 1, "2026-12-30", "warranty")]
    tables["visits.csv"] =
      "visit_id,customer_id,vin,opened_at,classes\n"
      + (visits + last).map { "\($0.0),C\($0.1),\(Self.vin($0.1)),\($0.2) 10:00:00,\($0.3)\n" }.joined()
    for (name, text) in tables {
      let file = URL(fileURLWithPath: data).appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static func vin(_ number: Int) -> String { "LSVAA49J1320\(10_000 + number)" }

  /// Takes customers into a campaign: those in `heldOut` are held out, all others called.
  func enqueue(
    _ customers: [Int], heldOut: Set<Int> = [], channel: Channel = .phone, campaign: String = "spring",
    wave: Int = 1
  ) throws {
    var rest = customers[...]
    var everything = ConsentStanding()
    everything.granted = .everything
    _ = try queue.enqueue(
      Campaign(name: campaign, purpose: .service, template: "t@1", wave: wave, holdoutShare: 0.1, policy: ""),
      run: RunRecord(list: "\(campaign)\(wave)\(customers)", startedAt: Self.enqueued), at: Self.enqueued
    ) {
      rest.popFirst().map { number in
        EnqueueLine(
          contact: ContactDetails(
            customerID: "C\(number)", name: "N\(number)", phone: "139123450\(10 + number)",
            email: "c\(number)@example.com"),
          details: TaskDetails(vin: Self.vin(number)),
          standing: Standing(consents: everything, reachable: [.phone, .sms, .email, .wechat]),
          decision: heldOut.contains(number) ? .heldOut(stratum: "a") : .contact(channel, due: Self.enqueued),
          priority: Double(100 - number), probability: 0.5)
      }
    }
  }

  func exporter(_ options: ExportOptions = ExportOptions()) -> Exporter {
    Exporter(
      queue: queue, parent: folder.appendingPathComponent("lists").path, options: options, owner: "tests")
  }

  /// Hands everything of a channel out.
  func export(
    _ channel: Channel = .phone, at moment: Moment = enqueued, limit: Int? = nil,
    _ options: ExportOptions = ExportOptions()
  ) throws -> Exporter.Written? {
    let record = try exporter(options).begin(
      ExportRequest(
        kind: ExportKind(channel).rawValue, channel: channel, campaign: nil, limit: limit, owner: "tests"),
      gates: { _ in Open() }, at: moment)
    return record.rows == 0 ? nil : try exporter(options).write(record, at: moment)
  }

  /// Task ids by customer number, in the order of priority.
  func tasks() throws -> [Pseudonym] { try queue.outcomes(of: "spring").compactMap(\.task) }

  func take(_ text: String, beside folder: URL? = nil, at now: Moment = enqueued + .days(30)) throws
    -> ReceiptIntake.Report
  {
    let file = (folder ?? self.folder).appendingPathComponent("receipts.csv")
    try Data(text.utf8).write(to: file)
    return try ReceiptIntake(queue: queue, tables: try OutreachTables(data: data), owner: "tests").take(
      try ReceiptFile(file.path, time: Self.time, now: now), from: file.path, at: now)
  }

  func histories() throws -> Histories {
    var options = Histories.LoadOptions()
    options.orderIdentities = true
    options.addresses = true
    return try Histories.load(data, options: options)
  }
}

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

  // MARK: Returns

  @Test(
    "the first qualified visit after the contact is the return, each visit once, and hold-outs count from enqueueing"
  )
  func returns() throws {
    let loop = try ClosedLoop(
      customers: 7,
      visits: [
        // Came on the day of the call: before it, for all one knows.
        ("A1", 1, "2026-07-03", "maintenance"), ("A2", 1, "2026-08-20", "maintenance"),
        // A warranty job is no return; the next day's order at the same store is the same visit.
        ("B1", 2, "2026-07-10", "warranty"), ("B2", 2, "2026-07-11", "maintenance"),
        // 60 days after the call, and 61.
        ("C1", 3, "2026-09-01", "repair"), ("D1", 4, "2026-09-02", "repair"),
        // Held out: 2 July is the day after.
        ("F1", 6, "2026-07-01", "maintenance"), ("F2", 6, "2026-07-02", "warranty"),
        ("G1", 7, "2026-07-04", "maintenance"),
      ],
      ends: (1...7).map {
        "\(ClosedLoop.vin($0)),C\($0),2020-01-01,\($0 == 5 ? "2026-07-20" : ""),\($0 == 5 ? "sold" : "")"
      })
    try loop.enqueue(Array(1...7), heldOut: [6, 7])
    _ = try loop.export(at: ClosedLoop.enqueued + .days(2))
    let returns = try CampaignReturns(
      try loop.queue.outcomes(of: "spring"), histories: try loop.histories(), data: loop.data,
      vault: loop.queue.vault,
      time: ClosedLoop.time)
    #expect(returns.rows.map(\.customerID) == (1...7).map { "C\($0)" })
    #expect(returns.rows.map(\.group) == Array(repeating: .contacted, count: 5) + [.heldOut, .heldOut])
    #expect(returns.rows.map { $0.comeback?.visit } == ["A2", "B1", "C1", nil, nil, nil, "G1"])
    #expect(returns.rows.map { $0.comeback?.days } == [48, 7, 60, nil, nil, nil, 3])
    #expect(returns.rows.map(\.exclusion) == [nil, nil, nil, nil, .naturalLoss, nil, nil])
    // From 1 July on: the visit of 3 July counts, that of 1 September does not.
    #expect(returns.rows.map(\.cameSinceEnqueued) == [true, true, false, false, false, false, true])
    let comparison = CampaignComparison(returns)
    #expect(comparison.toContact.relations == 4 && comparison.toContact.cameBack == 2)
    #expect(comparison.toContact.excluded == [.naturalLoss: 1])
    #expect(comparison.heldOut.relations == 2 && comparison.heldOut.cameBack == 1)
    #expect(comparison.difference?.difference == 0)
    try loop.queue.record(returns.returns, of: "spring", at: ClosedLoop.enqueued)
    #expect(
      try loop.queue.outcomes(of: "spring").compactMap { $0.comeback?.visit } == ["A2", "B1", "C1", "G1"])
  }

  @Test("a visit after two contacts belongs to the later one, and to it alone")
  func twoWaves() throws {
    let loop = try ClosedLoop(
      customers: 1, visits: [("A1", 1, "2026-07-20", "maintenance"), ("A2", 1, "2026-07-25", "maintenance")])
    try loop.enqueue([1])
    _ = try loop.export(at: ClosedLoop.enqueued + .days(1))
    _ = try loop.take("task,outcome,at\n\(try loop.tasks()[0].text),reached,2026-07-02\n")
    try loop.enqueue([1], wave: 2)
    _ = try loop.export(at: ClosedLoop.enqueued + .days(9))
    let returns = try CampaignReturns(
      try loop.queue.outcomes(of: "spring"), histories: try loop.histories(), data: loop.data,
      vault: loop.queue.vault,
      time: ClosedLoop.time)
    #expect(returns.rows.map { $0.comeback?.visit } == [nil, "A1"])
    #expect(CampaignComparison(returns).toContact.relations == 1, "a relation counts once")
  }

  @Test("days that are not over, and relations that the histories do not know, are not compared")
  func open() throws {
    let loop = try ClosedLoop(customers: 2)
    try loop.enqueue([1, 9])
    let outcomes = try loop.queue.outcomes(of: "spring")
    let histories = try loop.histories()
    func returns(_ days: Int) throws -> CampaignReturns {
      try CampaignReturns(
        outcomes, histories: histories, data: loop.data, vault: loop.queue.vault, time: ClosedLoop.time,
        days: days)
    }
    #expect(try returns(183).rows.map(\.exclusion) == [nil, .unknown])
    #expect(try returns(184).rows.map(\.exclusion) == [.open, .unknown])
    #expect(CampaignComparison(try returns(60)).difference == nil)
  }
}
