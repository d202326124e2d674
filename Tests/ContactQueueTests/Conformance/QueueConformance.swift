import ContactQueue
import Histories
import PrivatePostgreSQL
import Temporaries
import Testing

/// What a queue must do over every store; each check begins with an empty database.
enum QueueConformance {
  static let checks = orders + atOnce + outcomes + people + papers + guards + faults + erasure

  struct Check: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let run: @Sendable (any QueueStore) throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (any QueueStore) throws -> Void) {
      testDescription = name
      self.run = run
    }
  }
}

@Suite("The queue in a file of SQLite")
struct SQLiteQueueTests {
  @Test("It does what every queue does", arguments: QueueConformance.checks)
  func conformance(_ check: QueueConformance.Check) throws {
    let folder = try TemporaryFolder()
    try check.run(try SQLiteStore(path: folder.url.appendingPathComponent("queue.db").path, creating: true))
  }
}

@Suite("The queue in a PostgreSQL database", .enabled(if: PrivatePostgreSQL.isInstalled))
struct PostgreSQLQueueTests {
  @Test("It does what every queue does", arguments: QueueConformance.checks)
  func conformance(_ check: QueueConformance.Check) throws {
    let server = try PrivatePostgreSQL.shared()
    try check.run(try QueueURL(try server.makeDatabase()).open(creating: false))
  }
}

/// A queue with a clock of its own and a policy that tests can read at a glance.
final class Bench {
  let store: any QueueStore
  let vault: Vault
  let queue: TaskQueue
  var gate = PlainGate()
  var now = Moment(milliseconds: 1_800_000_000_000)

  init(_ store: any QueueStore, rules: RetryRules = RetryRules(), isSealing: Bool = false) throws {
    self.store = store
    vault = Vault(key: QueueKey(), isSealing: isSealing)
    queue = try TaskQueue.create(store: store, vault: vault, rules: rules, at: now)
  }

  func campaign(_ name: String = "spring", wave: Int = 1, template: String = "service-due@1") -> Campaign {
    Campaign(
      name: name, purpose: .service, template: template, wave: wave, holdoutShare: 0, policy: "plain")
  }

  /// A list with a fingerprint of its own.
  @discardableResult
  func enqueue(
    _ lines: [EnqueueLine], _ campaign: Campaign? = nil, list: String = "list"
  ) throws -> EnqueueReport {
    var rest = lines[...]
    return try queue.enqueue(
      campaign ?? self.campaign(), run: RunRecord(list: list, startedAt: now), at: now,
      next: { rest.popFirst() })
  }

  func lease(
    _ limit: Int = 100, _ channels: [Channel] = Channel.allCases, owner: String = "worker",
    minutes: Int64 = 10, campaign: String? = nil
  ) throws -> LeaseReport {
    let gate = gate
    return try queue.lease(
      LeaseRequest(
        owner: owner, channels: channels, campaign: campaign, limit: limit, duration: .minutes(minutes)),
      gates: { _ in gate }, at: now)
  }

  func ack(
    _ task: LeasedTask, _ outcome: Outcome, _ reason: FailReason? = nil, token: Pseudonym? = nil
  ) throws -> AckResult {
    try queue.acknowledge(
      [Acknowledgement(task: task.id, token: token ?? task.token, outcome: outcome, reason: reason)], at: now)[
        0]
  }

  func tasks(_ state: TaskState) throws -> Int { try queue.status(at: now).tasks(state) }

  func total(_ kind: String) throws -> Int {
    try queue.status(at: now).rates.first { $0.kind == kind }?.total ?? 0
  }

  func expectWhole(_ comment: Comment? = nil, at place: SourceLocation = #_sourceLocation) throws {
    #expect(try queue.verify().problems == [], comment, sourceLocation: place)
  }

  /// Statements that no part of the program makes.
  func tamper(_ statements: String...) throws {
    try store.write { (session) throws(QueueError) in
      for statement in statements { try session.run(statement, []) }
    }
  }

  /// Takes a trigger away, as somebody would who means harm.
  func unguard(_ trigger: String, on table: String) throws {
    try tamper(removal(of: trigger, on: table))
  }

  func removal(of trigger: String, on table: String) -> String {
    "DROP TRIGGER \(trigger)" + (store.dialect == .postgresql ? " ON \(table)" : "")
  }
}

/// Consents, suppression, a gap between contacts, caps: enough to see that the queue asks.
struct PlainGate: ContactGate {
  var memory = Moment.Span.days(30)
  var gap = Moment.Span.seconds(0)
  var closedUntil: Moment?
  var queueCaps: [QueueCap] = []

  func verdict(on task: GatedTask, standing: Standing, at now: Moment) -> Verdict {
    if standing.doNotContact { return .never(.doNotContact) }
    if standing.hasOpenComplaint { return .never(.complaintOpen) }
    if standing.hasEnded { return .never(.relationEnded) }
    let channel = task.channel.consent
    if !standing.consents.refused.channels(purpose: task.purpose).isDisjoint(with: channel) {
      return .never(.consentRefused)
    }
    if standing.consents.granted.channels(purpose: task.purpose).isDisjoint(with: channel) {
      return .never(.noConsent)
    }
    if !standing.unusable.isDisjoint(with: channel) { return .never(.invalidAddress) }
    if let closedUntil, now < closedUntil { return .later(closedUntil, .quietHours) }
    if let last = standing.touches.last, now < last.at + gap { return .later(last.at + gap, .minimumGap) }
    return .go
  }

  func caps(at now: Moment) -> [QueueCap] { queueCaps }
}

extension EnqueueLine {
  /// A line about customer `number`, who granted everything.
  static func of(
    _ number: Int, _ channel: Channel = .sms, vin: String? = nil, due: Moment? = nil, priority: Double = 1,
    grants: Bool = true, needsApproval: Bool = false, phone: String? = nil, decision: Decision? = nil
  ) -> EnqueueLine {
    var standing = Standing(reachable: [.phone, .sms, .wechat, .email])
    if grants { standing.consents.granted = .everything }
    return EnqueueLine(
      contact: ContactDetails(
        customerID: "C\(number)", name: "林\(number)", phone: phone ?? "1380000\(1000 + number)"),
      details: TaskDetails(vin: vin ?? "VIN\(number)", reasons: ["说\"到期\"\n\u{1}"]), standing: standing,
      decision: decision ?? .contact(channel, due: due ?? Moment(milliseconds: 0)), priority: priority,
      probability: 0.5, value: 100, tier: "main", needsApproval: needsApproval)
  }
}
