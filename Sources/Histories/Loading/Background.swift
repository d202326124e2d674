import Foundation

/// A piece of loading on a thread of its own.
///
/// When `wait` or `cancel` returns, the thread holds nothing of it any more: what must be cleaned up with its last
/// owner is not left to a thread that may outlive the process's work.
final class Background<Value>: @unchecked Sendable {
  private var body: (() throws(HistoriesError) -> Value)?
  private var result: Result<Value, HistoriesError>?
  private let interrupt: () -> Void
  private let done = DispatchSemaphore(value: 0)
  private var isOver = false

  /// Starts at once. What `body` uses must be left alone by others until `wait` or `cancel` returns.
  ///
  /// - Parameter interrupt: makes a running body end early with an error.
  init(
    interrupt: @escaping () -> Void, _ body: @escaping () throws(HistoriesError) -> Value
  ) {
    self.interrupt = interrupt
    self.body = body
    let thread = Thread { [self] in
      run()
      done.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  private func run() {
    guard let body else { return }
    do throws(HistoriesError) {
      result = .success(try body())
    } catch {
      result = .failure(error)
    }
    self.body = nil
  }

  /// What came of it, when it is ready; to be asked once.
  ///
  /// - Throws: the `HistoriesError` of the thread.
  func wait() throws(HistoriesError) -> Value {
    end()
    defer { result = nil }
    guard let result else { preconditionFailure("the thread ends with a result, taken once") }
    return try result.get()
  }

  /// Ends it early if it still runs, and drops what came of it.
  func cancel() {
    interrupt()
    end()
    result = nil
  }

  private func end() {
    if isOver { return }
    done.wait()
    isOver = true
  }
}
