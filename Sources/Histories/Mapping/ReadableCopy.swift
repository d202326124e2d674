import Foundation

/// The copy in UTF-8 of a file that is not, while it is written.
struct ReadableCopy: ~Copyable {
  private static let blockBytes = 1 << 20
  private static let replacement = Data("\u{FFFD}".utf8)

  private let source: URL
  private let file: FileHandle
  private var unwritten = Data(capacity: blockBytes)

  /// - Throws: `HistoriesError` when the copy cannot be made.
  init(of source: URL, at target: URL) throws(HistoriesError) {
    // Personal data: nobody else may read the copy.
    guard
      FileManager.default.createFile(
        atPath: target.path, contents: nil, attributes: [.posixPermissions: 0o600]),
      let file = FileHandle(forWritingAtPath: target.path)
    else {
      throw HistoriesError(
        .cannotWrite, "\(target.path) cannot be written.", next: "Set TMPDIR to a folder with room.")
    }
    self.source = source
    self.file = file
  }

  deinit { try? file.close() }

  mutating func append(_ text: UnsafeRawBufferPointer) throws(HistoriesError) {
    unwritten.append(contentsOf: text)
    if unwritten.count >= Self.blockBytes { try flush() }
  }

  /// Adds what stands for a byte that cannot be read.
  mutating func appendReplacement() throws(HistoriesError) {
    unwritten.append(Self.replacement)
    if unwritten.count >= Self.blockBytes { try flush() }
  }

  /// Writes what is not written yet: the copy is whole after the last one.
  mutating func flush() throws(HistoriesError) {
    do {
      try file.write(contentsOf: unwritten)
    } catch {
      throw HistoriesError(
        .cannotWrite, "A readable copy of \(source.path) cannot be written.",
        next: "Set TMPDIR to a folder with room.")
    }
    unwritten.removeAll(keepingCapacity: true)
  }
}
