import ContactQueue
import Foundation
import Synchronization
import Testing

extension QueueConformance {
  /// Lists that come at the same moment.
  static let atOnce: [Check] = [
    Check("Of two lists of a campaign at once, the second is planned by what the first has done", twoAtOnce)
  ]

  @Sendable private static func twoAtOnce(_ store: any QueueStore) throws {
    let bench = try Bench(store)
    let (queue, vault, campaign, now) = (bench.queue, bench.vault, bench.campaign(), bench.now)
    let (customers, every) = (60, 10)
    let seen = Mutex<[Int]>([])
    let failures = Parallel.run(threads: 2) { thread in
      _ = try queue.enqueue(campaign, at: now) { earlier in
        let parts = try earlier()
        seen.withLock { $0.append(parts.count) }
        // Long enough for the other to have begun, too.
        usleep(50_000)
        var rest = (0..<customers).map { number in
          let isNew = parts[vault.pseudonym(customer: "C\(number)")] == nil
          // Each draws others, but only among those that are new.
          return EnqueueLine.of(
            number, decision: isNew && number % every == thread ? .heldOut(stratum: "all") : nil)
        }[...]
        return (RunRecord(list: "list \(thread)", startedAt: now), { rest.popFirst() })
      }
    }
    #expect(failures == [])
    #expect(seen.withLock { $0.sorted() } == [0, customers])
    #expect(try queue.status(at: now).heldOut == customers / every)
    #expect(try bench.tasks(.approved) == customers - customers / every)
    try bench.expectWhole()
  }
}
