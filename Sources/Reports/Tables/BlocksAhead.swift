import Dispatch
import LinearAlgebra

/// Blocks of rows that are made on several threads and taken in their order, a few ahead of the taker.
///
/// To be taken by one thread at a time. What is being made when this object goes is waited for, and dropped.
final class BlocksAhead<Value: Sendable>: @unchecked Sendable {
  /// For each thread one block that is being made and one that waits to be taken.
  private static var blocksPerThread: Int { 2 }

  private let rows: Int
  private let rowsPerBlock: Int
  private let make: @Sendable (Range<Int>) -> Value
  private var nextRow = 0
  /// In the order of their rows.
  private var underWay: [BlockUnderWay<Value>] = []

  /// Starts at once.
  ///
  /// - Parameter make: gives the block of some rows; is called on several threads.
  init(
    rows: Int, rowsPerBlock: Int, parallel: Parallel = .standard,
    make: @escaping @Sendable (Range<Int>) -> Value
  ) {
    self.rows = rows
    self.rowsPerBlock = rowsPerBlock
    self.make = make
    for _ in 0..<parallel.threads * Self.blocksPerThread { startNext() }
  }

  deinit {
    for block in underWay { _ = block.wait() }
  }

  /// The next block; `nil` after the last.
  func next() -> Value? {
    guard !underWay.isEmpty else { return nil }
    let value = underWay.removeFirst().wait()
    startNext()
    return value
  }

  private func startNext() {
    guard nextRow < rows else { return }
    let range = nextRow..<min(nextRow + rowsPerBlock, rows)
    nextRow = range.upperBound
    underWay.append(BlockUnderWay { [make] in make(range) })
  }
}

/// A block that is being made on another thread.
private final class BlockUnderWay<Value: Sendable>: @unchecked Sendable {
  // Written before the signal, read after it.
  private var value: Value?
  private let done = DispatchSemaphore(value: 0)

  init(_ make: @escaping @Sendable () -> Value) {
    DispatchQueue.global().async { [self] in
      value = make()
      done.signal()
    }
  }

  /// To be asked once.
  func wait() -> Value {
    done.wait()
    guard let value else { preconditionFailure("the value is there when the signal is") }
    return value
  }
}
