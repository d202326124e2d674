import LinearAlgebra

/// Reading memory once and doing nothing else with it: a measure to hold other work against.
enum MemoryReading {
  private static let wordsPerBlock = 1 << 16

  /// Reads every whole word once and adds all up.
  ///
  /// - Returns: a sum that depends on every word, so that no reading can be left out.
  /// - Complexity: O(bytes).
  static func sum(_ bytes: UnsafeRawBufferPointer, _ parallel: Parallel) -> UInt64 {
    let count = bytes.count / MemoryLayout<UInt64>.size
    guard let base = bytes.baseAddress, count > 0 else { return 0 }
    nonisolated(unsafe) let words = base
    let sums = [UInt64](
      unsafeUninitializedCapacity: Parallel.blockCount(count: count, blockSize: wordsPerBlock)
    ) { sums, filled in
      nonisolated(unsafe) let partial = sums
      parallel.forEachBlock(count: count, blockSize: wordsPerBlock) { block in
        var sum: UInt64 = 0
        for word in block.range {
          sum &+= words.loadUnaligned(fromByteOffset: word * MemoryLayout<UInt64>.size, as: UInt64.self)
        }
        partial[block.index] = sum
      }
      filled = sums.count
    }
    return sums.reduce(0, &+)
  }
}
