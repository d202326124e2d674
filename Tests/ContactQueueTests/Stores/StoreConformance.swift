import ContactQueue
import Testing

/// What every store must do, whatever the queue means; each check takes a store without tables.
enum StoreConformance {
  /// Checks by the names under which they are shown.
  static let checks: [Check] = [
    Check("Values come back as they went in", valuesComeBack),
    Check("An error undoes the whole transaction", errorUndoes),
    Check("A row refused by the database undoes the whole transaction and is called refused", refused),
    Check("Appending skips what is known and counts what is new", appendSkips),
    Check("Appending without skipping refuses what is known", appendRefuses),
    Check("Reading sees one state while others write", oneState),
    Check("What two threads add at once is all there", twoThreads),
    Check("Statements that change nothing count nothing", countsChanges),
  ]

  struct Check: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let run: @Sendable (any QueueStore) throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (any QueueStore) throws -> Void) {
      testDescription = name
      self.run = run
    }
  }

  private static func makeTable(in store: any QueueStore) throws {
    let (bytes, real) = store.dialect == .sqlite ? ("BLOB", "REAL") : ("bytea", "double precision")
    try store.write { (session) throws(QueueError) in
      try session.run(
        "CREATE TABLE thing (id bigint PRIMARY KEY, name text, weight \(real), body \(bytes))", [])
    }
  }

  private static func insert(_ id: Int64, in store: any QueueStore) throws(QueueError) {
    try store.write { (session) throws(QueueError) in
      try session.run("INSERT INTO thing (id) VALUES ($1)", [.integer(id)])
    }
  }

  private static func count(_ store: any QueueStore) throws(QueueError) -> SQLValue {
    try store.read { (session) throws(QueueError) in
      try session.rows("SELECT count(*) FROM thing", [])[0][0]
    }
  }

  /// Bytes of every kind, texts with everything that a format could take for its own, numbers at the ends.
  private static let rows: [[SQLValue]] = [
    [.integer(1), .text("林小明 \\ \t\n\r 'x' \"y\" \\N \\."), .real(0.1), .blob(Array(0...255))],
    [.integer(.max), .text(""), .real(-1.7976931348623157e308), .blob([])],
    [.integer(.min), .null, .null, .null],
    [.integer(0), .text("\\N"), .real(.leastNonzeroMagnitude), .blob([0])],
  ]

  @Sendable private static func valuesComeBack(_ store: any QueueStore) throws {
    try makeTable(in: store)
    try store.write { (session) throws(QueueError) in
      for row in rows {
        try session.run("INSERT INTO thing (id, name, weight, body) VALUES ($1, $2, $3, $4)", row)
      }
    }
    let read = { (session: any SQLSession) throws(QueueError) in
      try session.rows("SELECT id, name, weight, body FROM thing ORDER BY id", [])
    }
    let sorted = [rows[2], rows[3], rows[0], rows[1]]
    #expect(try store.read(read) == sorted)
    let copied = try store.write { (session) throws(QueueError) in
      try session.run("DELETE FROM thing", [])
      try session.append(
        RowBlock("thing", ["id", "name", "weight", "body"], rows: rows), skippingKnown: false)
      return try read(session)
    }
    #expect(copied == sorted)
  }

  @Sendable private static func errorUndoes(_ store: any QueueStore) throws {
    try makeTable(in: store)
    #expect(throws: QueueError.self) {
      try store.write { (session) throws(QueueError) in
        try session.run("INSERT INTO thing (id) VALUES (1)", [])
        throw QueueError(.usage, "stopped", next: "")
      }
    }
    #expect(try count(store) == .integer(0))
  }

  @Sendable private static func refused(_ store: any QueueStore) throws {
    try makeTable(in: store)
    try insert(7, in: store)
    let failure = #expect(throws: QueueError.self) {
      try store.write { (session) throws(QueueError) in
        try session.run("INSERT INTO thing (id) VALUES (8)", [])
        try session.run("INSERT INTO thing (id) VALUES ($1)", [.integer(7)])
      }
    }
    #expect(failure?.code == .refused)
    #expect(failure?.description.contains("7") == false)
    #expect(try count(store) == .integer(1))
  }

  @Sendable private static func appendSkips(_ store: any QueueStore) throws {
    try makeTable(in: store)
    for (last, added) in [(Int64(10), 10), (500, 490), (1000, 500), (1000, 0)] {
      let count = try store.write { (session) throws(QueueError) in
        // Twice in one transaction, and each row twice in a row.
        let twice = (1...last).map { [.integer(($0 + 1) / 2), .text("x")] as [SQLValue] }
        let once = (1...last).map { [.integer($0), .text("x")] as [SQLValue] }
        return try session.append(RowBlock("thing", ["id", "name"], rows: twice), skippingKnown: true)
          + session.append(RowBlock("thing", ["id", "name"], rows: once), skippingKnown: true)
      }
      #expect(count == added)
    }
    #expect(try count(store) == .integer(1000))
  }

  @Sendable private static func appendRefuses(_ store: any QueueStore) throws {
    try makeTable(in: store)
    try insert(900, in: store)
    let failure = #expect(throws: QueueError.self) {
      try store.write { (session) throws(QueueError) in
        let rows = (1...1000).map { [.integer($0)] as [SQLValue] }
        try session.append(RowBlock("thing", ["id"], rows: rows), skippingKnown: false)
      }
    }
    #expect(failure?.code == .refused)
    #expect(try count(store) == .integer(1))
  }

  @Sendable private static func oneState(_ store: any QueueStore) throws {
    try makeTable(in: store)
    try store.read { (session) throws(QueueError) in
      let before = try session.rows("SELECT count(*) FROM thing", [])
      try insertBeside(store)
      let after = try session.rows("SELECT count(*) FROM thing", [])
      #expect(before == after)
    }
    #expect(try count(store) == .integer(1))
  }

  /// Writes on another thread and waits for it: a reader must not be in its way.
  private static func insertBeside(_ store: any QueueStore) throws(QueueError) {
    let failures = Parallel.run(threads: 1) { _ in try insert(1, in: store) }
    #expect(failures.isEmpty)
  }

  @Sendable private static func twoThreads(_ store: any QueueStore) throws {
    try makeTable(in: store)
    let each: Int64 = 40
    let failures = Parallel.run(threads: 4) { thread in
      for place in 0..<each { try insert(Int64(thread) * each + place, in: store) }
    }
    #expect(failures.isEmpty)
    #expect(try count(store) == .integer(4 * each))
  }

  @Sendable private static func countsChanges(_ store: any QueueStore) throws {
    try makeTable(in: store)
    try insert(1, in: store)
    try insert(2, in: store)
    let counts = try store.write { (session) throws(QueueError) in
      [
        try session.run("UPDATE thing SET name = 'x'", []),
        try session.run("UPDATE thing SET name = 'y' WHERE id = $1", [.integer(3)]),
        try session.run("DELETE FROM thing WHERE id = $1", [.integer(2)]),
      ]
    }
    #expect(counts == [2, 0, 1])
  }
}
