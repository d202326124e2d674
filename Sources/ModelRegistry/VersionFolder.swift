internal import Foundation
internal import Temporaries

/// How the attempt to give a finished folder its final name ended.
enum CommitResult: Sendable {
  /// It has the name.
  case done
  /// Something else has the name.
  case taken
  /// Neither; the reason in words.
  case failed(String)
}

/// The folder of a version, which has reached the disk before it has its name.
enum VersionFolder {
  private static let fileMode: mode_t = 0o644

  /// Makes a folder and those above it.
  static func make(_ folder: URL) throws(ModelRegistryError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw ModelRegistryError(
        .notWritable, "cannot make the folder \(folder.deletingLastPathComponent().path); check its rights")
    }
  }

  /// Writes a new file and flushes it.
  static func write(_ data: Data, to file: URL) throws(ModelRegistryError) {
    do {
      try DurableFile.write(data, toNew: file.path, mode: fileMode)
    } catch {
      throw failure(file, error)
    }
  }

  /// Flushes the names in a folder.
  static func flush(_ folder: URL) throws(ModelRegistryError) {
    do {
      try DurableFile.flush(folder: folder.path)
    } catch {
      throw failure(folder, error)
    }
  }

  /// Renames a folder unless the new name is taken.
  static func rename(from: URL, to: URL) -> CommitResult {
    // rename(2) replaces an empty folder silently; versions are never empty, anything else in the way is kept, too.
    if FileManager.default.fileExists(atPath: to.path) { return .taken }
    if Foundation.rename(from.path, to.path) == 0 { return .done }
    switch errno {
    case EEXIST, ENOTEMPTY, ENOTDIR: return .taken
    default: return .failed(String(cString: strerror(errno)))
    }
  }

  private static func failure(_ url: URL, _ failure: DurableFile.Failure) -> ModelRegistryError {
    ModelRegistryError(
      .notWritable, "cannot write \(url.path): \(failure); check the disk's space and the folder's rights")
  }
}
