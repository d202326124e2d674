import ContactQueue
import Foundation
import Testing

/// Commands that work a queue, with what cannot be: the exit code by the plan, what and what next, and nothing changed.
@Suite("Bad input to the queue")
struct OutreachBadInputTests {
  private static let at = "--at 2026-01-05T02:00:00Z"

  /// A folder with the simulated group and a queue of its list, made once.
  private static let made = Result<Revisit, any Error> {
    let revisit = try SampleGroup.copy(.parquet)
    for line in [
      "at-risk --data data --model sample --top all --out list.csv",
      "outreach enqueue --list list.csv --data data --campaign spring --queue sqlite:q.db \(at)",
    ] {
      let run = try revisit(line)
      try #require(run.status == 0, "\(run.talk)")
    }
    return revisit
  }

  /// A copy, with what the queue's files and the chain say before.
  private func sample() throws -> Revisit {
    let own = try Revisit()
    let made = try Self.made.get()
    for name in try made.names() {
      try FileManager.default.copyItem(at: made.path(name), to: own.path(name))
    }
    return own
  }

  private func chain(_ revisit: Revisit) throws -> [String] {
    let report = try revisit("outreach verify --queue sqlite:q.db --json").json
    #expect(report["whole"] as? Bool == true)
    return ["events", "head", "tasks"].map { "\(report[$0] ?? "")" }
  }

  /// Runs a command that must fail.
  private func expect(
    _ status: Int32, _ words: [String], _ revisit: Revisit, _ line: String,
    at place: SourceLocation = #_sourceLocation
  ) throws {
    let run = try revisit(line)
    #expect(run.status == status, "\(line): \(run.talk)", sourceLocation: place)
    for word in words { #expect(run.talk.contains(word), "\(line): \(run.talk)", sourceLocation: place) }
    #expect(run.output.isEmpty, "\(line)", sourceLocation: place)
  }

  @Test("An unknown campaign is named with those that there are")
  func unknownCampaign() throws {
    let revisit = try sample()
    let before = try chain(revisit)
    for command in [
      "lease \(Self.at)", "export --channel phone --out lists \(Self.at)", "outcomes --data data",
    ] {
      try expect(
        66, ["no campaign autumn", "It has: spring"], revisit,
        "outreach \(command) --campaign autumn --queue sqlite:q.db")
    }
    #expect(try chain(revisit) == before)
    #expect(try !revisit.names().contains("lists"))
  }

  @Test("A queue of a newer version is left alone by every command")
  func newerVersion() throws {
    let revisit = try sample()
    // Not the file's bytes: opening it touches its log.
    func contents() throws -> [[[SQLValue]]] {
      let store = try SQLiteStore(path: revisit.path("q.db").path, creating: false)
      return try store.read { (session) throws(QueueError) in
        try [
          "SELECT version FROM schema_version", "SELECT seq, hash FROM chain", "SELECT * FROM setting",
          "SELECT state, COUNT(*) FROM task GROUP BY state", "SELECT COUNT(*) FROM export",
        ].map { (query) throws(QueueError) in try session.rows(query, []) }
      }
    }
    try SQLiteStore(path: revisit.path("q.db").path, creating: false).write { (session) throws(QueueError) in
      try session.run("UPDATE schema_version SET version = 99", [])
    }
    let before = try contents()
    for command in [
      "status", "verify", "lease", "ack", "pause", "resume", "clear --days 9", "erase --customer C1",
      "migrate",
      "export --channel phone --out lists", "receipts --file list.csv", "approve --all", "redrive --all",
      "outcomes --campaign spring --data data", "enqueue --list list.csv --data data --campaign spring",
    ] {
      let run = try revisit("outreach \(command) --queue sqlite:q.db")
      if run.status == 64 { continue }  // Orders need to be told which tasks.
      #expect(run.status == 65, "\(command): \(run.talk)")
      #expect(run.talk.contains("version 99") && run.talk.contains("newer one"), "\(command): \(run.talk)")
    }
    #expect(try contents() == before)
    #expect(try !revisit.names().contains("lists"))
  }

  @Test("A wrong token, an unknown task and lines that cannot be read are refused, one by one")
  func wrongToken() throws {
    let revisit = try sample()
    let leased = try revisit("outreach lease --queue sqlite:q.db --limit 1 \(Self.at)")
    let task = try #require(
      try JSONSerialization.jsonObject(with: Data(leased.output.utf8)) as? [String: Any])
    let (id, token) = (task["task"] as? String ?? "", task["token"] as? String ?? "")
    let before = try chain(revisit)
    let zeros = String(repeating: "0", count: 32)
    for (line, status, word) in [
      (#"{"task":"\#(id)","token":"\#(zeros)","outcome":"sent"}"#, 1, "wrong_token"),
      (#"{"task":"\#(zeros)","token":"\#(token)","outcome":"sent"}"#, 1, "unknown_task"),
      (#"{"task":"\#(id)","token":"\#(token)","outcome":"eaten"}"#, 65, "no such outcome"),
      (#"{"task":"\#(id)","token":"\#(token)","outcome":"failed"}"#, 65, "`reason`"),
      ("sent", 65, "no JSON object"),
    ] {
      try revisit.write("words.jsonl", line + "\n")
      let run = try revisit(
        ["-c", "\"$0\" outreach ack --queue sqlite:q.db \(Self.at) <words.jsonl", Revisit.executable.path],
        executable: URL(fileURLWithPath: "/bin/sh"))
      #expect(Int(run.status) == status && run.output.contains(word), "\(line): \(run.output)\(run.talk)")
      #expect(run.talk.contains("standard output say"), "\(run.talk)")
    }
    #expect(try chain(revisit) == before)
  }

  @Test("A template with an unknown field, or none where messages need one, hands nothing out")
  func template() throws {
    let revisit = try sample()
    let before = try chain(revisit)
    try revisit.write("t.txt", "您好 {nme}，{plate}\n")
    let line = "outreach export --queue sqlite:q.db --channel sms --out lists \(Self.at)"
    try expect(65, ["t.txt, line 1", "{nme}", "Did you mean {name}?"], revisit, "\(line) --template t.txt")
    try expect(64, ["--template"], revisit, line)
    try expect(66, ["none.txt"], revisit, "\(line) --template none.txt")
    #expect(try chain(revisit) == before)
    #expect(try !revisit.names().contains("lists"))
  }

  @Test("An export's folder that is there, or a file in its place, stays as it is, and nothing is handed out")
  func folderExists() throws {
    let revisit = try sample()
    let before = try chain(revisit)
    let own = revisit.path("lists/all-phone-0001")
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    try revisit.write("lists/all-phone-0001/mine", "mine")
    let line = "outreach export --queue sqlite:q.db --channel phone \(Self.at)"
    try expect(73, ["all-phone-0001 is there", "Nothing was handed out"], revisit, "\(line) --out lists")
    try expect(73, ["list.csv", "Nothing was handed out"], revisit, "\(line) --out list.csv")
    #expect(try chain(revisit) == before)
    #expect(try revisit.names("lists/all-phone-0001") == ["mine"])
  }

  @Test("Receipts of another queue, of unknown tasks, and a missing file change nothing")
  func receipts() throws {
    let revisit = try sample()
    _ = try revisit(
      "outreach enqueue --list list.csv --data data --campaign spring --queue sqlite:other.db \(Self.at)")
    let export = try revisit(
      "outreach export --queue sqlite:other.db --channel phone --format csv --limit 2 --out lists \(Self.at)")
    #expect(export.status == 0, "\(export.talk)")
    let before = try chain(revisit)
    let line = "outreach receipts --queue sqlite:q.db --data data \(Self.at)"
    try expect(
      65, ["export of another queue", "--queue"], revisit,
      "\(line) --file lists/all-phone-0001/all-phone-0001.csv")
    try revisit.write("r.csv", "task,outcome,at\n\(String(repeating: "a", count: 32)),reached,2026-01-05\n")
    try expect(65, ["none of the 1 tasks", "another queue"], revisit, "\(line) --file r.csv")
    try expect(66, ["none.csv"], revisit, "\(line) --file none.csv")
    #expect(try chain(revisit) == before)
    #expect(try !revisit.names("data").contains("outreach"))
  }

  @Test("Without a table of consents nobody is contacted any more, and it says so")
  func noConsents() throws {
    let revisit = try sample()
    try FileManager.default.removeItem(at: revisit.path("data/consents.parquet"))
    let leased = try revisit("outreach lease --queue sqlite:q.db --data data --limit 20 \(Self.at)")
    #expect(leased.status == 0 && leased.output.isEmpty, "\(leased.talk)")
    #expect(leased.talk.contains("no table `consents`: nobody is contacted"), "\(leased.talk)")
    let export = try revisit(
      "outreach export --queue sqlite:q.db --channel phone --out lists --data data \(Self.at)")
    #expect(export.status == 0 && export.talk.contains("no export was made"), "\(export.talk)")
    _ = try chain(revisit)
  }

  @Test("No queue, another key, a key that others may read, a damaged file and a password in the URL")
  func wrongQueue() throws {
    let revisit = try sample()
    let before = try chain(revisit)
    try revisit.write("other.key", String(repeating: "ab", count: 32) + "\n")
    try revisit.write("text.db", String(repeating: "no database ", count: 400))
    chmod(revisit.path("other.key").path, 0o600)
    for command in ["status", "lease \(Self.at)", "clear --days 1", "erase --customer C1", "verify"] {
      let line = "outreach \(command)"
      try expect(66, ["no queue at none.db", "enqueue"], revisit, "\(line) --queue sqlite:none.db")
      try expect(65, ["not the one", "--key"], revisit, "\(line) --queue sqlite:q.db --key other.key")
      try expect(66, ["no key file"], revisit, "\(line) --queue sqlite:q.db --key none.key")
      try expect(65, ["text.db is not a queue"], revisit, "\(line) --queue sqlite:text.db")
      try expect(64, ["holds a password"], revisit, "\(line) --queue postgres://u:secret@host/base")
      try expect(64, ["sqlite:PATH"], revisit, "\(line) --queue mysql://host")
    }
    chmod(revisit.path("other.key").path, 0o644)
    try expect(
      65, ["Others may read", "chmod 600"], revisit,
      "outreach status --queue sqlite:q.db --key other.key")
    #expect(try chain(revisit) == before)
    #expect(try !revisit.names().contains("none.db"))
  }

  @Test("Who is not there is not erased, but is kept out; a second time changes nothing")
  func eraseNobody() throws {
    let revisit = try sample()
    let line = "outreach erase --customer NOBODY --queue sqlite:q.db \(Self.at)"
    let run = try revisit(line)
    #expect(run.status == 0 && run.output.contains("does not hold this customer"), "\(run.talk)")
    let before = try chain(revisit)
    #expect(try revisit(line).status == 0)
    #expect(try chain(revisit) == before)
    for wrong in ["clear --days 0", "clear --days x", "erase"] {
      #expect(try revisit("outreach \(wrong) --queue sqlite:q.db").status == 64, "\(wrong)")
    }
  }
}
