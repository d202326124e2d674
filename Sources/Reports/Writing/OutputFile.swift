public import Foundation
import Temporaries

/// Writes a file whole or not at all: into a temporary sibling, which takes the file's place at the end.
public struct OutputFile: Sendable {
  public let path: String
  /// Where the unfinished file lies; `nil` for beside the file.
  private let workshop: URL?

  /// - Parameters:
  ///   - path: the file to write.
  ///   - inputs: files that must not be written over.
  ///   - workshop: folder on the same disk for the unfinished file, where not even a process that is killed leaves
  ///     it beside results; `nil` for beside the file.
  /// - Throws: `ReportError` with `overwritesInput` when `path` is one of the inputs, by whatever name.
  public init(path: String, protecting inputs: [String] = [], workshop: URL? = nil) throws(ReportError) {
    self.path = path
    self.workshop = workshop
    guard let own = Self.identity(path) else { return }
    for input in inputs where Self.identity(input).map({ $0 == own }) == true {
      throw ReportError(
        .overwritesInput, "\(path) is the input \(input). Choose another file for the output.")
    }
  }

  /// Calls `body` with the path of an empty temporary file, then renames it.
  ///
  /// - Throws: what `body` throws, or `ReportError` with `cannotWrite`; the temporary file is gone then, and a file
  ///   that stood at `path` before is as it was.
  public func replace(_ body: (_ temporaryPath: String) throws(ReportError) -> Void) throws(ReportError) {
    let temporary = try makeTemporary()
    defer { Temporaries.forget(temporary) }
    do throws(ReportError) {
      try body(temporary)
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw .cannotWrite(path, errno: code)
    }
  }

  /// Makes a text the contents of the file.
  ///
  /// - Throws: `ReportError`.
  public func write(_ text: String) throws(ReportError) {
    try replace { (temporary) throws(ReportError) in
      try fill(temporary) { (descriptor) throws(ReportError) in
        var writer = ByteWriter(descriptor: descriptor, name: path)
        writer.text(text)
        try writer.finish()
      }
    }
  }

  /// Calls `body` with a descriptor of the temporary file, open for writing and empty, and closes it.
  ///
  /// - Throws: what `body` throws, or `ReportError` with `cannotWrite`.
  func fill(
    _ temporary: String, _ body: (_ descriptor: Int32) throws(ReportError) -> Void
  ) throws(ReportError) {
    let descriptor = open(temporary, O_WRONLY | O_TRUNC | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotWrite(path, errno: errno) }
    do throws(ReportError) {
      try body(descriptor)
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else { throw .cannotWrite(path, errno: errno) }
  }

  /// Makes the sibling exclusively, so that two writers of one file never share it.
  private func makeTemporary() throws(ReportError) -> String {
    let permissions: mode_t = 0o666
    let base =
      workshop.map { $0.appendingPathComponent(URL(fileURLWithPath: path).lastPathComponent).path } ?? path
    for attempt in 0..<100 {
      let temporary = "\(base).\(getpid())-\(attempt).partial"
      Temporaries.register(temporary)
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
      if descriptor >= 0 {
        close(descriptor)
        return temporary
      }
      let code = errno
      Temporaries.forget(temporary)
      guard code == EEXIST else { throw .cannotWrite(path, errno: code) }
    }
    throw .cannotWrite(path, errno: EEXIST)
  }

  private struct Identity: Equatable {
    let device: dev_t
    let file: ino_t
  }

  private static func identity(_ path: String) -> Identity? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Identity(device: status.st_dev, file: status.st_ino)
  }
}
