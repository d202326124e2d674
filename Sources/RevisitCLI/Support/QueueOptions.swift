import ArgumentParser
import ContactQueue
import Foundation

/// Where the queue is, and its key.
struct QueueOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The queue: sqlite:FILE, or postgres://user@host:port/database (password from PGPASSWORD or ~/.pgpass).",
      valueName: "url"))
  var queue: String

  @Option(
    help: ArgumentHelp(
      "The queue's key file (default: FILE.key beside an SQLite queue).", valueName: "file"))
  var key: String?

  /// Opens a queue that is there.
  func open() throws -> TaskQueue {
    do {
      let store = try QueueURL(queue).open(creating: false)
      let isSealing = try TaskQueue.isSealing(store) ?? false
      return try TaskQueue.open(
        store: store, vault: Vault(key: QueueKey(file: try keyPath()), isSealing: isSealing))
    } catch {
      throw Failure.from(error)
    }
  }

  /// Opens a queue, or makes it with its key file if it is not there.
  ///
  /// - Parameter isSealing: whether the personal fields of a new queue are encrypted.
  func openOrCreate(isSealing: Bool, at now: Moment) throws -> TaskQueue {
    do {
      let store = try QueueURL(queue).open(creating: true)
      let known = try TaskQueue.isSealing(store)
      let path = try keyPath()
      let isNew = try TaskQueue.version(of: store) == 0 && !FileManager.default.fileExists(atPath: path)
      let key = try isNew ? QueueKey.create(file: path) : QueueKey(file: path)
      return try TaskQueue.create(
        store: store, vault: Vault(key: key, isSealing: known ?? isSealing), at: now)
    } catch {
      throw Failure.from(error)
    }
  }

  private func keyPath() throws -> String {
    if let key { return key }
    guard case .sqlite(let path) = try QueueURL(queue) else {
      throw Failure(
        .usage, "A PostgreSQL queue needs its key file. Give it with --key; every worker needs the same one.")
    }
    return path + ".key"
  }
}

/// What time it is.
struct ClockOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "As if it were this moment (2026-11-23T09:00:00Z).", valueName: "time", visibility: .hidden))
  var at: ISOMoment?

  var now: Moment {
    at?.moment ?? Moment(milliseconds: Int64(Date().timeIntervalSince1970 * Self.perSecond))
  }

  private static let perSecond = 1000.0
}

/// A moment with its offset from UTC.
struct ISOMoment: ExpressibleByArgument {
  let moment: Moment

  init?(argument: String) {
    guard let date = try? Date(argument, strategy: .iso8601) else { return nil }
    moment = Moment(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
  }
}

/// Who does something with the queue; the audit chain keeps the word.
struct OwnerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who works the tasks, in a word of your own (default: the process).", valueName: "word"))
  var owner: String?

  var name: String { owner ?? "process-\(ProcessInfo.processInfo.processIdentifier)" }

  func validate() throws {
    guard let owner else { return }
    guard !owner.isEmpty, owner.count <= Self.longest, owner.allSatisfy({ !$0.isNewline }) else {
      throw ValidationError("--owner must be a word of at most \(Self.longest) characters.")
    }
  }

  private static let longest = 64
}

/// Who does something with the queue and when, and how it is told.
struct WorkOptions: ParsableArguments {
  @OptionGroup private var owner: OwnerOptions
  @OptionGroup private var clock: ClockOptions
  @OptionGroup var common: CommonOptions

  /// Who, in a word.
  var name: String { owner.name }
  var now: Moment { clock.now }
}

extension Channel: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(rawValue: argument)
  }
}

extension TaskState: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(rawValue: argument)
  }
}
