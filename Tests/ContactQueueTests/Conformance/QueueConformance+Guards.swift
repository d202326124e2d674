import ContactQueue
import Testing

extension QueueConformance {
  /// What the database refuses by itself, and what `verify` sees when somebody went around it.
  static let guards: [Check] = [
    Check("The database refuses every move that is not in the list, and makes every other", moves),
    Check("The database refuses a second task that is out for one customer", liveIndex),
    Check(
      "The database refuses to change or delete events, receipts, statements and tasks' keys", unchanging),
    Check("A changed event breaks the chain", changedEvent),
    Check("A removed event breaks the chain", removedEvent),
    Check("The last event removed breaks the chain", removedLastEvent),
    Check("Exchanged events break the chain", exchangedEvents),
    Check("The database knows a deadline of those alone that are out", deadlines),
    Check("A task moved without an event is seen", movedTask),
    Check("A task given to another customer is seen", exchangedCustomer),
    Check("A wrong sum is seen", wrongSum),
    Check("A newer schema is refused, and so is another key", versions),
    Check("The schema goes down to nothing and up again", downAndUp),
  ]

  @Sendable private static func moves(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    // Only the rule about moves is asked here, so the row gets everything that any state needs.
    try bench.tamper("UPDATE task SET owner = 'x', token = key, sent_at = 0")
    func change(to state: TaskState) -> String {
      "UPDATE task SET state = \(state.code), deadline = \(state == .leased || state == .sent ? "0" : "NULL")"
    }
    let moveGuard = try #require(
      Migration.all[0].up(store.dialect).first { $0.hasPrefix("CREATE TRIGGER task_move") })
    for from in TaskState.allCases {
      for to in TaskState.allCases where to != from {
        try bench.tamper(
          bench.removal(of: "task_move", on: "task"), change(to: from), moveGuard)
        let isRefused = (try? bench.tamper(change(to: to))) == nil
        #expect(isRefused == !from.next.contains(to), "\(from) to \(to)")
      }
    }
  }

  @Sendable private static func deadlines(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    let failure = #expect(throws: QueueError.self) { try bench.tamper("UPDATE task SET deadline = 0") }
    #expect(failure?.code == .refused)
  }

  @Sendable private static func liveIndex(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, vin: "A"), .of(1, vin: "B")])
    let failure = #expect(throws: QueueError.self) {
      try bench.tamper(
        "UPDATE task SET owner = 'x', token = key, deadline = 0, state = \(TaskState.leased.code)")
    }
    #expect(failure?.code == .refused)
  }

  @Sendable private static func unchanging(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    let task = try #require(try bench.lease().tasks.first)
    let word = Receipt(task: task.id, outcome: .failed, reason: .optedOut, at: bench.now)
    _ = try bench.queue.apply([word], source: "file", at: bench.now)
    for statement in [
      "UPDATE event SET reason = 'x' WHERE seq = 1", "DELETE FROM event WHERE seq = 1",
      "UPDATE receipt SET outcome = 'sent'", "DELETE FROM receipt", "UPDATE statement SET at = 0",
      "DELETE FROM task",
      "UPDATE task SET key = customer",
      "INSERT INTO task SELECT id + 1, customer, campaign, run, line, wave, customer, vehicle, channel, tier, priority, due_at, is_due, \(TaskState.delivered.code), attempts, owner, token, deadline, sent_at, contact_version, reason, updated_at FROM task",
    ] {
      #expect(throws: QueueError.self, "\(statement)") { try bench.tamper(statement) }
    }
    try bench.expectWhole()
  }

  private static func worked(_ store: any QueueStore) throws -> Bench {
    let bench = try Bench(store)
    try bench.enqueue([.of(1), .of(2)])
    for task in try bench.lease().tasks { _ = try bench.ack(task, .delivered) }
    try bench.expectWhole()
    return bench
  }

  private static func unguardEvents(_ bench: Bench) throws {
    try bench.unguard("event_kept", on: "event")
    try bench.unguard("event_gone", on: "event")
  }

  @Sendable private static func changedEvent(_ store: any QueueStore) throws {
    let bench = try worked(store)
    try unguardEvents(bench)
    try bench.tamper("UPDATE event SET owner = 'somebody' WHERE seq = 4")
    #expect(try bench.queue.verify().problems.map(\.event) == [4])
  }

  @Sendable private static func removedEvent(_ store: any QueueStore) throws {
    let bench = try worked(store)
    try unguardEvents(bench)
    try bench.tamper("DELETE FROM event WHERE seq = 4")
    #expect(try bench.queue.verify().problems.contains { $0.event == 4 })
  }

  @Sendable private static func removedLastEvent(_ store: any QueueStore) throws {
    let bench = try worked(store)
    try unguardEvents(bench)
    try bench.tamper("DELETE FROM event WHERE seq = (SELECT seq FROM chain)")
    #expect(!(try bench.queue.verify().isWhole))
  }

  @Sendable private static func exchangedEvents(_ store: any QueueStore) throws {
    let bench = try worked(store)
    try unguardEvents(bench)
    try bench.tamper(
      "UPDATE event SET seq = -1 WHERE seq = 2", "UPDATE event SET seq = 2 WHERE seq = 3",
      "UPDATE event SET seq = 3 WHERE seq = -1")
    #expect(try bench.queue.verify().problems.contains { $0.event == 2 })
  }

  @Sendable private static func movedTask(_ store: any QueueStore) throws {
    let bench = try worked(store)
    try bench.tamper("UPDATE task SET state = \(TaskState.failed.code) WHERE id = 1")
    let problems = try bench.queue.verify().problems
    #expect(problems.contains { $0.what.contains("not the one of its last event") })
  }

  @Sendable private static func exchangedCustomer(_ store: any QueueStore) throws {
    let bench = try worked(store)
    try bench.tamper("UPDATE task SET customer = vehicle WHERE id = 1")
    let problems = try bench.queue.verify().problems
    #expect(problems.count == 1)
    #expect(problems.first?.what.contains("customer") == true)
  }

  @Sendable private static func wrongSum(_ store: any QueueStore) throws {
    let bench = try worked(store)
    try bench.tamper("UPDATE tally SET n = n + 1 WHERE n > 0")
    #expect(try bench.queue.verify().problems.count == 1)
  }

  @Sendable private static func versions(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    let stranger = #expect(throws: QueueError.self) {
      try TaskQueue.open(store: store, vault: Vault(key: QueueKey(), isSealing: false))
    }
    #expect(stranger?.code == .badData)
    _ = try TaskQueue.open(store: store, vault: bench.vault)
    try bench.tamper("UPDATE schema_version SET version = version + 1")
    for attempt in [
      { _ = try TaskQueue.open(store: store, vault: bench.vault) }, { try TaskQueue.migrate(store) },
      { _ = try TaskQueue.create(store: store, vault: bench.vault, at: bench.now) },
    ] {
      let failure = #expect(throws: QueueError.self) { try attempt() }
      #expect(failure?.code == .badData)
    }
  }

  @Sendable private static func downAndUp(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1)])
    try TaskQueue.migrate(store, to: 0)
    #expect(try TaskQueue.version(of: store) == 0)
    let failure = #expect(throws: QueueError.self) { try TaskQueue.open(store: store, vault: bench.vault) }
    #expect(failure?.code == .notFound)
    let left =
      switch store.dialect {
      case .sqlite: "SELECT name FROM sqlite_master"
      case .postgresql:
        """
        SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        """
      }
    #expect(try store.read { (session) throws(QueueError) in try session.rows(left, []) }.isEmpty)
    let again = try Bench(store)
    #expect(try again.enqueue([.of(1)]).enqueued == 1)
  }
}
