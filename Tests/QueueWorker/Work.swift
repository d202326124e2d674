import ContactQueue
import Foundation
import Histories

/// What the process does with the queue: enqueue a list, work tasks, or tell how the queue stands.
struct Work {
  let queue: TaskQueue
  let now: Moment

  /// Enqueues `count` tasks; each customer has two vehicles, so that tasks stand in each other's way. Every wave has
  /// customers of its own: what a dead worker sent holds up its customer for days.
  func enqueue(_ count: Int, wave: Int) throws {
    var number = 0
    let report = try queue.enqueue(
      Campaign(
        name: "faults", purpose: .service, template: "due@1", wave: wave, holdoutShare: 0, policy: ""),
      run: RunRecord(list: "list-\(wave)", startedAt: now), at: now
    ) {
      guard number < count else { return nil }
      number += 1
      return Self.line(number, wave: wave, at: now)
    }
    print(report.enqueued, report.alreadyThere)
  }

  private static func line(_ number: Int, wave: Int, at now: Moment) -> EnqueueLine {
    var standing = Standing(reachable: [.sms])
    standing.consents.granted = .everything
    return EnqueueLine(
      contact: ContactDetails(customerID: "C\(wave)-\((number - 1) / 2)", phone: "+8613800138000"),
      details: TaskDetails(vin: "VIN\(wave)-\(number)"), standing: standing,
      decision: .contact(.sms, due: now),
      priority: Double(number % 13))
  }

  /// Works until nothing is left to lease: says that it sends, sends, says that it arrived.
  ///
  /// - Parameter outbox: a file to which what was sent is appended: a customer's view of it.
  func work(owner: String, batch: Int, outbox: String) throws {
    let file = open(outbox, O_WRONLY | O_APPEND | O_CLOEXEC)
    defer { close(file) }
    while true {
      let leased = try patiently {
        () throws(QueueError) in
        try queue.lease(
          LeaseRequest(owner: owner, limit: batch), gates: { _ throws(QueueError) in OpenGate() }, at: now)
      }
      guard !leased.tasks.isEmpty else { return }
      let mayBeSent = try acknowledge(leased.tasks, .sent)
      for task in mayBeSent {
        let line = Array("\(task.id.text)\n".utf8)
        guard write(file, line, line.count) == line.count else { exit(EXIT_FAILURE) }
      }
      _ = try acknowledge(mayBeSent, .delivered)
    }
  }

  /// - Returns: the tasks for which the word was taken, now or before.
  private func acknowledge(_ tasks: [LeasedTask], _ outcome: Outcome) throws -> [LeasedTask] {
    let words = tasks.map { Acknowledgement(task: $0.id, token: $0.token, outcome: outcome) }
    let answers = try patiently { () throws(QueueError) in try queue.acknowledge(words, at: now) }
    return zip(tasks, answers).compactMap { task, answer in
      if case .refused = answer { nil } else { task }
    }
  }

  private static let attempts = 20

  /// Tries again as long as the error says that one may.
  private func patiently<Result>(_ body: () throws(QueueError) -> Result) throws(QueueError) -> Result {
    for _ in 1..<Self.attempts {
      do {
        return try body()
      } catch {
        guard error.code == .tryAgain else { throw error }
        usleep(10_000)
      }
    }
    return try body()
  }

  func check() throws {
    let report = try queue.verify()
    print(report.isWhole, report.tasks, report.events, report.problems.first?.description ?? "")
  }
}

/// Everybody may be contacted at any time: faults are looked at, not policies.
struct OpenGate: ContactGate {
  var memory: Moment.Span { .days(1) }
  func verdict(on task: GatedTask, standing: Standing, at now: Moment) -> Verdict { .go }
  func caps(at now: Moment) -> [QueueCap] { [] }
}
