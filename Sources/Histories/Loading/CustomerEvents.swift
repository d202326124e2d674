import DuckDB
import Foundation

/// Loads what hangs on customers alone, on a thread of its own.
final class CustomerEvents: @unchecked Sendable {
  typealias Loaded = (surveys: Surveys, complaints: Complaints, contacts: Contacts)

  /// The context of the thread: it shares the customers, which nobody changes any more.
  let context: LoadContext
  private var result: Result<Loaded, HistoriesError>?
  private let done = DispatchSemaphore(value: 0)

  init(of main: LoadContext, connection: Connection) {
    context = LoadContext(customersOf: main, connection: connection)
    let thread = Thread { [self] in
      do throws(HistoriesError) {
        result = .success(
          (try context.loadSurveys(), try context.loadComplaints(), try context.loadContacts()))
      } catch {
        result = .failure(error)
      }
      done.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// What was loaded, when it is ready.
  ///
  /// - Throws: `HistoriesError` of the thread.
  func wait() throws(HistoriesError) -> Loaded {
    done.wait()
    guard let result else { preconditionFailure("the thread ends with a result") }
    return try result.get()
  }
}
