import Foundation

/// About how many lines a text file has, from the lines in blocks that are spread over it; exact for short files.
struct LineEstimate {
  /// `nil` for a file without an end of a line in those blocks.
  let lines: Int?

  private static let blockBytes = 1 << 16
  private static let blocks = 32

  init(_ file: URL) throws {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    let size = Int(try handle.seekToEnd())
    let isShort = size <= Self.blockBytes * Self.blocks
    var (ends, bytes) = (0, 0)
    for block in 0..<Self.blocks {
      let start = isShort ? block * Self.blockBytes : (size - Self.blockBytes) / (Self.blocks - 1) * block
      guard start < size else { break }
      try handle.seek(toOffset: UInt64(start))
      guard let data = try handle.read(upToCount: Self.blockBytes), !data.isEmpty else { break }
      ends += data.count { $0 == UInt8(ascii: "\n") }
      bytes += data.count
    }
    lines = ends == 0 ? nil : Int((Double(ends) / Double(bytes) * Double(size)).rounded())
  }
}
