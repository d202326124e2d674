import PrivatePostgreSQL
import Temporaries
import Testing

@testable import ContactQueue

/// A long list into an empty queue goes another way than others; what it leaves behind must be the same.
@Suite("The first list of a queue")
struct FirstListTests {
  private static let tables = [
    "task", "task_detail", "score", "holdout", "contact", "person", "relation", "touch", "tally", "usage",
  ]
  private let now = Moment(milliseconds: 1_800_000_000_000)
  private let key = QueueKey(bytes: [UInt8](repeating: 7, count: QueueKey.byteCount))

  /// Customers who come twice, within a block and in later ones, with the same vehicle and others, and whose hold-out
  /// contradicts an earlier or a later line.
  private var lines: [EnqueueLine] {
    var lines = (0..<40).map { number in
      var line = EnqueueLine.of(number, .sms, needsApproval: number % 7 == 0)
      line.standing.touches = [Touch(at: now - .days(Int64(number)), channel: .phone)]
      return line
    }
    lines[3] = .of(2, .sms, vin: "B")
    lines[4] = .of(2, .sms)
    lines[30] = .of(2, .phone)
    lines[31] = .of(5, .sms, vin: "C", decision: .heldOut(stratum: "all"))
    lines[8] = .of(9, .sms, vin: "D", decision: .heldOut(stratum: "all"))
    lines[20] = .of(20, decision: .suppressed(.quietHours))
    return lines
  }

  private func contents(_ store: any QueueStore, blockLength: Int) throws -> [String: [[SQLValue]]] {
    let queue = try TaskQueue.create(store: store, vault: Vault(key: key, isSealing: false), at: now)
    var rest = lines[...]
    let report = try queue.enqueue(
      Campaign(
        name: "spring", purpose: .service, template: "a@1", wave: 1, holdoutShare: 0, policy: "plain"),
      run: RunRecord(list: "list", startedAt: now), at: now, blockLength: blockLength,
      next: { rest.popFirst() })
    #expect(report.lines == lines.count)
    #expect(try queue.verify().problems == [])
    return try store.read { session throws(QueueError) in
      var contents: [String: [[SQLValue]]] = [:]
      for table in Self.tables {
        contents[table] = try session.rows("SELECT * FROM \(table)", []).sorted { "\($0)" < "\($1)" }
      }
      contents["index"] = try session.rows(
        session.dialect == .sqlite
          ? "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name"
          : "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname", [])
      return contents
    }
  }

  private func expectSame(_ store: () throws -> any QueueStore) throws {
    // Whole blocks make it a first list; one block that is not full does not.
    let first = try contents(try store(), blockLength: 4)
    let other = try contents(try store(), blockLength: 3 + lines.count)
    for table in Self.tables + ["index"] {
      #expect(first[table]?.isEmpty == false, "\(table)")
      #expect(first[table] == other[table], "\(table)")
    }
  }

  @Test("In SQLite it leaves the same rows and indexes as any other list")
  func sqlite() throws {
    let folder = try TemporaryFolder()
    var count = 0
    try expectSame {
      count += 1
      return try SQLiteStore(
        path: folder.url.appendingPathComponent("queue-\(count).db").path, creating: true)
    }
  }

  @Test("In PostgreSQL, too", .enabled(if: PrivatePostgreSQL.isInstalled))
  func postgresql() throws {
    try expectSame {
      try QueueURL(try PrivatePostgreSQL.shared().makeDatabase()).open(creating: false)
    }
  }
}
