import Foundation

/// A file read from its begin to its end through one small buffer.
///
/// What a reader leaves of a block comes again before the next bytes, so that no character is cut apart.
struct FileBlocks: ~Copyable {
  /// So many that calls to the system do not count, and so few that they stay in a core's cache.
  static let ordinaryBytes = 1 << 20
  /// A character of UTF-8 or GB18030 has four bytes at most: so many of it may come before the rest.
  private static let mostLeft = 3

  private let source: URL
  private let descriptor: Int32
  private let blockBytes: Int
  private let buffer: UnsafeMutableRawBufferPointer

  /// - Throws: `HistoriesError` when the file cannot be opened.
  init(_ source: URL, blockBytes: Int = ordinaryBytes) throws(HistoriesError) {
    descriptor = open(source.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.unreadable(source) }
    self.source = source
    self.blockBytes = blockBytes
    buffer = .allocate(byteCount: blockBytes + Self.mostLeft, alignment: MemoryLayout<UInt64>.alignment)
  }

  deinit {
    buffer.deallocate()
    close(descriptor)
  }

  private static func unreadable(_ source: URL) -> HistoriesError {
    HistoriesError(.inputMissing, "\(source.path) cannot be read.", next: "Check that you may read it.")
  }

  /// Hands out the blocks in their order.
  ///
  /// - Parameter body: takes what was left of the block before with the bytes behind it, and whether the file ends there;
  ///   says how many of them it is done with, all but three at least, or `nil` when it needs no more of the file.
  /// - Throws: `HistoriesError` when the file cannot be read, or what `body` throws.
  /// - Complexity: O(bytes of the file); memory for one block.
  consuming func forEach(
    _ body: (_ bytes: UnsafeRawBufferPointer, _ isLast: Bool) throws(HistoriesError) -> Int?
  ) throws(HistoriesError) {
    var left = 0
    while true {
      let count = read(UnsafeMutableRawBufferPointer(rebasing: buffer[left..<left + blockBytes]))
      guard count >= 0 else { throw Self.unreadable(source) }
      let filled = UnsafeRawBufferPointer(rebasing: buffer[..<(left + count)])
      // Only a read that brings nothing says that the file is at its end.
      guard let done = try body(filled, count == 0), count > 0 else { return }
      left = filled.count - done
      precondition(left <= Self.mostLeft, "a reader leaves a part of one character")
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: filled[done...]))
    }
  }

  /// The number of bytes that came; negative for a failure.
  private func read(_ room: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Foundation.read(descriptor, room.baseAddress, room.count)
      if count >= 0 || errno != EINTR { return count }
    }
  }
}
