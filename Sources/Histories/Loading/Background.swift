import Foundation

/// A piece of loading on a thread of its own.
final class Background<Value>: @unchecked Sendable {
  private var result: Result<Value, HistoriesError>?
  private let done = DispatchSemaphore(value: 0)

  /// Starts at once. What `body` uses must be left alone by others until `wait` returns.
  init(_ body: @escaping () throws(HistoriesError) -> Value) {
    nonisolated(unsafe) let body = body
    let thread = Thread { [self] in
      do throws(HistoriesError) {
        result = .success(try body())
      } catch {
        result = .failure(error)
      }
      done.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// What came of it, when it is ready.
  ///
  /// - Throws: the `HistoriesError` of the thread.
  func wait() throws(HistoriesError) -> Value {
    done.wait()
    guard let result else { preconditionFailure("the thread ends with a result") }
    return try result.get()
  }
}
