import ContactQueue
import Foundation
import Histories

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

  /// Takes customers into a campaign: those in `heldOut` are held out, those in `suppressed` left out, all others called.
  func enqueue(
    _ customers: [Int], heldOut: Set<Int> = [], suppressed: [Int: SuppressionReason] = [:],
    channel: Channel = .phone, campaign: String = "spring", wave: Int = 1, list: String = ""
  ) throws {
    var rest = customers[...]
    var everything = ConsentStanding()
    everything.granted = .everything
    _ = try queue.enqueue(
      Campaign(name: campaign, purpose: .service, template: "t@1", wave: wave, holdoutShare: 0.1, policy: ""),
      run: RunRecord(list: "\(list)\(campaign)\(wave)\(customers)", startedAt: Self.enqueued),
      at: Self.enqueued
    ) {
      rest.popFirst().map { number in
        EnqueueLine(
          contact: ContactDetails(
            customerID: "C\(number)", name: "N\(number)", phone: "139123450\(10 + number)",
            email: "c\(number)@example.com"),
          details: TaskDetails(vin: Self.vin(number)),
          standing: Standing(consents: everything, reachable: [.phone, .sms, .email, .wechat]),
          decision: heldOut.contains(number)
            ? .heldOut(stratum: "a")
            : suppressed[number].map { .suppressed($0) } ?? .contact(channel, due: Self.enqueued),
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
