import Foundation
import Synchronization

/// Threads that are waited for.
enum Parallel {
  /// Runs `body` on each of several threads at once.
  ///
  /// - Returns: the errors in words.
  static func run(threads: Int, _ body: @escaping @Sendable (Int) throws -> Void) -> [String] {
    let failures = Mutex<[String]>([])
    let group = DispatchGroup()
    for number in 0..<threads {
      group.enter()
      let thread = Thread {
        do {
          try body(number)
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
        group.leave()
      }
      thread.start()
    }
    group.wait()
    return failures.withLock { $0 }
  }
}
