import ContactQueue
import Foundation
import Synchronization

/// A store that ends its process by `kill -9` around one of its commits, as the environment asks.
final class MortalStore: QueueStore {
  /// Where in a transaction the process ends.
  enum Phase: String {
    /// Nothing is done yet.
    case before
    /// All is done but the commit.
    case inside
    /// The commit is done, and nobody was told.
    case after
  }

  private let store: any QueueStore
  private let end: (transaction: Int, phase: Phase)?
  private let count = Mutex(0)

  var dialect: SQLDialect { store.dialect }

  /// `DIE_AT` is the number of the transaction, from 1, and `DIE_PHASE` a `Phase`.
  init(_ store: any QueueStore, environment: [String: String]) {
    self.store = store
    let transaction = environment["DIE_AT"].flatMap(Int.init)
    let phase = environment["DIE_PHASE"].flatMap(Phase.init)
    end = transaction.flatMap { number in phase.map { (number, $0) } }
  }

  private func die(_ number: Int, _ phase: Phase) {
    guard let end, end == (number, phase) else { return }
    kill(getpid(), SIGKILL)
  }

  func write<Result>(_ body: (any SQLSession) throws(QueueError) -> Result) throws(QueueError) -> Result {
    let number = begin()
    let result = try store.write { session throws(QueueError) in
      let result = try body(session)
      die(number, .inside)
      return result
    }
    die(number, .after)
    return result
  }

  func writeOnce<Result>(_ body: (any SQLSession) throws(QueueError) -> Result) throws(QueueError) -> Result {
    let number = begin()
    let result = try store.writeOnce { session throws(QueueError) in
      let result = try body(session)
      die(number, .inside)
      return result
    }
    die(number, .after)
    return result
  }

  /// - Returns: the number of the transaction that begins.
  private func begin() -> Int {
    let number = count.withLock { count in
      count += 1
      return count
    }
    die(number, .before)
    return number
  }

  func scrub() throws(QueueError) { try store.scrub() }

  func read<Result>(_ body: (any SQLSession) throws(QueueError) -> Result) throws(QueueError) -> Result {
    try store.read(body)
  }
}
