public import Foundation
import Temporaries

/// One text file as it can be read: itself where it is UTF-8, else a private temporary copy in UTF-8 that goes with this
/// object.
public final class ReadableFile {
  /// The file to read.
  public let url: URL
  /// Whether the file is GB18030 by all appearances; nothing says so.
  public let isGuessedGB18030: Bool
  /// Bytes that no encoding explains; they read as U+FFFD.
  public let unreadableBytes: Int
  /// Line numbers (from 1) of the first three of them.
  public let unreadableLines: [Int]
  private let copy: URL?

  /// - Throws: `HistoriesError` when the file cannot be read or the copy cannot be written.
  /// - Complexity: one pass over the file, two when it is not UTF-8.
  public init(_ path: String) throws(HistoriesError) {
    let source = URL(fileURLWithPath: path)
    let copy = FileManager.default.temporaryDirectory
      .appendingPathComponent("revisit-\(UUID().uuidString)").appendingPathExtension("txt")
    Temporaries.register(copy.path)
    do {
      let (outcome, encoding) = try Transcoder.makeReadable(source, target: copy)
      url = outcome.wroteCopy ? copy : source
      self.copy = outcome.wroteCopy ? copy : nil
      isGuessedGB18030 = encoding == .gb18030
      unreadableBytes = outcome.unreadableBytes
      unreadableLines = outcome.exampleLines
    } catch {
      try? FileManager.default.removeItem(at: copy)
      Temporaries.forget(copy.path)
      throw error
    }
    if self.copy == nil { Temporaries.forget(copy.path) }
  }

  deinit {
    guard let copy else { return }
    try? FileManager.default.removeItem(at: copy)
    Temporaries.forget(copy.path)
  }
}
