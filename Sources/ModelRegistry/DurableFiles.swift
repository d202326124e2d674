internal import Foundation

/// How the attempt to give a finished folder its final name ended.
enum CommitResult: Sendable {
  /// It has the name.
  case done
  /// Something else has the name.
  case taken
  /// Neither; the reason in words.
  case failed(String)
}

/// Writing that has reached the disk when it returns.
enum DurableFiles {
  /// Makes a folder and those above it.
  static func makeFolder(_ folder: URL) throws(ModelRegistryError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw ModelRegistryError(
        .notWritable, "cannot make the folder \(folder.deletingLastPathComponent().path); check its rights")
    }
  }

  /// Writes a new file and flushes it.
  static func write(_ data: Data, to file: URL) throws(ModelRegistryError) {
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(file) }
    defer { close(descriptor) }
    var offset = 0
    while offset < data.count {
      let written = data.withUnsafeBytes { bytes in
        bytes.baseAddress.map { Foundation.write(descriptor, $0 + offset, data.count - offset) } ?? 0
      }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw failure(file) }
      offset += written
    }
    guard fsync(descriptor) == 0 else { throw failure(file) }
  }

  /// Flushes the names in a folder.
  static func flushFolder(_ folder: URL) throws(ModelRegistryError) {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(folder) }
  }

  /// Renames a folder unless the new name is taken.
  static func renameFolder(from: URL, to: URL) -> CommitResult {
    // rename(2) replaces an empty folder silently; versions are never empty, anything else in the way is kept, too.
    if FileManager.default.fileExists(atPath: to.path) { return .taken }
    if rename(from.path, to.path) == 0 { return .done }
    switch errno {
    case EEXIST, ENOTEMPTY, ENOTDIR: return .taken
    default: return .failed(String(cString: strerror(errno)))
    }
  }

  private static func failure(_ url: URL) -> ModelRegistryError {
    ModelRegistryError(
      .notWritable,
      "cannot write \(url.path): \(String(cString: strerror(errno))); check the disk's space and the folder's rights"
    )
  }
}
