import ArgumentParser
import ContactQueue
import Foundation

extension Measure {
  /// Puts load on an empty queue and prints what it took as one JSON object.
  struct Queue: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put load on an empty queue and print what it took.", shouldDisplay: false)

    @Option(help: "Where the queue is made: sqlite:PATH or postgres://… of an empty database.")
    var queue: String

    @Option(help: "Tasks of the list that is enqueued and timed.")
    var tasks = 1_000_000

    @Option(help: "Workers, a thread each.")
    var workers = 8

    @Option(help: "Tasks that a worker leases at once.")
    var batch = 100

    @Option(help: "Tasks that all workers together do in one run.")
    var worked = 50_000

    @Option(help: "Runs of the workers.")
    var runs = 3

    @Option(help: "Lists of as many tasks more before the status is asked for.")
    var furtherLists = 0

    @Flag(help: "Seal personal fields.")
    var sealed = false

    /// How often the status is asked for.
    private static let statusRuns = 21

    func run() throws {
      guard tasks > 0, workers > 0, batch > 0, runs > 0, worked * runs <= tasks else {
        throw ValidationError(
          "All numbers must be at least 1, and the workers cannot do more tasks than there are.")
      }
      do {
        Output.json(try measured())
      } catch {
        throw Failure.from(error)
      }
    }

    private func measured() throws -> [String: Any] {
      let store = try QueueURL(queue).open(creating: true)
      let load = QueueLoad(
        queue: try TaskQueue.create(
          store: store, vault: Vault(key: QueueKey(), isSealing: sealed), at: QueueLoad.now))
      var object: [String: Any] = [
        "schema": "revisit.queue-measure/1", "store": store.dialect.rawValue, "tasks": tasks,
        "workers": workers,
        "batch": batch, "sealed": sealed,
      ]
      object["enqueue"] = try load.enqueue(tasks, campaign: "spring", wave: 1, first: 0)
      object["work"] = try (0..<runs).map { _ in
        described(try load.work(worked, workers: workers, batch: batch))
      }
      object["further"] = try (0..<furtherLists).map { list in
        try load.enqueue(tasks, campaign: "list-\(list)", wave: 1, first: 0, holdsOut: true)
      }
      object["status"] = try status(load.queue)
      return object
    }

    private func described(_ work: QueueLoad.Work) -> [String: Any] {
      [
        "tasks": work.tasks, "seconds": work.seconds, "rate": Double(work.tasks) / work.seconds,
        "calls": work.calls.mapValues { seconds in
          let sorted = seconds.sorted()
          return [
            "count": sorted.count, "median": sorted[sorted.count / 2], "longest": sorted[sorted.count - 1],
          ]
            as [String: Any]
        },
      ]
    }

    private func status(_ queue: TaskQueue) throws -> [String: Any] {
      var clock = StopWatch()
      var tasks = 0
      let seconds = try (0..<Self.statusRuns).map { _ in
        clock.start()
        let status = try queue.status(at: QueueLoad.now)
        tasks = status.depths.reduce(0) { $0 + $1.tasks }
        return clock.lap()
      }
      return ["tasks": tasks, "seconds": seconds]
    }
  }
}
