import Foundation
import PrivatePostgreSQL
import Synchronization

/// Ends connections to one database now and then, whatever they are doing.
final class ConnectionCutter: Sendable {
  private let state = Mutex((isRunning: true, isCutting: false, cuts: 0))
  private let done = DispatchSemaphore(value: 0)

  /// Microseconds between two cuts.
  private static let pause: UInt32 = 300_000

  init(server: PrivatePostgreSQL, url: String) {
    let database = URL(string: url)?.lastPathComponent ?? ""
    let thread = Thread { [self] in
      while state.withLock({ $0.isRunning }) {
        usleep(Self.pause)
        guard state.withLock({ $0.isCutting }) else { continue }
        let cut: Void? = try? server.administer(
          """
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = '\(database)' AND xact_start IS NOT NULL ORDER BY random() LIMIT 1
          """)
        if cut != nil { state.withLock { $0.cuts += 1 } }
      }
      done.signal()
    }
    thread.start()
  }

  /// Cuts while `body` runs, and not before or after: a list that is always cut off never gets through.
  func cut<Result>(during body: () -> Result) -> Result {
    state.withLock { $0.isCutting = true }
    defer { state.withLock { $0.isCutting = false } }
    return body()
  }

  /// Ends the cutting; may be called again.
  ///
  /// - Returns: how often it tried.
  @discardableResult
  func stop() -> Int {
    let wasRunning = state.withLock { state in
      defer { state.isRunning = false }
      return state.isRunning
    }
    if wasRunning { done.wait() }
    return state.withLock { $0.cuts }
  }
}
