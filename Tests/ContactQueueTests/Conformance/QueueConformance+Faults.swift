import ContactQueue
import Synchronization
import Testing

extension QueueConformance {
  /// Many hands, a clock that errs, and whatever happens in whatever order.
  static let faults: [Check] = [
    Check("Workers that fight for tasks each get others", fight),
    Check("A clock that steps back loses nothing and sends nothing twice", clockBack),
    Check("Whatever happens in whatever order, every task is accounted for", anything),
  ]

  @Sendable private static func fight(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    // Every customer has two vehicles, so that workers meet on customers, too.
    try bench.enqueue((0..<200).map { .of($0 / 2, vin: "V\($0)", priority: Double($0 % 7)) })
    let taken = Mutex<[Pseudonym]>([])
    let (queue, now, gate) = (bench.queue, bench.now, bench.gate)
    let failures = Parallel.run(threads: 4) { number in
      while true {
        let report = try queue.lease(
          LeaseRequest(owner: "worker-\(number)", limit: 7), gates: { _ in gate }, at: now)
        if report.tasks.isEmpty, !report.isMore { return }
        taken.withLock { $0 += report.tasks.map(\.id) }
        _ = try queue.acknowledge(
          report.tasks.map { Acknowledgement(task: $0.id, token: $0.token, outcome: .delivered) }, at: now)
      }
    }
    #expect(failures == [])
    // What a worker skipped because another one held the customer goes later.
    bench.now = bench.now + .hours(1)
    let rest = try bench.lease(200).tasks
    for task in rest { #expect(try bench.ack(task, .delivered) == .done(.delivered)) }
    let all = taken.withLock { $0 } + rest.map(\.id)
    #expect(Set(all).count == all.count)
    #expect(try bench.tasks(.delivered) == all.count)
    #expect(try bench.tasks(.delivered) + bench.tasks(.approved) == 200)
    try bench.expectWhole()
  }

  @Sendable private static func clockBack(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue((1...4).map { .of($0) })
    let start = bench.now
    let tasks = try bench.lease(2).tasks
    _ = try bench.ack(tasks[0], .sent)
    bench.now = start - .days(400)
    #expect(try bench.queue.sweep(at: bench.now).expired == 0)
    #expect(try bench.queue.status(at: bench.now).oldestSent == .seconds(0))
    // Nothing that is out goes out again, and what is due stays due.
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C3", "C4"])
    #expect(try bench.ack(tasks[0], .delivered) == .done(.delivered))
    #expect(try bench.ack(tasks[1], .sent) == .done(.sent))
    bench.now = start + .minutes(1)
    #expect(try bench.lease().tasks.map(\.attempt) == [2, 2])
    try bench.expectWhole()
  }

  /// A generator whose numbers a failure can be repeated with (SplitMix64).
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  @Sendable private static func anything(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    bench.gate.gap = .hours(1)
    var numbers = Numbers(state: 6)
    var held: [LeasedTask] = []
    var sent: [Pseudonym: Int] = [:]
    var lists = 0
    var answers: [String: Int] = [:]
    for step in 0..<120 {
      bench.now = bench.now + .minutes(Int64.random(in: -10...20, using: &numbers))
      switch Int.random(in: 0..<10, using: &numbers) {
      case 0:
        lists += 1
        try bench.enqueue(
          (0..<20).map { _ in
            .of(
              Int.random(in: 0..<40, using: &numbers), Channel.allCases.randomElement(using: &numbers)!,
              due: bench.now + .minutes(Int64.random(in: -60...90, using: &numbers)),
              priority: Double.random(in: 0...1, using: &numbers),
              needsApproval: Bool.random(using: &numbers))
          }, bench.campaign(wave: Int.random(in: 1...3, using: &numbers)), list: "\(lists)")
      case 1...3: held += try bench.lease(Int.random(in: 1...8, using: &numbers)).tasks
      case 4...6:
        for task in held.suffix(12).shuffled(using: &numbers).prefix(4) {
          let outcome: Outcome =
            Bool.random(using: &numbers) ? .sent : Outcome.allCases.randomElement(using: &numbers)!
          let reason = outcome == .failed ? FailReason.allCases.randomElement(using: &numbers)! : nil
          let answer = try bench.ack(task, outcome, reason)
          answers["\(outcome) \(answer)", default: 0] += 1
          if outcome == .sent, case .done = answer { sent[task.id, default: 0] += 1 }
        }
      case 7:
        _ = try bench.queue.apply(
          held.suffix(3).map { Receipt(task: $0.id, outcome: .delivered, at: bench.now) }, source: "file",
          at: bench.now)
      case 8: _ = try bench.queue.sweep(at: bench.now)
      default:
        let filter = TaskFilter(channel: Channel.allCases.randomElement(using: &numbers)!)
        _ = try bench.queue.approve(filter, at: bench.now, by: "boss")
        if step % 3 == 0 { _ = try bench.queue.redrive(filter, at: bench.now, by: "boss") }
      }
    }
    try bench.expectWhole()
    let twice = try store.read { (session) throws(QueueError) in
      try session.rows(
        """
        SELECT customer FROM task WHERE state IN (\(TaskState.leased.code), \(TaskState.sent.code))
          GROUP BY customer HAVING COUNT(*) > 1
        """, [])
    }
    #expect(twice.isEmpty)
    #expect(sent.count > 3, "\(answers)")
    let total = TaskState.allCases.reduce(0) { $0 + ((try? bench.tasks($1)) ?? 0) }
    #expect(total == (try bench.total("enqueued")))
  }
}
