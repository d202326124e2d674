import ContactQueue
import Histories
import Synchronization
import Foundation

/// Puts load on a queue and takes the time: a list enqueued, tasks worked by several workers, the status asked for.
struct QueueLoad {
  let queue: TaskQueue

  /// Monday 2026-03-02 at 10:00 in Shanghai: no clock decides what is measured.
  static let now = Moment(milliseconds: 1_772_416_800_000)

  /// A campaign without hold-out; each wave makes all tasks new.
  static func campaign(_ name: String, wave: Int) -> Campaign {
    Campaign(
      name: name, purpose: .service, template: "service-due@1", wave: wave, holdoutShare: 0,
      policy: "version: 1")
  }

  // MARK: Lines

  /// One customer in this many is held out.
  private static let heldOutOneIn = 10
  private static let tiers = ["vip", "main", "main", "low"]

  /// A line of an invented customer, all of whose consents are there.
  ///
  /// - Parameter isHeldOut: the line belongs to the hold-out, which is not contacted.
  private static func line(_ number: Int, channels: [Channel], isHeldOut: Bool) -> EnqueueLine {
    var standing = Standing(reachable: [.phone, .sms, .wechat, .email])
    standing.consents.granted = .everything
    let channel = channels[number % channels.count]
    return EnqueueLine(
      contact: ContactDetails(
        customerID: "C\(number)", name: "王小明\(number)", phone: "+86138\(10_000_000 + number)",
        wechat: "o6_bmjrPTlm6_2sgVt7hMZOPfL2M\(number)", email: "c\(number)@example.com", language: "zh"),
      details: TaskDetails(
        vin: "LSVAA4182E2\(100_000 + number)", plate: "沪A\(10_000 + number)", model: "Lavida 1.5L",
        dealerID: "D12",
        adviser: "A\(number % 200)", lastVisitOn: "2025-03-02", nextDueOn: "2026-03-02",
        reasons: ["距上次进站已 365 天", "保养里程已超 3,000 公里", "上次满意度 6 分"], play: "到期保养提醒，赠送免费检测"),
      standing: standing,
      decision: isHeldOut
        ? .heldOut(stratum: "high:main") : .contact(channel, due: now - .minutes(Int64(number % 60))),
      priority: Double((number &* 7_919) % 100_003), probability: 0.7, value: 1200,
      tier: tiers[number % tiers.count])
  }

  /// Enqueues a list.
  ///
  /// - Returns: seconds.
  func enqueue(
    _ lines: Int, campaign: String, wave: Int, first: Int, channels: [Channel] = Channel.allCases,
    holdsOut: Bool = false
  ) throws -> Double {
    var clock = StopWatch()
    var number = 0
    let report = try queue.enqueue(
      Self.campaign(campaign, wave: wave),
      run: ContactQueue.RunRecord(list: "\(campaign)-\(wave)-\(first)", startedAt: Self.now), at: Self.now
    ) {
      guard number < lines else { return nil }
      number += 1
      return Self.line(
        first + number, channels: channels, isHeldOut: holdsOut && number % Self.heldOutOneIn == 0)
    }
    let seconds = clock.lap()
    guard report.enqueued + report.heldOut == lines else {
      throw Failure(.internalFault, "Of \(lines) lines \(report.enqueued) were enqueued.")
    }
    return seconds
  }

  // MARK: Workers

  /// What workers did.
  struct Work {
    var tasks = 0
    var seconds = 0.0
    /// Seconds of single calls, by what they were.
    var calls: [String: [Double]] = [:]
  }

  /// Lets workers lease tasks, say that they send and that it arrived, each batch three durable transactions, until
  /// `tasks` are done.
  func work(_ tasks: Int, workers: Int, batch: Int) throws -> Work {
    let shared = Mutex(Work())
    let failures = Mutex<[String]>([])
    let group = DispatchGroup()
    var clock = StopWatch()
    for worker in 0..<workers {
      let thread = Thread {
        do {
          try Self.work(queue, "worker-\(worker)", tasks, batch, shared)
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
        group.leave()
      }
      group.enter()
      thread.start()
    }
    group.wait()
    if let failure = failures.withLock({ $0.first }) { throw Failure(.internalFault, failure) }
    var work = shared.withLock { $0 }
    work.seconds = clock.lap()
    return work
  }

  private static func work(
    _ queue: TaskQueue, _ owner: String, _ tasks: Int, _ batch: Int, _ shared: borrowing Mutex<Work>
  ) throws {
    var clock = StopWatch()
    while shared.withLock({ $0.tasks < tasks }) {
      clock.start()
      let leased = try queue.lease(
        LeaseRequest(owner: owner, limit: batch), gates: { _ throws(QueueError) in LoadGate() }, at: now
      ).tasks
      let lease = clock.lap()
      guard !leased.isEmpty else { throw Failure(.internalFault, "There is nothing left to lease.") }
      try acknowledge(leased, .sent, queue)
      let sent = clock.lap()
      try acknowledge(leased, .delivered, queue)
      let delivered = clock.lap()
      shared.withLock { work in
        work.tasks += leased.count
        for (name, seconds) in [("lease", lease), ("sent", sent), ("delivered", delivered)] {
          work.calls[name, default: []].append(seconds)
        }
      }
    }
  }

  private static func acknowledge(_ tasks: [LeasedTask], _ outcome: Outcome, _ queue: TaskQueue) throws {
    let answers = try queue.acknowledge(
      tasks.map { Acknowledgement(task: $0.id, token: $0.token, outcome: outcome) }, at: now)
    for answer in answers {
      guard case .done = answer else { throw Failure(.internalFault, "A word was not taken: \(answer)") }
    }
  }
}

/// Lets everybody be contacted who agreed and was not contacted today, as a policy with nothing else in it would.
private struct LoadGate: ContactGate {
  var memory: Moment.Span { .days(30) }

  func verdict(on task: GatedTask, standing: Standing, at now: Moment) -> Verdict {
    let isGranted = standing.consents.granted.channels(purpose: task.purpose).contains(task.channel.consent)
    guard isGranted, !standing.doNotContact else { return .never(.noConsent) }
    guard let last = standing.touches.last, last.at + .days(1) > now else { return .go }
    return .later(last.at + .days(1), .minimumGap)
  }

  func caps(at now: Moment) -> [QueueCap] { [] }
}
