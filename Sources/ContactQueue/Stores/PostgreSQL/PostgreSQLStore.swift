import Glibc
import PostgreSQL
import Synchronization

/// A queue in a PostgreSQL database: every thread has a connection of its own while it runs a transaction.
///
/// Transactions that write see what others committed (READ COMMITTED) and lock the rows that they go by; those that
/// read see one state.
public final class PostgreSQLStore: QueueStore {
  private let address: PostgreSQLAddress
  /// Connections that nobody uses at the moment.
  private let idle = Mutex<[Connection]>([])

  public var dialect: SQLDialect { .postgresql }

  /// How often a transaction is run before a conflict or a lost connection becomes an error.
  static let attempts = 6
  /// Microseconds before the second attempt; each further one waits twice as long.
  private static let firstWait: UInt32 = 2000

  /// Connects.
  ///
  /// - Throws: `QueueError`: no server, no such database, refused, too old.
  public init(_ address: PostgreSQLAddress) throws(QueueError) {
    self.address = address
    let first = try connect()
    guard first.serverVersion >= Self.oldestServer else {
      throw QueueError(
        .usage, "The server of \(address.place) is older than PostgreSQL 15.", next: "Use a newer server.")
    }
    idle.withLock { $0.append(first) }
  }

  private static let oldestServer = 150_000

  @discardableResult
  public func write<Result>(
    _ body: (any SQLSession) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    try attempt(Self.attempts, begin: "BEGIN", body)
  }

  @discardableResult
  public func writeOnce<Result>(
    _ body: (any SQLSession) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    // It may fill a table, and what was planned while that was empty reads all of it for every name.
    try attempt(1, begin: "BEGIN; SET LOCAL plan_cache_mode = force_custom_plan", body)
  }

  public func read<Result>(
    _ body: (any SQLSession) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    try attempt(Self.attempts, begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
  }

  /// Runs a statement that must not stand in a transaction.
  func outsideTransaction(_ statement: String) throws(QueueError) {
    let connection = try connect()
    do {
      try connection.execute(statement)
    } catch {
      throw QueueError(postgresql: error, place: address.place)
    }
    idle.withLock { $0.append(connection) }
  }

  // MARK: Attempts

  private func attempt<Result>(
    _ attempts: Int, begin: String, _ body: (any SQLSession) throws(QueueError) -> Result
  ) throws(QueueError) -> Result {
    var wait = Self.firstWait
    for attempt in 1...attempts {
      let connection = try begun(begin)
      let session = PostgreSQLSession(connection, place: address.place)
      do {
        let result = try body(session)
        try commit(connection, session)
        idle.withLock { $0.append(connection) }
        return result
      } catch {
        let mayRepeat = session.mayRepeat
        giveBack(connection)
        guard mayRepeat, attempt < attempts else { throw error }
      }
      usleep(wait)
      wait *= 2
    }
    fatalError("The last attempt returns or throws.")
  }

  /// A connection on which a transaction has begun; one that went stale while nobody used it is replaced.
  private func begun(_ begin: String) throws(QueueError) -> Connection {
    while let connection = idle.withLock({ $0.popLast() }) {
      if (try? connection.execute(begin)) != nil { return connection }
    }
    let connection = try connect()
    do {
      try connection.execute(begin)
    } catch {
      throw QueueError(postgresql: error, place: address.place)
    }
    return connection
  }

  private func commit(_ connection: Connection, _ session: PostgreSQLSession) throws(QueueError) {
    let isCommitted: Bool
    do {
      isCommitted = try connection.commit()
    } catch {
      throw session.failedCommit(error)
    }
    guard isCommitted else {
      throw QueueError(
        .fault, "A statement failed and its error was overlooked.",
        next: "Nothing was changed; please report this.")
    }
  }

  private func giveBack(_ connection: Connection) {
    guard connection.isUsable, (try? connection.execute("ROLLBACK")) != nil else { return }
    idle.withLock { $0.append(connection) }
  }

  // MARK: Connections

  /// What holds unless the URL says something else.
  private static let defaults = [
    ("fallback_application_name", "revisit"), ("connect_timeout", "10"), ("keepalives_idle", "30"),
  ]

  /// What holds on every connection: commits wait for the disk, nobody waits for a lock for ever, short queries are not
  /// compiled, and an index is used wherever there is one: plans are kept, and a table that was empty when they were made
  /// may hold millions of rows later.
  private static let settings = """
    SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN
      set_config('synchronous_commit', 'on', false) END;
    SET lock_timeout = '20s';
    SET jit = off;
    SET enable_seqscan = off;
    SET synchronize_seqscans = off
    """

  private func connect() throws(QueueError) -> Connection {
    do {
      let connection = try Connection(
        settings: Self.defaults + [("dbname", address.connection), ("client_encoding", "UTF8")])
      try connection.execute(Self.settings)
      return connection
    } catch {
      throw QueueError(connecting: error, place: address.place)
    }
  }
}
