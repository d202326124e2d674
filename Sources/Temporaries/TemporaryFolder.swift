public import Foundation

/// A private folder in the system's place for temporary files; gone with this object, or with the process.
public final class TemporaryFolder: Sendable {
  /// Absolute, symbolic links resolved, without a slash at the end.
  public let url: URL

  /// Makes the folder; only its owner may look into it.
  ///
  /// - Throws: `CocoaError` when it cannot be made.
  public init() throws {
    url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      .appendingPathComponent("revisit-\(UUID().uuidString)")
    Temporaries.register(url.path)
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      Temporaries.forget(url.path)
      throw error
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
    Temporaries.forget(url.path)
  }
}
