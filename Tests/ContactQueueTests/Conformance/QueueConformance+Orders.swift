import ContactQueue
import Testing

extension QueueConformance {
  /// What comes in and in which order it goes out.
  static let orders: [Check] = [
    Check("A list comes in once: the second time changes nothing and says so", enqueueTwice),
    Check("A list whose source fails leaves nothing behind", allOrNothing),
    Check("The highest priority goes first, then the longest due, then the number", order),
    Check("A task that is not due waits, and goes when it is", dueTime),
    Check("Tasks that need approval wait for it; cancelled ones never go", approval),
    Check("What a worker gets is what was enqueued, sealed or not", payloads),
    Check("A pause holds back its channel, or everything, until it is taken back", pause),
    Check("Caps hold across channels, owners and campaigns, and end with their window", caps),
    Check("Two tasks of one customer are never out together", oneLiveTask),
    Check("What the policy puts off comes back at its moment", deferred),
    Check("A hold-out stays held out, whatever a later list says", holdout),
    Check("A campaign keeps its purpose", purpose),
    Check("The status counts what is there and how old it is", status),
  ]

  @Sendable private static func enqueueTwice(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    let lines =
      (1...5).map { EnqueueLine.of($0) } + [
        .of(6, decision: .heldOut(stratum: "high")), .of(7, decision: .suppressed(.noConsent)), .of(1),
      ]
    let first = try bench.enqueue(lines)
    #expect(
      [first.lines, first.enqueued, first.alreadyThere, first.heldOut, first.suppressed[.noConsent] ?? 0]
        == [8, 5, 1, 1, 1])
    #expect(first.channels == [.sms: 5])
    let events = try bench.queue.verify().events
    let second = try bench.enqueue(lines)
    #expect(
      [second.enqueued, second.alreadyThere, second.heldOut, second.suppressed[.noConsent] ?? 0] == [
        0, 6, 1, 1,
      ])
    #expect(second.run == first.run)
    #expect(try bench.tasks(.approved) == 5)
    // One event says that the list came again.
    #expect(try bench.queue.verify().events == events + 1)
    // Another wave is another contact.
    #expect(try bench.enqueue([.of(1)], bench.campaign(wave: 2)).enqueued == 1)
    try bench.expectWhole()
  }

  @Sendable private static func allOrNothing(_ store: any QueueStore) throws {
    struct Broken: Error {}
    let bench = try Bench(store)
    var number = 0
    #expect(throws: Broken.self) {
      try bench.queue.enqueue(
        bench.campaign(), run: RunRecord(list: "x", startedAt: bench.now), at: bench.now,
        next: {
          number += 1
          if number > 5000 { throw Broken() }
          return .of(number)
        })
    }
    #expect(try bench.queue.status(at: bench.now).depths.isEmpty)
    #expect(try bench.queue.campaigns().isEmpty)
    #expect(try bench.queue.verify().events == 1)
  }

  @Sendable private static func order(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    let early = bench.now - .hours(2)
    try bench.enqueue([
      .of(1, priority: 1, phone: "a"), .of(2, due: bench.now - .hours(1), priority: 5),
      .of(3, due: early, priority: 5),
      .of(4, .email, due: early, priority: 9), .of(5, due: early, priority: 5),
    ])
    #expect(try bench.lease(2).tasks.map(\.contact.customerID) == ["C4", "C3"])
    #expect(try bench.lease(9).tasks.map(\.contact.customerID) == ["C5", "C2", "C1"])
  }

  @Sendable private static func dueTime(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, due: bench.now + .hours(1))])
    #expect(try bench.lease().tasks.isEmpty)
    bench.now = bench.now + .hours(1)
    #expect(try bench.lease().tasks.count == 1)
  }

  @Sendable private static func approval(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue((1...3).map { .of($0, $0 == 3 ? .email : .sms, needsApproval: true) })
    #expect(try bench.lease().tasks.isEmpty)
    #expect(try bench.queue.cancel(TaskFilter(channel: .email), at: bench.now, by: "boss") == 1)
    #expect(try bench.queue.approve(TaskFilter(campaign: "spring"), at: bench.now, by: "boss") == 2)
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C1", "C2"])
    #expect(try bench.tasks(.cancelled) == 1)
    #expect(throws: QueueError.self) {
      try bench.queue.approve(TaskFilter(campaign: "other"), at: bench.now, by: "boss")
    }
    try bench.expectWhole()
  }

  @Sendable private static func payloads(_ store: any QueueStore) throws {
    let bench = try Bench(store, isSealing: true)
    let line = EnqueueLine.of(1)
    try bench.enqueue([line])
    let task = try #require(try bench.lease().tasks.first)
    #expect(task.contact == line.contact)
    #expect(task.details == line.details)
    #expect(task.attempt == 1)
    #expect([task.campaign, task.template, task.tier] == ["spring", "service-due@1", "main"])
    let names = try store.read { (session) throws(QueueError) in
      try session.rows("SELECT payload FROM contact", [])
    }
    for case .blob(let bytes) in names.flatMap({ $0 }) {
      #expect(!String(decoding: bytes, as: UTF8.self).contains("C1"))
    }
    let log = try store.read { (session) throws(QueueError) in
      try session.rows("SELECT who, purpose, row_count FROM access_log", [])
    }
    #expect(log == [[.text("worker"), .text("lease"), .integer(1)]])
  }

  @Sendable private static func pause(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1), .of(2, .email), .of(3, .phone)])
    try bench.queue.pause(.sms, at: bench.now, by: "boss")
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C2", "C3"])
    try bench.queue.pause(nil, at: bench.now, by: "boss")
    #expect(try bench.lease().isPaused)
    #expect(try bench.queue.status(at: bench.now).pausedChannels == [.sms])
    try bench.queue.resume(nil, at: bench.now, by: "boss")
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C1"])
    try bench.expectWhole()
  }

  @Sendable private static func caps(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue((1...4).map { .of($0) } + (5...8).map { .of($0, .email) })
    try bench.enqueue([.of(9), .of(10)], bench.campaign("autumn"), list: "autumn")
    let (since, until) = (bench.now, bench.now + .days(1))
    bench.gate.queueCaps = [
      QueueCap(channel: .sms, since: since, limit: 3, until: until),
      QueueCap(channel: nil, since: since, limit: 6, until: until),
    ]
    #expect(try bench.lease(2, [.sms]).tasks.count == 2)
    #expect(try bench.lease(9, [.sms], owner: "other").tasks.count == 1)
    #expect(try bench.lease(9).tasks.map(\.channel) == [.email, .email, .email])
    #expect(try bench.lease(9).tasks.isEmpty)
    #expect(try bench.tasks(.approved) == 4)
    bench.now = until
    bench.gate.queueCaps = [QueueCap(channel: .sms, since: until, limit: 3, until: until + .days(1))]
    // The leases of yesterday ran out; four addresses by e-mail and three by SMS go.
    #expect(try bench.lease(99).tasks.count == 7)
    try bench.expectWhole()
  }

  @Sendable private static func oneLiveTask(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, vin: "A", priority: 2), .of(1, .email, vin: "B")])
    let first = try #require(try bench.lease().tasks.first)
    #expect(first.details.vin == "A")
    #expect(try bench.total("deferred") == 1)
    bench.now = bench.now + .hours(1)
    _ = try bench.queue.sweep(at: bench.now)
    let again = try #require(try bench.lease(1, [.sms]).tasks.first)
    #expect(try bench.ack(again, .sent) == .done(.sent))
    #expect(try bench.lease().tasks.isEmpty)
    #expect(try bench.ack(again, .delivered) == .done(.delivered))
    bench.now = bench.now + .hours(1)
    #expect(try bench.lease().tasks.map(\.details.vin) == ["B"])
    try bench.expectWhole()
  }

  @Sendable private static func deferred(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue((1...40).map { .of($0) })
    bench.gate.closedUntil = bench.now + .hours(8)
    let report = try bench.lease()
    #expect(report.tasks.isEmpty)
    #expect(report.deferred == 40)
    #expect(try bench.lease().deferred == 0)
    bench.now = bench.now + .hours(8)
    #expect(try bench.lease().tasks.count == 40)
    try bench.expectWhole()
  }

  @Sendable private static func holdout(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, decision: .heldOut(stratum: "high")), .of(2)])
    let second = try bench.enqueue(
      [.of(1), .of(2, decision: .heldOut(stratum: "low"))], bench.campaign(wave: 2), list: "second")
    #expect([second.enqueued, second.heldOut] == [0, 2])
    // The task of wave 1, whose customer is held out now, does not go either.
    #expect(try bench.lease().tasks.isEmpty)
    #expect(try bench.tasks(.suppressed) == 1)
    #expect(try bench.queue.status(at: bench.now).heldOut == 2)
    try bench.expectWhole()
  }

  @Sendable private static func purpose(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    var other = bench.campaign()
    other.purpose = .marketing
    let failure = #expect(throws: QueueError.self) { try bench.enqueue([.of(2)], other) }
    #expect(failure?.code == .usage)
  }

  @Sendable private static func status(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([
      .of(1, due: bench.now - .hours(3)), .of(2, due: bench.now + .hours(1)), .of(3, .email, due: bench.now),
    ])
    let task = try #require(try bench.lease(1, [.email]).tasks.first)
    _ = try bench.ack(task, .sent)
    bench.now = bench.now + .minutes(30)
    let status = try bench.queue.status(at: bench.now)
    #expect(status.tasks(.approved) == 2)
    #expect(status.depths.contains { $0.channel == .email && $0.state == .sent && $0.tasks == 1 })
    #expect(status.oldestDue == .minutes(210))
    #expect(status.oldestSent == .minutes(30))
    let leased = try #require(status.rates.first { $0.kind == "leased" })
    #expect([leased.total, leased.lastHour, leased.lastFiveMinutes] == [1, 1, 0])
  }
}
