import PostgreSQL

extension PostgreSQLError {
  /// Two transactions got in each other's way and the server undid this one: serialization failure, deadlock.
  var isConflict: Bool { sqlState == "40001" || sqlState == "40P01" }

  /// The server ended the connection, or it broke: connection exceptions, shut down, crashed.
  var isLostConnection: Bool {
    sqlState == nil || stateClass == "08" || ["57P01", "57P02", "57P03"].contains(sqlState)
  }
}

extension QueueError {
  /// What an error of the server means for whoever asked. The classes are those of PostgreSQL's appendix A.
  init(postgresql error: PostgreSQLError, place: String) {
    if error.isLostConnection {
      self.init(
        .tryAgain, "The connection to \(place) was lost.", next: "Nothing was changed; try again.")
      return
    }
    if error.isConflict {
      self.init(
        .tryAgain, "Others kept changing the same rows of \(place).", next: "Nothing was changed; try again.")
      return
    }
    switch (error.stateClass, error.sqlState) {
    case (_, "55P03"), (_, "57014"):
      self.init(
        .tryAgain, "\(place) is locked: another transaction has been writing for too long.",
        next: "Nothing was changed; try again when it is done.")
    case (_, "53100"):
      self.init(
        .cannotWrite, "The disk of \(place) is full.", next: "Nothing was changed; make room and try again.")
    case ("53", _):
      self.init(
        .tryAgain, "The server of \(place) has no room left: \(error.message).",
        next: "Nothing was changed; try again later.")
    case ("23", _), (_, "P0001"):
      self.init(.refused, "The queue refused a change: \(error.message).", next: "Nothing was changed.")
    case (_, "25006"):
      self.init(
        .cannotWrite, "\(place) is read-only: a standby, or a database set so.",
        next: "Nothing was changed; connect to the server that writes.")
    case (_, "42501"):
      self.init(
        .cannotWrite, "The user may not do this in \(place): \(error.message).",
        next: "Nothing was changed; let the database's owner grant the right.")
    case ("58", _):
      self.init(
        .cannotWrite, "The server of \(place) could not read or write its files.",
        next: "Nothing was changed; look at the server's log and disk.")
    case ("XX", "XX001"), ("XX", "XX002"):
      self.init(
        .badData, "\(place) is damaged: \(error.message).", next: "Put a backup in its place.")
    default:
      self.init(
        .fault, "\(place): the server failed (SQL state \(error.sqlState ?? "none")): \(error.message).",
        next: "Nothing was changed; please report this.")
    }
  }

  /// Why there is no connection.
  init(connecting error: PostgreSQLError, place: String) {
    let words = error.message
    if words.contains("does not exist"), words.contains("database") {
      self.init(
        .notFound, "There is no \(place).",
        next: "Create the database first (createdb), then run the command again.")
    } else if words.contains("authentication failed") || words.contains("no password supplied")
      || words.contains("no pg_hba.conf entry") || words.contains("role ")
    {
      self.init(
        .usage, "The server of \(place) does not let this user in.",
        next:
          "Check user and password: ~/.pgpass, the file that ?passfile= or PGPASSFILE names, or PGPASSWORD.")
    } else if words.hasPrefix("invalid ") || words.contains("URI") {
      self.init(
        .usage, "The queue's URL cannot be read.", next: "Write postgres://user@host:port/database.")
    } else {
      self.init(
        .tryAgain, "The server of \(place) cannot be reached.",
        next: "Nothing was changed; check host and port, and try again when the server runs.")
    }
  }
}
