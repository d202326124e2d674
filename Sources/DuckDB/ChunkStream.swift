import CDuckDB
import Dispatch
import Foundation

/// Fetches the chunks of a result on a thread of its own, a few ahead of the reader.
///
/// Decoding goes on while the reader works on earlier rows; rows come in the result's order. The thread ends when the
/// stream goes, also before the last row.
public final class ChunkStream {
  private let pipe: Pipe
  private var isAtEnd = false

  /// - Parameter depth: chunks fetched ahead at most.
  public init(_ result: QueryResult, depth: Int = 32) {
    let pipe = Pipe(result: result, depth: depth)
    self.pipe = pipe
    Thread { pipe.fill() }.start()
  }

  deinit {
    pipe.stop()
  }

  /// The next rows, or `nil` after the last.
  ///
  /// - Throws: `DuckDBError` when the query fails on its way.
  public func next() throws(DuckDBError) -> Chunk? {
    if isAtEnd { return nil }
    switch pipe.take() {
    case .chunk(let handle):
      return Chunk(library: pipe.library, handle: handle)
    case .failure(let error):
      isAtEnd = true
      throw error
    case .end:
      isAtEnd = true
      return nil
    }
  }
}

/// The queue between the fetching thread and the reader.
private final class Pipe: @unchecked Sendable {
  enum Item {
    case chunk(cduckdb_chunk)
    case failure(DuckDBError)
    case end
  }

  private struct State {
    var items: [Item] = []
    var isStopped = false
  }

  let library: DuckDBLibrary
  // Touched by the fetching thread only until it has ended.
  private var result: QueryResult?
  private let lock = NSLock()
  // Guarded by the lock.
  private var state = State()
  private let room: DispatchSemaphore
  private let filled = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)

  init(result: QueryResult, depth: Int) {
    self.result = result
    library = result.library
    // Counted up from zero: libdispatch stops the process when a semaphore is freed below its first value, which is
    // where a stream leaves it that is dropped early.
    room = DispatchSemaphore(value: 0)
    for _ in 0..<depth { room.signal() }
  }

  /// Runs on the fetching thread until the last chunk, an error, or `stop`.
  func fill() {
    defer { ended.signal() }
    while true {
      room.wait()
      if lock.withLock({ state.isStopped }) { return }
      do {
        guard let handle = try result?.nextHandle() else { return put(.end) }
        put(.chunk(handle))
      } catch {
        return put(.failure(error))
      }
    }
  }

  private func put(_ item: Item) {
    lock.withLock { state.items.append(item) }
    filled.signal()
  }

  func take() -> Item {
    filled.wait()
    let item = lock.withLock { state.items.removeFirst() }
    room.signal()
    return item
  }

  /// Ends the fetching thread, waits for it, and frees the result and what was fetched in vain, so that the connection
  /// is free for the next query.
  func stop() {
    lock.withLock { state.isStopped = true }
    room.signal()
    ended.wait()
    result = nil
    for case .chunk(let handle) in lock.withLock({ state.items }) {
      var handle: cduckdb_chunk? = handle
      library.call.destroy_data_chunk(&handle)
    }
  }
}
