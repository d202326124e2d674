import ContactQueue
import Foundation
import Temporaries
import Testing

/// Kills workers of one queue over and over, and then counts what became of the tasks.
final class KillLoop {
  private let url: String
  private let folder: TemporaryFolder
  private var key: String { folder.url.appendingPathComponent("key").path }
  private var outbox: String { folder.url.appendingPathComponent("outbox").path }
  private var random: SeededGenerator
  /// What a worker's clock shows; it goes back at times.
  private var now: Moment
  private var waves = 0
  private var enqueued = 0
  private(set) var kills = 0

  /// The tasks of one list.
  private static let listLength = 300
  private static let batch = 3
  /// A list that is still coming in when the server crashes.
  private static let longListLength = 1500

  init(url: String, folder: TemporaryFolder, seed: UInt64) throws {
    self.url = url
    self.folder = folder
    random = SeededGenerator(state: seed)
    now = Moment(milliseconds: 1_772_416_800_000)
    _ = try QueueKey.create(file: folder.url.appendingPathComponent("key").path)
    try Data().write(to: folder.url.appendingPathComponent("outbox"))
  }

  private func worker(_ words: [String], dieAt: Int? = nil, phase: String = "inside") -> WorkerProcess {
    WorkerProcess(
      [WorkerProcess.executable, url, key, String(now.milliseconds)] + words,
      environment: dieAt.map { ["DIE_AT": String($0), "DIE_PHASE": phase] } ?? [:])
  }

  private static let phases = ["before", "inside", "after"]

  /// Enqueues a list, with the process killed around each of its transactions before it gets through.
  func enqueue() {
    waves += 1
    let words = ["enqueue", String(Self.listLength), String(waves)]
    // The schema, the queue, the list.
    for transaction in 1...3 {
      for phase in Self.phases
      where worker(words, dieAt: transaction, phase: phase).wait() == .signal(SIGKILL) {
        kills += 1
      }
    }
    #expect(insisting(on: words) == .exit(0))
    enqueued += Self.listLength
  }

  private static let tryAgain = WorkerProcess.End.exit(75)
  private static let patience = 20

  /// Runs a command again as long as it says that one should: connections may be lost.
  private func insisting(on words: [String]) -> WorkerProcess.End {
    for _ in 1..<Self.patience {
      let end = worker(words).wait()
      if end != Self.tryAgain { return end }
    }
    return worker(words).wait()
  }

  /// Two workers at once: one dies around a commit, the other whenever it happens.
  ///
  /// - Returns: whether tasks are left to work.
  func round(_ number: Int) -> Bool {
    // Leases of the dead run out meanwhile; now and then the clock steps back by hours.
    now = number % 9 == 8 ? now - .hours(3) : now + .minutes(25)
    let victim = worker(["work", "a", String(Self.batch), outbox])
    let suicide = worker(
      ["work", "b", String(Self.batch), outbox], dieAt: Int.random(in: 1...9, using: &random),
      phase: Self.phases[number % Self.phases.count])
    usleep(UInt32.random(in: 15_000...80_000, using: &random))
    victim.kill()
    let ends = [victim.wait(), suicide.wait()]
    for end in ends {
      switch end {
      case .signal: kills += 1
      case .exit: #expect(end == .exit(0) || end == Self.tryAgain)
      }
    }
    // One that came through found nothing left to do.
    return !ends.contains(.exit(0))
  }

  /// Two workers and a list that comes in, while `crash` takes the server away from all of them.
  ///
  /// - Returns: how many of the three were told to try again.
  func crash(_ crash: () throws -> Void) throws -> Int {
    now = now + .minutes(25)
    waves += 1
    let list = ["enqueue", String(Self.longListLength), String(waves)]
    let workers = [["work", "a", "1", outbox], ["work", "b", "1", outbox], list].map { worker($0) }
    usleep(UInt32.random(in: 150_000...350_000, using: &random))
    try crash()
    let ends = workers.map { $0.wait() }
    for end in ends { #expect(end == .exit(0) || end == Self.tryAgain) }
    // Whether it came in or not: once more changes nothing, or brings it in.
    #expect(insisting(on: list) == .exit(0))
    enqueued += Self.longListLength
    return ends.count { $0 == Self.tryAgain }
  }

  /// Works off what is left and checks that nothing was lost and nothing sent twice.
  func settle() throws -> Outcome {
    var rules = RetryRules()
    rules.attempts = .max
    let queue = try TaskQueue.open(
      store: try QueueURL(url).open(creating: false),
      vault: Vault(key: try QueueKey(file: key), isSealing: false), rules: rules)
    // What was sent and not confirmed is unknown by then.
    now = now + .days(30)
    _ = try queue.sweep(at: now)
    var rounds = 0
    while try queue.status(at: now).tasks(.approved) + queue.status(at: now).tasks(.leased) > 0, rounds < 50 {
      #expect(insisting(on: ["work", "last", "100", outbox]) == .exit(0))
      now = now + .hours(1)
      _ = try queue.sweep(at: now)
      rounds += 1
    }
    let status = try queue.status(at: now)
    let lines = try String(contentsOfFile: outbox, encoding: .utf8).split(separator: "\n")
    return Outcome(
      enqueued: enqueued, delivered: status.tasks(.delivered), unknown: status.tasks(.unknown),
      elsewhere: status.depths.reduce(0) { $0 + $1.tasks } - status.tasks(.delivered)
        - status.tasks(.unknown),
      sendings: lines.count, distinct: Set(lines).count, chain: try queue.verify())
  }

  /// How the queue stands in the end.
  struct Outcome {
    let enqueued, delivered, unknown, elsewhere, sendings, distinct: Int
    let chain: ChainReport

    /// Checks that no task is lost, none was sent twice, what arrived was sent, and the chain is whole.
    func check() {
      #expect(delivered + unknown == enqueued)
      #expect(elsewhere == 0)
      #expect(sendings == distinct)
      #expect(sendings >= delivered)
      #expect(sendings <= delivered + unknown)
      #expect(chain.tasks == enqueued)
      #expect(chain.isWhole, "\(chain.problems.first?.description ?? "")")
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014), so that a run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
