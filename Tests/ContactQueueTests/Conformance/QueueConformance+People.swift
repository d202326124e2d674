import ContactQueue
import Histories
import Testing

extension QueueConformance {
  /// Whose word counts, and when.
  static let people: [Check] = [
    Check("Who granted nothing is not contacted", noConsent),
    Check("An opt-out between approval and lease stops the task", optOut),
    Check("An opt-out said to one worker stops all tasks on that channel", optOutByAck),
    Check("Statements hold by their time, and of two at one moment the refusal", statements),
    Check("Histories read anew change what leases go by, but take back no opt-out", refresh),
    Check("An invalid number is used no more, until another one is there", invalidNumber),
    Check("Contacts that histories tell of again count once", toldTouches),
  ]

  @Sendable private static func noConsent(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, grants: false), .of(2)])
    let report = try bench.lease()
    #expect(report.tasks.map(\.contact.customerID) == ["C2"])
    #expect(report.suppressed == 1)
    #expect(try bench.tasks(.suppressed) == 1)
    try bench.expectWhole()
  }

  @Sendable private static func optOut(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue((1...3).map { .of($0) })
    try bench.queue.state(
      [
        CustomerStatement(
          customerID: "C1",
          kind: .consent(ConsentScope(channel: 1, purpose: .service), isGranted: false), at: bench.now),
        CustomerStatement(customerID: "C2", kind: .doNotContact, at: bench.now),
      ], source: "hotline", at: bench.now)
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C3"])
    // It also holds for who was not in the queue yet.
    try bench.queue.state(
      [CustomerStatement(customerID: "C9", kind: .doNotContact, at: bench.now)], source: "hotline",
      at: bench.now)
    try bench.enqueue([.of(9)], list: "second")
    #expect(try bench.lease().tasks.isEmpty)
    try bench.expectWhole()
  }

  @Sendable private static func optOutByAck(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, vin: "A", priority: 3), .of(1, vin: "B"), .of(1, .email, vin: "C")])
    try bench.enqueue([.of(1, vin: "A")], bench.campaign("autumn"), list: "autumn")
    let task = try #require(try bench.lease(1).tasks.first)
    #expect(try bench.ack(task, .failed, .optedOut) == .done(.failed))
    bench.now = bench.now + .hours(2)
    #expect(try bench.lease().tasks.map(\.channel) == [.email])
    #expect(try bench.tasks(.suppressed) == 2)
    try bench.expectWhole()
  }

  @Sendable private static func statements(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue((1...3).map { .of($0) })
    let scope = ConsentScope(channel: 1, purpose: .service)
    func state(_ customer: String, _ isGranted: Bool, _ at: Moment) throws {
      try bench.queue.state(
        [CustomerStatement(customerID: customer, kind: .consent(scope, isGranted: isGranted), at: at)],
        source: "form", at: bench.now)
    }
    // The later refusal is read first.
    try state("C1", false, bench.now)
    try state("C1", true, bench.now - .hours(1))
    try state("C2", false, bench.now - .hours(1))
    try state("C2", true, bench.now)
    try state("C3", false, bench.now)
    try state("C3", true, bench.now)
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C2"])
  }

  @Sendable private static func refresh(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue((1...3).map { .of($0) })
    try bench.queue.state(
      [CustomerStatement(customerID: "C1", kind: .doNotContact, at: bench.now)], source: "form", at: bench.now
    )
    var standing = EnqueueLine.of(1).standing
    var lines = [LedgerLine(customerID: "C1", vin: "VIN1", standing: standing)]
    standing.hasOpenComplaint = true
    lines.append(LedgerLine(customerID: "C2", vin: "VIN2", standing: standing))
    #expect(try bench.queue.refresh(at: bench.now, next: { lines.popLast() }) == 2)
    #expect(try bench.lease().tasks.map(\.contact.customerID) == ["C3"])
    #expect(try bench.tasks(.suppressed) == 2)
  }

  @Sendable private static func invalidNumber(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, vin: "A")])
    let task = try #require(try bench.lease().tasks.first)
    _ = try bench.ack(task, .failed, .invalidAddress)
    try bench.enqueue([.of(1, vin: "B")], list: "second")
    #expect(try bench.lease().suppressed == 1)
    try bench.enqueue([.of(1, vin: "C", phone: "13911112222")], list: "third")
    #expect(try bench.lease().tasks.map(\.contact.phone) == ["13911112222"])
  }

  @Sendable private static func toldTouches(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    try bench.enqueue([.of(1, vin: "A")])
    let task = try #require(try bench.lease().tasks.first)
    _ = try bench.ack(task, .delivered)
    var told = EnqueueLine.of(1, vin: "B")
    // Histories keep days: the contact by SMS comes back as one of midnight.
    told.standing.touches = [Touch(at: bench.now - .hours(9), channel: .sms)]
    let counting = CountingGate(expected: 1)
    try bench.enqueue([told], list: "second")
    let again = try bench.queue.lease(
      LeaseRequest(owner: "worker", limit: 9), gates: { _ in counting }, at: bench.now)
    #expect(again.tasks.count == 1)
  }

  /// Lets a task go when the ledger tells of so many contacts.
  private struct CountingGate: ContactGate {
    let expected: Int
    var memory: Moment.Span { .days(30) }

    func verdict(on task: GatedTask, standing: Standing, at now: Moment) -> Verdict {
      standing.touches.count == expected ? .go : .never(.customerCap)
    }

    func caps(at now: Moment) -> [QueueCap] { [] }
  }
}
