import GRDB

extension QueueError {
  /// What an error of SQLite means for whoever asked; an error that is the queue's already stays as it is.
  init(sqlite error: any Error, path: String) {
    switch error {
    case let error as QueueError: self = error
    case let error as DatabaseError: self.init(error, path: path)
    default: self.init(.fault, "\(path): \(type(of: error)) came from SQLite.", next: "Please report this.")
    }
  }

  private init(_ error: DatabaseError, path: String) {
    // Messages of SQLite name tables and columns; values are bound and never part of them.
    let message = error.message ?? ""
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        .tryAgain, "\(path) is locked: another process has been writing for too long.",
        next: "Nothing was changed; try again when it is done.")
    case .SQLITE_FULL:
      self.init(
        .cannotWrite, "\(path): the disk is full.",
        next: "Nothing was changed; make room and run the command again.")
    case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        .cannotWrite, "\(path) cannot be written.",
        next: "Nothing was changed; check the rights of the file and its folder.")
    case .SQLITE_CANTOPEN:
      self.init(
        .cannotWrite, "\(path) cannot be opened, or no file can be made beside it.",
        next: "Nothing was changed; check the rights of the file and its folder.")
    case .SQLITE_IOERR:
      self.init(
        .cannotWrite, "\(path): reading or writing failed (\(error.extendedResultCode.rawValue)).",
        next: "Nothing was changed; check the disk and its free space, then run the command again.")
    case .SQLITE_NOTADB:
      self.init(.badData, "\(path) is not a queue.", next: "Name the file that `enqueue` made.")
    case .SQLITE_CORRUPT, .SQLITE_FORMAT:
      self.init(
        .badData, "\(path) is damaged.",
        next: "Put a backup in its place; `revisit outreach verify` tells whether it is whole.")
    case .SQLITE_CONSTRAINT:
      self.init(.refused, "The queue refused a change: \(message).", next: "Nothing was changed.")
    case .SQLITE_NOMEM:
      self.init(.tryAgain, "There is not enough memory.", next: "Nothing was changed; try again later.")
    default:
      self.init(
        .fault, "\(path): SQLite failed (\(error.extendedResultCode.rawValue)): \(message).",
        next: "Nothing was changed; please report this.")
    }
  }
}
