import ContactQueue
import Histories
import Testing

extension QueueConformance {
  /// What goes out on lists and comes back as receipts.
  static let papers: [Check] = [
    Check("An export takes what is due, counts as sending and reads back as it was", export),
    Check("The files of an export are recorded once", exportFiles),
    Check("Receipts count once, in any order; unknown ids are told", receipts),
    Check("A receipt of an earlier attempt does not end a later one", lateReceipt),
    Check("A delivery reported while the task waits for another attempt ends it", deliveredMeanwhile),
    Check("An opt-out in a receipt holds even where the receipt changes no state", receiptOptOut),
    Check("A campaign knows who was contacted or held out and who came back", campaignOutcomes),
  ]

  private static func export(_ bench: Bench, _ limit: Int? = nil) throws -> ExportRecord {
    let gate = bench.gate
    return try bench.queue.beginExport(
      ExportRequest(kind: "sms_batch", channel: .sms, limit: limit, owner: "clerk"), gates: { _ in gate },
      at: bench.now)
  }

  @Sendable private static func export(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue(
      (1...30).map { .of($0, priority: Double($0)) } + [.of(31, grants: false), .of(32, .email)])
    let record = try export(bench, 20)
    #expect([Int(record.number), record.rows] == [1, 20])
    #expect(try bench.tasks(.sent) == 20)
    let before = try bench.queue.exportedTasks(1, reader: "clerk", at: bench.now)
    #expect(before.map(\.line) == Array(1...20))
    #expect(before.map(\.contact.customerID) == (11...30).reversed().map { "C\($0)" })
    // A new number later leaves the export as it was.
    try bench.enqueue([.of(30, vin: "other", phone: "13911112222")], list: "second")
    let after = try bench.queue.exportedTasks(1, reader: "clerk", at: bench.now)
    #expect(after.map(\.contact) == before.map(\.contact))
    bench.now = bench.now + .hours(1)
    #expect(try export(bench).rows == 10)
    // Who has an export's task out gets no other one.
    #expect(try export(bench).rows == 0)
    #expect(try bench.queue.exports().map(\.rows) == [20, 10])
    #expect(throws: QueueError.self) { try bench.queue.exportedTasks(9, reader: "clerk", at: bench.now) }
    try bench.expectWhole()
  }

  @Sendable private static func exportFiles(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    let number = try export(bench).number
    let files = [ExportedFile(name: "a.csv", rows: 1, sha256: "00")]
    try bench.queue.recordFiles(files, of: number, at: bench.now)
    try bench.queue.recordFiles(files, of: number, at: bench.now)
    let failure = #expect(throws: QueueError.self) {
      try bench.queue.recordFiles(
        [ExportedFile(name: "a.csv", rows: 1, sha256: "11")], of: number, at: bench.now)
    }
    #expect(failure?.code == .refused)
    #expect(try bench.queue.exports()[0].files == files)
    try bench.expectWhole()
  }

  @Sendable private static func receipts(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1), .of(2)])
    _ = try export(bench)
    let tasks = try bench.queue.exportedTasks(1, reader: "clerk", at: bench.now).map(\.id)
    let receipts = [
      Receipt(task: tasks[0], outcome: .delivered, at: bench.now + .minutes(2)),
      Receipt(task: tasks[0], outcome: .sent, at: bench.now + .minutes(1)),
      Receipt(task: tasks[0], outcome: .delivered, at: bench.now + .minutes(2)),
      Receipt(task: Pseudonym(high: 1, low: 1), outcome: .delivered, at: bench.now),
      Receipt(task: tasks[1], outcome: .failed, reason: .blocked, at: bench.now),
    ]
    let first = try bench.queue.apply(receipts, source: "file", at: bench.now + .hours(1))
    #expect(first == [.applied(.delivered), .kept(.delivered), .already, .unknownTask, .applied(.failed)])
    let events = try bench.queue.verify().events
    let second = try bench.queue.apply(receipts.reversed(), source: "again", at: bench.now + .hours(2))
    #expect(second == [.already, .unknownTask, .already, .already, .already])
    #expect(try bench.queue.verify().events == events)
    // The provider corrects itself.
    let correction = Receipt(task: tasks[0], outcome: .failed, reason: .blocked, at: bench.now + .hours(1))
    #expect(
      try bench.queue.apply([correction], source: "file", at: bench.now + .hours(2)) == [.applied(.failed)])
    try bench.expectWhole()
  }

  @Sendable private static func lateReceipt(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    let first = try #require(try bench.lease().tasks.first)
    _ = try bench.ack(first, .sent)
    let sentAt = bench.now
    _ = try bench.ack(first, .failed, .busy)
    bench.now = bench.now + .days(1)
    let second = try #require(try bench.lease().tasks.first)
    _ = try bench.ack(second, .sent)
    let late = Receipt(task: first.id, outcome: .failed, reason: .blocked, at: sentAt)
    #expect(try bench.queue.apply([late], source: "file", at: bench.now) == [.kept(.sent)])
    let current = Receipt(task: first.id, outcome: .failed, reason: .blocked, at: bench.now)
    #expect(try bench.queue.apply([current], source: "file", at: bench.now) == [.applied(.failed)])
  }

  @Sendable private static func deliveredMeanwhile(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    let task = try #require(try bench.lease().tasks.first)
    _ = try bench.ack(task, .sent)
    _ = try bench.ack(task, .failed, .providerDown)
    let word = Receipt(task: task.id, outcome: .delivered, at: bench.now)
    #expect(try bench.queue.apply([word], source: "file", at: bench.now) == [.applied(.cancelled)])
    bench.now = bench.now + .days(9)
    #expect(try bench.lease().tasks.isEmpty)
    try bench.expectWhole()
  }

  @Sendable private static func receiptOptOut(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, vin: "A", priority: 2)])
    let task = try #require(try bench.lease().tasks.first)
    _ = try bench.ack(task, .failed, .refused)
    try bench.enqueue([.of(1, vin: "B")], list: "second")
    let word = Receipt(task: task.id, outcome: .failed, reason: .optedOut, at: bench.now)
    #expect(try bench.queue.apply([word], source: "file", at: bench.now) == [.kept(.failed)])
    #expect(try bench.lease().suppressed == 1)
  }

  @Sendable private static func campaignOutcomes(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1), .of(2), .of(3, decision: .heldOut(stratum: "high/main"))])
    let task = try #require(try bench.lease(1).tasks.first)
    _ = try bench.ack(task, .delivered)
    let returns = [1, 3].map { number in
      Return(
        customer: bench.vault.pseudonym(customer: "C\(number)"),
        vehicle: bench.vault.pseudonym(vehicle: "VIN\(number)"), visit: "RO\(number)",
        openedOn: Day(year: 2027, month: 2, day: number), days: number)
    }
    try bench.queue.record(returns.reversed(), of: "spring", at: bench.now)
    try bench.queue.record(returns, of: "spring", at: bench.now)
    let outcomes = try bench.queue.outcomes(of: "spring")
    #expect(outcomes.map(\.comeback?.visit) == ["RO1", nil, "RO3"])
    #expect(outcomes.map(\.stratum) == [nil, nil, "high/main"])
    #expect(outcomes.map(\.state) == [.delivered, .approved, nil])
    #expect(outcomes.map(\.contactedAt) == [bench.now, nil, nil])
    #expect(outcomes.map(\.probability) == [0.5, 0.5, 0.5])
    #expect(throws: QueueError.self) { try bench.queue.outcomes(of: "other") }
    try bench.expectWhole()
  }
}
