import Foundation
import PrivatePostgreSQL
import Testing

@testable import ContactQueue

@Suite("The store in a PostgreSQL database", .enabled(if: PrivatePostgreSQL.isInstalled))
struct PostgreSQLStoreTests {
  private let server: PrivatePostgreSQL
  private let store: PostgreSQLStore

  init() throws {
    server = try PrivatePostgreSQL.shared()
    store = try Self.store(try server.makeDatabase())
  }

  private static func store(_ url: String) throws(QueueError) -> PostgreSQLStore {
    guard case .postgresql(let address) = try QueueURL(url) else { fatalError("The URL is PostgreSQL's.") }
    return try PostgreSQLStore(address)
  }

  @Test("It does what every store does", arguments: StoreConformance.checks)
  func conformance(_ check: StoreConformance.Check) throws {
    try check.run(store)
  }

  @Test("Commits wait for the disk")
  func settings() throws {
    let values = try store.write { (session) throws(QueueError) in
      try ["fsync", "synchronous_commit"].map { (name) throws(QueueError) in
        try session.rows("SHOW \(name)", [])[0][0]
      }
    }
    #expect(values == [.text("on"), .text("on")])
  }

  @Test("Numbers of every kind are numbers, sums of large ones too, and truth is 1 or 0")
  func kinds() throws {
    let row = try store.read { (session) throws(QueueError) in
      try session.rows(
        """
        SELECT 7::smallint, sum(n), sum(n) / 8.0, n::real, true, 'x'::varchar, NULL::int
        FROM (VALUES (4611686018427387904)) AS v(n) GROUP BY n
        """, [])[0]
    }
    #expect(
      row == [
        .integer(7), .integer(4_611_686_018_427_387_904), .real(576_460_752_303_423_488),
        .real(4.611686e18), .integer(1), .text("x"), .null,
      ])
  }

  @Test("A text with a zero byte is refused and not cut off")
  func zeroByte() throws {
    let failure = #expect(throws: QueueError.self) {
      try store.write { (session) throws(QueueError) in
        try session.rows("SELECT $1::text", [.text("secret\u{0}x")])
      }
    }
    #expect(failure?.description.contains("secret") == false)
  }

  @Test("Messages of the server do not repeat values")
  func noValues() throws {
    let failure = #expect(throws: QueueError.self) {
      try store.read { (session) throws(QueueError) in
        try session.rows("SELECT $1::bigint + 1", [.text("13800138000x")])
      }
    }
    #expect(failure?.description.contains("13800138000") == false)
    #expect(failure?.description.contains("22P02") == true)
  }

  // MARK: Lost connections and conflicts

  private func backend(_ session: any SQLSession) throws(QueueError) -> Int64 {
    guard case .integer(let process)? = try session.rows("SELECT pg_backend_pid()", []).first?.first else {
      throw QueueError(.fault, "no process", next: "")
    }
    return process
  }

  private func end(_ process: Int64) throws(QueueError) {
    do {
      // Waits until it is gone.
      try server.administer("SELECT pg_terminate_backend(\(process), 5000)")
    } catch {
      throw QueueError(.fault, "not ended", next: "")
    }
  }

  @Test("A connection that is lost in mid-transaction costs nothing: all is done again on another one")
  func lostConnection() throws {
    try store.write { (session) throws(QueueError) in try session.run("CREATE TABLE thing (id int)", []) }
    var runs = 0
    try store.write { (session) throws(QueueError) in
      runs += 1
      try session.run("INSERT INTO thing VALUES (1)", [])
      if runs == 1 { try end(try backend(session)) }
      try session.run("INSERT INTO thing VALUES (2)", [])
    }
    #expect(runs == 2)
    #expect(try things() == 2)
  }

  @Test("What cannot be run twice fails instead, with nothing changed")
  func lostOnce() throws {
    try store.write { (session) throws(QueueError) in try session.run("CREATE TABLE thing (id bigint)", []) }
    let failure = #expect(throws: QueueError.self) {
      try store.writeOnce { (session) throws(QueueError) in
        let process = try backend(session)
        let rows = RowBlock("thing", ["id"], rows: Array(repeating: [.integer(1)], count: 100_000))
        try session.append(rows, skippingKnown: false)
        try end(process)
        try session.append(rows, skippingKnown: false)
      }
    }
    #expect(failure?.code == .tryAgain)
    #expect(try things() == 0)
  }

  @Test("A connection that went stale between two transactions is replaced unseen")
  func stale() throws {
    let process = try store.read { (session) throws(QueueError) in try backend(session) }
    try end(process)
    #expect(try store.writeOnce { (session) throws(QueueError) in try backend(session) } != process)
  }

  @Test("When the connection is lost at COMMIT, the error says that nobody knows")
  func lostAtCommit() throws {
    // The deferred trigger runs inside COMMIT.
    try store.write { (session) throws(QueueError) in
      try session.run("CREATE TABLE thing (id int)", [])
      try session.run(
        """
        CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NULL; END $$
        """, [])
      try session.run(
        """
        CREATE CONSTRAINT TRIGGER vanish AFTER INSERT ON thing DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION vanish()
        """, [])
    }
    var runs = 0
    let failure = #expect(throws: QueueError.self) {
      try store.write { (session) throws(QueueError) in
        runs += 1
        try session.run("INSERT INTO thing VALUES (1)", [])
      }
    }
    #expect(runs == 1)
    #expect(failure?.code == .tryAgain)
    #expect(failure?.next.contains("Nobody knows") == true)
  }

  @Test("Two transactions that wait for each other are both done in the end")
  func deadlock() throws {
    try store.write { (session) throws(QueueError) in
      try session.run("CREATE TABLE thing (id int PRIMARY KEY, n int)", [])
      try session.run("INSERT INTO thing VALUES (0, 0), (1, 0)", [])
    }
    let store = store
    let failures = Parallel.run(threads: 2) { thread in
      for _ in 0..<3 {
        try store.write { (session) throws(QueueError) in
          for place in [thread, 1 - thread] {
            try session.run("UPDATE thing SET n = n + 1 WHERE id = $1", [.integer(Int64(place))])
            usleep(20_000)
          }
        }
      }
    }
    #expect(failures.isEmpty)
    let sums = try store.read { (session) throws(QueueError) in
      try session.rows("SELECT n FROM thing", [])
    }
    #expect(sums == [[.integer(6)], [.integer(6)]])
  }

  private func things() throws(QueueError) -> Int64 {
    let rows = try store.read { (session) throws(QueueError) in
      try session.rows("SELECT count(*) FROM thing", [])
    }
    guard case .integer(let count) = rows[0][0] else { return -1 }
    return count
  }

  // MARK: Getting in

  @Test("A database that is not there, a server that is not there and a missing password are told apart")
  func refused() throws {
    func code(_ url: String) -> QueueError.Code? {
      do {
        _ = try Self.store(url)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(server.url(of: "nowhere")) == .notFound)
    #expect(code("postgres://keeper@/postgres?host=/nowhere") == .tryAgain)
    #expect(code("postgres://keeper@/postgres?hots=/nowhere") == .usage)
    #expect(code(server.url(of: "postgres", user: PrivatePostgreSQL.guardedUser)) == .usage)
  }

  @Test("A password comes from the file that the URL names")
  func passwordFile() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("revisit-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("*:*:*:*:\(PrivatePostgreSQL.guardedPassword)\n".utf8).write(to: file)
    #expect(chmod(file.path, 0o600) == 0)
    let url = server.url(of: "postgres", user: PrivatePostgreSQL.guardedUser) + "&passfile=\(file.path)"
    let name = try Self.store(url).read { (session) throws(QueueError) in
      try session.rows("SELECT current_user::text", [])[0][0]
    }
    #expect(name == .text(PrivatePostgreSQL.guardedUser))
  }
}
