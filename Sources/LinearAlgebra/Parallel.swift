import Dispatch
internal import Foundation
import Synchronization

/// Runs work on blocks of rows on several threads.
///
/// Which rows form a block depends on the sizes alone, never on the number of threads: whoever keeps one partial
/// result a block and combines them in block order gets the same bits for any number of threads.
public struct Parallel: Sendable {
  /// Number of threads used, at least 1.
  public let threads: Int

  /// As many threads as processor cores may be used by this process.
  public static let standard = Parallel(threads: ProcessInfo.processInfo.activeProcessorCount)

  public init(threads: Int) {
    self.threads = max(threads, 1)
  }

  /// One block of successive rows and who works on it.
  public struct Block: Sendable {
    /// Number of the block, counted from 0.
    public let index: Int
    /// The rows of the block.
    public let range: Range<Int>
    /// Number of the thread, `0..<threads`: at any time one block at most is worked on under this number.
    public let worker: Int
  }

  /// Number of blocks that `forEachBlock` makes.
  public static func blockCount(count: Int, blockSize: Int) -> Int {
    precondition(count >= 0 && blockSize > 0, "blocks need a positive size")
    return (count + blockSize - 1) / blockSize
  }

  /// A block size that splits `count` rows in at most `blocks` blocks of whole multiples of `multiple` rows.
  ///
  /// It bounds how many partial results there are, whatever the number of rows.
  public static func blockSize(count: Int, blocks: Int, multipleOf multiple: Int) -> Int {
    precondition(count >= 0 && blocks > 0 && multiple > 0, "blocks need a positive size")
    let rows = max((count + blocks - 1) / blocks, 1)
    return (rows + multiple - 1) / multiple * multiple
  }

  /// Calls `body` once for every block of `blockSize` rows (the last one may be shorter), in no fixed order.
  ///
  /// Threads take the next block when they have finished one. BLAS stays on the calling thread inside `body`.
  ///
  /// - Complexity: O(count / blockSize) calls.
  public func forEachBlock(count: Int, blockSize: Int, body: @Sendable (Block) -> Void) {
    BLAS.prepare()
    let blocks = Self.blockCount(count: count, blockSize: blockSize)
    let range = { (index: Int) in index * blockSize..<min((index + 1) * blockSize, count) }
    let workers = min(threads, blocks)
    if workers <= 1 {
      for index in 0..<blocks { body(Block(index: index, range: range(index), worker: 0)) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= blocks { return }
        body(
          Block(index: index, range: index * blockSize..<min((index + 1) * blockSize, count), worker: worker))
      }
    }
  }

  /// Results of `body` in the order of `items`, which are worked on one at a time by each thread.
  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ body: @Sendable (Item) -> Result
  ) -> [Result] {
    var results = [Result?](repeating: nil, count: items.count)
    results.withUnsafeMutableBufferPointer { results in
      // Each call writes its own element only.
      nonisolated(unsafe) let results = results
      forEachBlock(count: items.count, blockSize: 1) { results[$0.index] = body(items[$0.index]) }
    }
    return results.compactMap { $0 }
  }
}
