internal import Crypto
public import Foundation
internal import Temporaries

/// What files hold, in one number: SHA-256 of their bytes.
public struct FileDigest: Sendable, Hashable {
  /// In hexadecimal.
  public let sha256: String
  public let bytes: Int

  private static let blockBytes = 1 << 20

  /// Of what a file would hold.
  public init(of contents: Data) {
    sha256 = SHA256.hash(data: contents).hexadecimal
    bytes = contents.count
  }

  /// - Parameter progress: is told how many bytes were read so far.
  /// - Throws: `CocoaError` when a file cannot be read.
  /// - Complexity: O(bytes), in blocks of a mebibyte.
  public init(of files: [URL], progress: (Int) -> Void = { _ in }) throws {
    var hash = SHA256()
    var bytes = 0
    for file in files {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      while let block = try handle.read(upToCount: Self.blockBytes), !block.isEmpty {
        hash.update(data: block)
        bytes += block.count
        progress(bytes)
      }
      // The end of a file counts, so that moving bytes from one file to the next is seen.
      if files.count > 1 { hash.update(data: Data("\(bytes) \(file.lastPathComponent)".utf8)) }
    }
    sha256 = hash.finalize().hexadecimal
    self.bytes = bytes
  }
}
