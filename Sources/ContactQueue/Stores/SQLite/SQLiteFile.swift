import Foundation

/// The file of a queue before SQLite opens it.
enum SQLiteFile {
  /// What SQLite puts beside the file while it is open.
  static let companions = ["-wal", "-shm"]

  private static let ownerOnly: mode_t = 0o600
  private static let others: mode_t = 0o077

  /// Makes the file if it may and takes away other users' rights; SQLite gives its companions the same.
  ///
  /// The file is not opened: closing it again would give up the locks that this process holds on it elsewhere.
  static func prepare(_ path: String, creating: Bool) throws(QueueError) {
    if creating, mknod(path, S_IFREG | ownerOnly, 0) != 0, errno != EEXIST {
      throw errno == ENOENT ? missingFolder(of: path) : refusal(path, code: errno)
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw refusal(path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw QueueError(.badData, "\(path) is not a file.", next: "Name the file of a queue.")
    }
    guard access(path, R_OK | W_OK) == 0 else { throw refusal(path, code: errno) }
    if status.st_mode & others != 0, chmod(path, ownerOnly) != 0 {
      throw QueueError(
        .cannotWrite, "\(path) can be read by other users, and its mode cannot be changed.",
        next: "Let its owner open it, or run chmod 600 on it.")
    }
  }

  private static func missingFolder(of path: String) -> QueueError {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return QueueError(
      .notFound, "There is no folder \(folder) for the queue.", next: "Make it, or check the path.")
  }

  private static func refusal(_ path: String, code: Int32) -> QueueError {
    switch code {
    case ENOENT, ENOTDIR:
      QueueError(
        .notFound, "There is no queue at \(path).",
        next: "Check the path and its folder; `revisit outreach enqueue` makes a new queue.")
    default:
      QueueError(
        .cannotWrite, "\(path) cannot be opened for writing: \(String(cString: strerror(code))).",
        next: "Give the user that runs this the right to write the file and its folder.")
    }
  }

  /// The first waits for another writer in microseconds; later ones are as long as the last.
  private static let waits: [UInt32] = [50, 100, 200, 500, 1000, 2000, 5000]

  /// Sleeps a little while another process writes.
  ///
  /// - Returns: whether to try again.
  static func waitForWriter(tries: Int, patience: Int) -> Bool {
    let last = waits.count - 1
    var waited = waits.prefix(tries).reduce(0) { $0 + Int($1) }
    if tries > last { waited += (tries - last - 1) * Int(waits[last]) }
    guard waited < patience * 1000 else { return false }
    usleep(waits[min(tries, last)])
    return true
  }
}
