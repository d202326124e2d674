import Foundation
import PrivatePostgreSQL
import Synchronization

/// Ends connections to one database now and then, whatever they are doing.
final class ConnectionCutter: Sendable {
  private let state = Mutex((isRunning: true, cuts: 0))
  private let done = DispatchSemaphore(value: 0)

  /// Microseconds between two cuts.
  private static let pause: UInt32 = 300_000

  init(server: PrivatePostgreSQL, url: String) {
    let database = URL(string: url)?.lastPathComponent ?? ""
    let thread = Thread { [self] in
      while state.withLock({ $0.isRunning }) {
        usleep(Self.pause)
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
