import ContactQueue
import Synchronization

/// What several threads leased.
final class Gathered: Sendable {
  private let all = Mutex<[LeasedTask]>([])

  func add(_ tasks: [LeasedTask]) { all.withLock { $0 += tasks } }

  var tasks: [LeasedTask] { all.withLock { $0 } }
}
