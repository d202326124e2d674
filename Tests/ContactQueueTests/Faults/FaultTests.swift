import ContactQueue
import Foundation
import Histories
import PrivatePostgreSQL
import Temporaries
import Testing

@Suite("A queue on disks that fail, files that are damaged, and between workers that fight")
struct FaultTests {
  private let folder: TemporaryFolder
  private var path: String { folder.url.appendingPathComponent("queue.db").path }
  private var url: String { "sqlite:\(path)" }
  private var key: String { folder.url.appendingPathComponent("key").path }
  private static let now = Moment(milliseconds: 1_772_416_800_000)

  init() throws {
    folder = try TemporaryFolder()
    _ = try QueueKey.create(file: folder.url.appendingPathComponent("key").path)
  }

  private func words(_ rest: String..., in place: String? = nil) -> [String] {
    [WorkerProcess.executable, place ?? url, key, String(Self.now.milliseconds)] + rest
  }

  private func run(_ words: [String], environment: [String: String] = [:]) -> WorkerProcess.End {
    WorkerProcess(words, environment: environment).wait()
  }

  private func queue(_ url: String) throws -> TaskQueue {
    try TaskQueue.open(
      store: try QueueURL(url).open(creating: false),
      vault: Vault(key: try QueueKey(file: key), isSealing: false))
  }

  // MARK: Disks

  /// Exit codes of the plan.
  private static let cannotWrite = WorkerProcess.End.exit(73)

  @Test("A file that cannot grow any more: nothing of the list is there, and with room all of it is")
  func fileLimit() throws {
    #expect(run(words("enqueue", "20", "1")) == .exit(0))
    let failed = run(words("enqueue", "2000", "2"), environment: ["FILE_LIMIT": "300000"])
    #expect(failed == Self.cannotWrite)
    #expect(try queue(url).verify().tasks == 20)
    #expect(run(words("enqueue", "2000", "2")) == .exit(0))
    let report = try queue(url).verify()
    #expect(report.tasks == 2020 && report.isWhole)
  }

  /// Whether this process may make file systems of its own, in a namespace of its own.
  private static let mayMount: Bool = {
    let isPossible =
      WorkerProcess(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).wait() == .exit(0)
    if !isPossible {
      print("skipped: full disk and read-only disk, for this user may not mount file systems")
    }
    return isPossible
  }()

  /// Runs a shell script in a namespace of its own, with a folder in `$1` to mount at and a worker's words behind it.
  private func mounted(_ script: String, _ words: [String]) -> WorkerProcess.End {
    run(["unshare", "-rm", "sh", "-c", script, "sh", folder.url.path] + words)
  }

  @Test("A full disk is told with its own exit code, and the queue is whole", .enabled(if: mayMount))
  func fullDisk() throws {
    let disk = folder.url.appendingPathComponent("disk").path
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    let place = "sqlite:\(disk)/queue.db"
    // The exit code says how far it came: 1 the small list, 2 the large one was not refused, 3 no whole queue after.
    let script = """
      mount -t tmpfs -o size=1m none "$1/disk" || exit 99
      shift
      "$@" enqueue 20 1 || exit 1
      "$@" enqueue 3000 2; [ $? = 73 ] || exit 2
      "$@" verify | grep -q '^true 20 ' || exit 3
      """
    #expect(mounted(script, words(in: place)) == .exit(0))
  }

  @Test("A read-only disk is told with its own exit code", .enabled(if: mayMount))
  func readOnlyDisk() throws {
    #expect(run(words("enqueue", "20", "1")) == .exit(0))
    let script = """
      mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
      shift
      exec "$@"
      """
    #expect(mounted(script, words("work", "a", "1", "/dev/null")) == Self.cannotWrite)
    #expect(mounted(script, words("enqueue", "20", "2")) == Self.cannotWrite)
    #expect(try queue(url).verify().tasks == 20)
  }

  // MARK: Damage

  @Test("A damaged file is bad data or shows in the check, wherever the damage is", arguments: 0..<6)
  func damage(_ kind: Int) throws {
    #expect(run(words("enqueue", "400", "1")) == .exit(0))
    try SQLiteStore(path: path, creating: false).emptyLog()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let page = 4096
    switch kind {
    case 0: bytes.replaceSubrange(0..<16, with: Data(repeating: 0x41, count: 16))
    case 1: bytes = bytes.prefix(bytes.count / 2)
    case 2:
      for start in stride(from: 2 * page, to: bytes.count - page, by: 3 * page) {
        bytes.replaceSubrange(start..<start + 64, with: Data(repeating: 0xa5, count: 64))
      }
    case 3: bytes.replaceSubrange(page..<bytes.count, with: Data(count: bytes.count - page))
    case 4:
      // One byte of what one of the chain's events says; of all places with this word nearly all are events.
      var places: [Int] = []
      while let place = bytes.range(
        of: Data("enqueued".utf8), in: (places.last.map { $0 + 1 } ?? 0)..<bytes.count)
      {
        places.append(place.lowerBound)
      }
      bytes[places[places.count / 2]] = UInt8(ascii: "x")
    default: bytes = bytes.prefix(100)
    }
    try bytes.write(to: URL(fileURLWithPath: path))
    do {
      #expect(try !queue(url).verify().isWhole)
    } catch let error as QueueError {
      #expect(error.code == .badData, "\(error)")
    }
  }

  // MARK: Fights

  /// Two workers, each with a connection of its own, ask for the one task there is.
  private func fight(_ url: String) throws {
    let rounds = 15
    #expect(run(words("enqueue", "2", "1", in: url)) == .exit(0))
    let queues = [try queue(url), try queue(url)]
    for round in 0..<rounds {
      let now = Self.now + .hours(Int64(round))
      let leased = Gathered()
      let failures = Parallel.run(threads: 2) { worker in
        let report = try queues[worker].lease(
          LeaseRequest(owner: "worker \(worker)", limit: 1),
          gates: { _ throws(QueueError) in OpenGate() }, at: now)
        leased.add(report.tasks)
      }
      #expect(failures.isEmpty)
      // Two tasks, but of one customer: one at a time.
      let tasks = leased.tasks
      #expect(tasks.count == 1)
      let words = tasks.map { Acknowledgement(task: $0.id, token: $0.token, outcome: .released) }
      _ = try queues[0].acknowledge(words, at: now)
      // The loser's token of the round before says nothing any more.
      let late = try queues[1].acknowledge(
        tasks.map { Acknowledgement(task: $0.id, token: Pseudonym(high: 1, low: 2), outcome: .sent) }, at: now
      )
      #expect(late == tasks.map { _ in .refused(.wrongToken) })
    }
    #expect(try queues[0].verify().isWhole)
  }

  @Test("Two workers fight for one task of a customer in SQLite: one of them gets it")
  func fightSQLite() throws {
    try fight(url)
  }

  @Test(
    "Two workers fight for one task of a customer in PostgreSQL: one of them gets it",
    .enabled(if: PrivatePostgreSQL.isInstalled))
  func fightPostgreSQL() throws {
    try fight(try PrivatePostgreSQL.shared().makeDatabase())
  }
}

/// Everybody may be contacted at any time: workers are looked at, not policies.
private struct OpenGate: ContactGate {
  var memory: Moment.Span { .days(1) }
  func verdict(on task: GatedTask, standing: Standing, at now: Moment) -> Verdict { .go }
  func caps(at now: Moment) -> [QueueCap] { [] }
}
