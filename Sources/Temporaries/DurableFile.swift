public import Foundation

/// Writing that has reached the disk when it returns.
public enum DurableFile {
  /// What the system said to it.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    public let code: Int32

    /// The system's words, such as `No space left on device`.
    public var description: String { String(cString: strerror(code)) }
  }

  /// For files that only their owner may read.
  public static let ownersMode: mode_t = 0o600

  /// Writes a new file.
  ///
  /// - Parameter mode: its rights.
  /// - Throws: `Failure`, also for a path that is taken; what was begun is gone then.
  /// - Complexity: O(bytes)
  public static func write(
    _ bytes: some Sequence<UInt8>, toNew path: String, mode: mode_t
  ) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    do throws(Failure) {
      try fill(descriptor, bytes)
    } catch {
      close(descriptor)
      unlink(path)
      throw error
    }
    guard close(descriptor) == 0 else {
      let failure = Failure(code: errno)
      unlink(path)
      throw failure
    }
  }

  private static func fill(_ descriptor: Int32, _ bytes: some Sequence<UInt8>) throws(Failure) {
    let written = bytes.withContiguousStorageIfAvailable { all(descriptor, UnsafeRawBufferPointer($0)) }
    let isWritten =
      written ?? Array(bytes).withUnsafeBytes { all(descriptor, $0) }
    guard isWritten, fsync(descriptor) == 0 else { throw Failure(code: errno) }
  }

  private static func all(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Writes a file that takes the place of one of the same name: whoever looks finds the old one or the new one.
  ///
  /// The unfinished one lies beside it and goes at a signal. The name is on the disk after `flush(folder:)`.
  ///
  /// - Throws: `Failure`; the old file is as it was then.
  public static func replace(
    _ path: String, with bytes: some Sequence<UInt8>, mode: mode_t
  ) throws(Failure) {
    let unfinished = unfinished(path)
    Temporaries.register(unfinished)
    defer { Temporaries.forget(unfinished) }
    try write(bytes, toNew: unfinished, mode: mode)
    guard rename(unfinished, path) == 0 else {
      let failure = Failure(code: errno)
      unlink(unfinished)
      throw failure
    }
  }

  /// Writes a file that appears whole, but never in the place of one that is there.
  ///
  /// - Throws: `Failure`.
  public static func create(_ path: String, with bytes: some Sequence<UInt8>, mode: mode_t) throws(Failure) {
    let unfinished = unfinished(path)
    Temporaries.register(unfinished)
    defer {
      unlink(unfinished)
      Temporaries.forget(unfinished)
    }
    try write(bytes, toNew: unfinished, mode: mode)
    // A link, unlike a renamed file, never takes the place of what somebody made meanwhile.
    guard link(unfinished, path) == 0 else { throw Failure(code: errno) }
  }

  private static func unfinished(_ path: String) -> String {
    let url = URL(fileURLWithPath: path)
    return url.deletingLastPathComponent().appendingPathComponent(
      ".\(url.lastPathComponent).\(UUID().uuidString).partial"
    ).path
  }

  /// Flushes the names in a folder.
  ///
  /// - Throws: `Failure`.
  public static func flush(folder: String) throws(Failure) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Failure(code: errno) }
  }
}
