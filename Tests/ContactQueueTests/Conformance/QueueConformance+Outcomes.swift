import ContactQueue
import Testing

extension QueueConformance {
  /// What workers say, or do not say.
  static let outcomes: [Check] = [
    Check("Sent, then delivered; the same word twice does no harm", delivery),
    Check("Only the current token counts", tokens),
    Check("A lease that runs out is handed out again, and after the last attempt is dead", expiry),
    Check("A heartbeat holds a task, but not without its token", heartbeat),
    Check("A failure worth it is tried again later each time, then dead; a redrive begins anew", retries),
    Check("A failure for good ends the task", permanentFailure),
    Check("Silence after sending is unknown and goes out again only by an explicit order", unknown),
    Check("A task given back is as before", released),
    Check("Retries are no contacts that the policy counts against the task itself", ownTouches),
  ]

  @Sendable private static func delivery(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    let task = try #require(try bench.lease().tasks.first)
    #expect(try bench.ack(task, .sent) == .done(.sent))
    #expect(try bench.ack(task, .sent) == .already(.sent))
    #expect(try bench.ack(task, .reached) == .done(.delivered))
    #expect(try bench.ack(task, .reached) == .already(.delivered))
    #expect(try bench.ack(task, .booked) == .done(.delivered))
    #expect(try bench.ack(task, .released) == .refused(.noSuchMove))
    let rest = try bench.queue.acknowledge(
      [Acknowledgement(task: Pseudonym(high: 1, low: 2), token: task.token, outcome: .sent)], at: bench.now)
    #expect(rest == [.refused(.unknownTask)])
    try bench.expectWhole()
  }

  @Sendable private static func tokens(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    let first = try #require(try bench.lease().tasks.first)
    #expect(try bench.ack(first, .sent, token: Pseudonym(high: 7, low: 7)) == .refused(.wrongToken))
    bench.now = bench.now + .minutes(11)
    let second = try #require(try bench.lease(owner: "other").tasks.first)
    #expect(second.id == first.id)
    #expect(second.token != first.token)
    #expect(try bench.ack(first, .sent) == .refused(.wrongToken))
    #expect(try bench.tasks(.leased) == 1)
    // Two words on one task in one call are carried out one after the other.
    let both = try bench.queue.acknowledge(
      [.sent, .delivered].map { Acknowledgement(task: second.id, token: second.token, outcome: $0) },
      at: bench.now)
    #expect(both == [.done(.sent), .done(.delivered)])
    try bench.expectWhole()
  }

  @Sendable private static func expiry(_ store: any QueueStore) throws {
    var rules = RetryRules()
    rules.attempts = 3
    let bench = try Bench(store, rules: rules)
    try bench.enqueue([.of(1)])
    for attempt in 1...3 {
      #expect(try bench.lease().tasks.map(\.attempt) == [attempt])
      bench.now = bench.now + .minutes(10)
    }
    #expect(try bench.queue.sweep(at: bench.now).dead == 1)
    #expect(try bench.tasks(.dead) == 1)
    #expect(try bench.total("lease_expired") == 2)
    try bench.expectWhole()
  }

  @Sendable private static func heartbeat(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1), .of(2)])
    let tasks = try bench.lease().tasks
    bench.now = bench.now + .minutes(9)
    let held = TaskToken(task: tasks[0].id, token: tasks[0].token)
    let wrong = TaskToken(task: tasks[1].id, token: Pseudonym(high: 0, low: 1))
    #expect(
      try bench.queue.heartbeat([held, wrong], at: bench.now) == [.done(.leased), .refused(.wrongToken)])
    bench.now = bench.now + .minutes(9)
    #expect(try bench.queue.sweep(at: bench.now).expired == 1)
    #expect(try bench.ack(tasks[0], .sent) == .done(.sent))
    #expect(try bench.ack(tasks[1], .sent) == .refused(.wrongToken))
  }

  @Sendable private static func retries(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    var waits: [Moment.Span] = []
    for attempt in 1...5 {
      let task = try #require(try bench.lease().tasks.first)
      #expect(task.attempt == attempt)
      _ = try bench.ack(task, .sent)
      #expect(try bench.ack(task, .failed, .noAnswer) == .done(attempt < 5 ? .approved : .dead))
      #expect(try bench.ack(task, .failed, .noAnswer) == .already(attempt < 5 ? .approved : .dead))
      #expect(try bench.lease().tasks.isEmpty)
      let start = bench.now
      while attempt < 5, try bench.queue.status(at: bench.now).oldestDue == nil {
        bench.now = bench.now + .minutes(1)
      }
      waits.append(bench.now - start)
    }
    #expect(waits[..<4] == waits[..<4].sorted()[...])
    #expect(waits[0] >= .minutes(7))
    #expect(waits[3] >= .minutes(60))
    #expect(try bench.queue.redrive(TaskFilter(reason: "busy"), at: bench.now, by: "boss") == 0)
    #expect(try bench.queue.redrive(TaskFilter(reason: "no_answer"), at: bench.now, by: "boss") == 1)
    #expect(try bench.lease().tasks.map(\.attempt) == [1])
    try bench.expectWhole()
  }

  @Sendable private static func permanentFailure(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1), .of(2)])
    let tasks = try bench.lease().tasks
    #expect(try bench.ack(tasks[0], .failed, .refused) == .done(.failed))
    #expect(try bench.ack(tasks[1], .delivered) == .done(.delivered))
    bench.now = bench.now + .days(30)
    #expect(try bench.lease().tasks.isEmpty)
    // The provider corrects itself.
    #expect(try bench.ack(tasks[1], .failed, .blocked) == .done(.failed))
    try bench.expectWhole()
  }

  @Sendable private static func unknown(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1), .of(2, .phone)])
    let tasks = try bench.lease().tasks
    for task in tasks { _ = try bench.ack(task, .sent) }
    bench.now = bench.now + .days(3)
    #expect(try bench.queue.sweep(at: bench.now).unknown == 1)
    #expect(try bench.tasks(.sent) == 1)
    bench.now = bench.now + .days(30)
    #expect(try bench.lease().tasks.isEmpty)
    #expect(try bench.tasks(.unknown) == 2)
    #expect(try bench.queue.redrive(TaskFilter(), at: bench.now, by: "boss") == 0)
    // A late word still counts.
    #expect(try bench.ack(tasks[0], .delivered) == .done(.delivered))
    #expect(try bench.queue.redrive(TaskFilter(states: [.unknown]), at: bench.now, by: "boss") == 1)
    #expect(try bench.lease().tasks.count == 1)
    try bench.expectWhole()
  }

  @Sendable private static func released(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    let first = try #require(try bench.lease().tasks.first)
    #expect(try bench.ack(first, .released) == .done(.approved))
    #expect(try bench.ack(first, .released) == .already(.approved))
    #expect(try bench.lease().tasks.map(\.attempt) == [1])
    try bench.expectWhole()
  }

  @Sendable private static func ownTouches(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    bench.gate.gap = .days(7)
    try bench.enqueue([.of(1, vin: "A", priority: 2)])
    let first = try #require(try bench.lease().tasks.first)
    _ = try bench.ack(first, .sent)
    _ = try bench.ack(first, .failed, .noAnswer)
    try bench.enqueue([.of(1, vin: "B")], list: "second")
    bench.now = bench.now + .hours(1)
    let report = try bench.lease()
    #expect(report.tasks.map(\.details.vin) == ["A"])
    #expect(report.deferred == 1)
    _ = try bench.ack(report.tasks[0], .failed, .refused)
    bench.now = bench.now + .days(7)
    #expect(try bench.lease().tasks.map(\.details.vin) == ["B"])
  }
}
