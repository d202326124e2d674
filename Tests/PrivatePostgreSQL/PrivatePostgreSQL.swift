public import Foundation
import PostgreSQL
import Synchronization

/// A PostgreSQL server for the tests of one process: in a temporary folder, behind a Unix socket, gone with the process.
///
/// Commits wait for the disk as they do in earnest.
public final class PrivatePostgreSQL: Sendable {
  /// The folder with data, socket and log.
  public let folder: URL
  private let supervisor: Process
  /// The server is stopped and its folder removed when this end of a pipe closes: also when the process is killed.
  private let lifeline: Int32
  private let databases = Mutex(0)

  /// Who owns all databases.
  public static let user = "keeper"
  /// Somebody whom the server asks for a password.
  public static let guardedUser = "guarded"

  private static let server = Mutex<Result<PrivatePostgreSQL, any Error>?>(nil)

  /// The server of this process, started by whoever asks first.
  public static func shared() throws -> PrivatePostgreSQL {
    try server.withLock { server in
      let started = server ?? Result { try PrivatePostgreSQL() }
      server = started
      return try started.get()
    }
  }

  /// Another server, which a test may crash.
  public static func alone() throws -> PrivatePostgreSQL { try PrivatePostgreSQL() }

  /// Whether the server's programs are installed; says so once if they are not.
  public static let isInstalled: Bool = {
    if ServerPrograms.folder != nil { return true }
    print(
      "skipped: tests of the PostgreSQL store, for PostgreSQL's server is not installed (make test installs it)"
    )
    return false
  }()

  // MARK: Starting

  private init() throws {
    guard let programs = ServerPrograms.folder else { throw ServerFailure("PostgreSQL is not installed") }
    folder = try Self.makeFolder()
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ServerFailure("there is no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    lifeline = ends[1]
    supervisor = Process()
    let words = ServerPrograms.asServerUser + ["/bin/sh", "-c", Self.script, "sh", programs, folder.path]
    supervisor.executableURL = URL(fileURLWithPath: words[0])
    supervisor.arguments = Array(words.dropFirst())
    supervisor.standardInput = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
    supervisor.standardOutput = FileHandle.nullDevice
    supervisor.standardError = FileHandle.nullDevice
    try supervisor.run()
    try waitUntilReady()
    try administer("CREATE ROLE \(Self.guardedUser) LOGIN PASSWORD '\(Self.guardedPassword)'")
  }

  public static let guardedPassword = "open sesame"

  /// Makes a cluster, runs the server until standard input ends, and removes all. A line of it kills the server with all
  /// its children and starts it anew. Its own lines of `pg_hba.conf` come
  /// first, so that they hold. Ctrl-C reaches the whole group: the shell outlives it to clean up.
  private static let script = """
    trap '' INT TERM HUP
    cd "$2" || exit 1
    "$1/initdb" -D data -U \(user) -A trust -E UTF8 --no-locale --no-sync >log 2>&1 || { rm -rf "$2"; exit 1; }
    { echo 'local all \(guardedUser) scram-sha-256'; cat data/pg_hba.conf; } >hba && mv hba data/pg_hba.conf
    start() {
      "$1/postgres" -D data -k "$2" -c listen_addresses= -c unix_socket_permissions=0777 -c max_connections=100 \\
        -c deadlock_timeout=50ms -c shared_buffers=64MB -c max_wal_size=512MB -c log_min_messages=fatal >>log 2>&1 &
      server=$!
    }
    start "$1" "$2"
    while read -r _; do
      kill -KILL "$server" $(cat "/proc/$server/task/$server/children")
      wait "$server"
      # Until the last of its children is gone, another one does not start.
      for attempt in 1 2 3 4 5 6 7 8 9 10; do
        sleep 0.2
        start "$1" "$2"
        sleep 0.3
        read -r _ _ state _ <"/proc/$server/stat" && test "$state" != Z && break
      done
    done
    kill -INT "$server"
    wait "$server"
    rm -rf "$2"
    """

  /// Names of sockets are short, so the folder is where paths are.
  private static func makeFolder() throws -> URL {
    var template = Array("/tmp/revisit-pg-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template).map({ String(cString: $0) }) else {
      throw ServerFailure("no temporary folder can be made")
    }
    // The server runs as another user where the tests run as root.
    if let user = ServerPrograms.serverUser {
      guard chown(path, user.id, user.group) == 0 else {
        throw ServerFailure("\(path) cannot be handed over")
      }
    }
    chmod(path, 0o711)
    return URL(fileURLWithPath: path)
  }

  private static let patience: TimeInterval = 60

  private func waitUntilReady() throws {
    let end = Date().addingTimeInterval(Self.patience)
    while Date() < end, supervisor.isRunning {
      if (try? administer("SELECT 1")) != nil { return }
      usleep(20_000)
    }
    let log = try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)
    throw ServerFailure("PostgreSQL did not start: \(log?.suffix(500) ?? "there is no log")")
  }

  // MARK: Crashing

  /// Kills the server and all its children at once (`SIGKILL`), starts it anew and waits until it has recovered.
  public func crash() throws {
    let before = try postmaster()
    guard Foundation.write(lifeline, "\n", 1) == 1 else { throw ServerFailure("the server is gone") }
    let end = Date().addingTimeInterval(Self.patience)
    while Date() < end {
      if let now = try? postmaster(), now != before, (try? administer("SELECT 1")) != nil { return }
      usleep(20_000)
    }
    throw ServerFailure("PostgreSQL did not come back")
  }

  /// The number of the server's first process.
  private func postmaster() throws -> Substring {
    let file = folder.appendingPathComponent("data/postmaster.pid")
    return try String(contentsOf: file, encoding: .utf8).prefix { $0 != "\n" }
  }

  // MARK: Databases

  /// Makes an empty database.
  ///
  /// - Returns: its URL for `user`.
  public func makeDatabase() throws -> String {
    let name = databases.withLock { count in
      count += 1
      return "suite_\(count)"
    }
    try administer("CREATE DATABASE \(name)")
    return url(of: name)
  }

  public func url(of database: String, user: String = PrivatePostgreSQL.user) -> String {
    "postgres://\(user)@/\(database)?host=\(folder.path)"
  }

  /// Runs a statement in the server's own database.
  public func administer(_ sql: String) throws {
    try Connection(settings: [("dbname", url(of: "postgres"))]).execute(sql)
  }
}

/// Why there is no server.
struct ServerFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
