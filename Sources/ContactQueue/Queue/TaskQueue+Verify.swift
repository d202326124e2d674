internal import Foundation
internal import Temporaries

/// What a check of the whole queue found.
public struct ChainReport: Sendable {
  /// Something that is not as the queue wrote it.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The first event concerned.
    public let event: Int?
    /// What is wrong.
    public let what: String

    public var description: String { event.map { "event \($0): \(what)" } ?? what }
  }

  public internal(set) var events = 0
  public internal(set) var tasks = 0
  /// The hash of the last event, 64 hexadecimal digits: noted elsewhere, it shows later that nothing was rewritten.
  public internal(set) var head = ""
  public internal(set) var problems: [Problem] = []

  public var isWhole: Bool { problems.isEmpty }
}

extension TaskQueue {
  /// Checks the audit chain event by event, every task against its last event and its key, and the sums against a
  /// recount.
  ///
  /// - Complexity: O(events + tasks).
  public func verify() throws(QueueError) -> ChainReport {
    try store.read { session throws(QueueError) in
      var report = ChainReport()
      var check = try ChainCheck(session: session)
      try check.events(&report)
      try check.tasks(&report)
      try check.sums(&report)
      return report
    }
  }
}

/// The steps of `verify`.
private struct ChainCheck {
  private static let page = 8192
  /// Problems of one kind that are named one by one.
  private static let mostNamed = 20

  let session: any SQLSession
  /// The state of each task after its last event.
  private var states: [Int64: Int64] = [:]

  /// What stands where erased customers stood: the keys of their tasks are those of before.
  private let tombstones: Set<Pseudonym>

  init(session: any SQLSession) throws(QueueError) {
    self.session = session
    tombstones = Set(try session.rows("SELECT tombstone FROM erasure", []).compactMap(\.first?.pseudonym))
  }

  mutating func events(_ report: inout ChainReport) throws(QueueError) {
    guard let id = try Settings.value(.id, session),
      let head = try session.rows("SELECT seq, hash FROM chain WHERE id = 1", []).first,
      let count = head[0].integer, let end = head[1].blob
    else { throw .damaged("chain") }
    var hash = EventHasher.origin(queue: id)
    var hasher = EventHasher()
    var last: Int64 = 0
    while true {
      let rows = try session.rows(
        """
        SELECT e.seq, e.at, e.task, t.key, e.kind, e.from_state, e.to_state, e.owner, e.reason, e.detail, e.hash
          FROM event e LEFT JOIN task t ON t.id = e.task
          WHERE e.seq > $1 ORDER BY e.seq LIMIT \(Self.page)
        """, [.integer(last)])
      guard !rows.isEmpty else { break }
      for row in rows {
        guard let seq = row[0].integer, let at = row[1].integer, let kind = row[4].text,
          let own = row[10].blob
        else { throw .damaged("event") }
        if seq != last + 1 { report.add(Int(last + 1), "it is missing") }
        last = seq
        let task = row[2].integer
        if task != nil, row[3].pseudonym == nil { report.add(Int(seq), "its task is gone") }
        let event = Event(
          at: Moment(milliseconds: at), task: task.flatMap { id in row[3].pseudonym.map { (id, $0) } },
          kind: kind, from: row[5].integer, to: row[6].integer, owner: row[7].text, reason: row[8].text,
          detail: row[9].text)
        if hasher.hash(after: hash, seq: seq, event) != own {
          report.add(Int(seq), "it, or the one before, was changed")
        }
        if let task, let to = event.to { follow(task, event, to, Int(seq), &report) }
        hash = own
        report.events += 1
      }
      if report.problems.count >= Self.mostNamed { break }
    }
    report.head = hash.hexadecimal
    if report.problems.count < Self.mostNamed, last != count || hash != end {
      report.add(Int(last), "the chain ends here, but its head is at event \(count)")
    }
  }

  private mutating func follow(
    _ task: Int64, _ event: Event, _ to: Int64, _ seq: Int, _ report: inout ChainReport
  ) {
    if states.updateValue(to, forKey: task) != event.from {
      report.add(seq, "it does not begin where the event before it left the task")
    }
  }

  mutating func tasks(_ report: inout ChainReport) throws(QueueError) {
    var last: Int64 = 0
    let known = report.problems.count
    while true {
      let rows = try session.rows(
        """
        SELECT t.id, t.state, t.key, t.customer, t.vehicle, t.channel, t.wave, c.name, r.template
          FROM task t LEFT JOIN campaign c ON c.id = t.campaign LEFT JOIN run r ON r.id = t.run
          WHERE t.id > $1 ORDER BY t.id LIMIT \(Self.page)
        """, [.integer(last)])
      guard let end = rows.last?[0].integer else { break }
      for row in rows {
        report.tasks += 1
        if let problem = try self.problem(row), report.problems.count < known + Self.mostNamed {
          report.add(nil, problem)
        }
      }
      last = end
    }
  }

  private func problem(_ row: [SQLValue]) throws(QueueError) -> String? {
    guard let id = row[0].integer, let key = row[2].pseudonym, let customer = row[3].pseudonym,
      let vehicle = row[4].pseudonym
    else { throw .damaged("task") }
    if states[id] != row[1].integer {
      return "task \(key.text): its state is not the one of its last event"
    }
    guard let channel = row[5].integer.flatMap(Channel.init), let wave = row[6].integer,
      let campaign = row[7].text, let template = row[8].text
    else { return "task \(key.text): its campaign, run or channel is not there" }
    let own = TaskKey.key(
      campaign: campaign, customer: customer, vehicle: vehicle, channel: channel, wave: Int(wave),
      template: template)
    guard own != key, !tombstones.contains(customer) else { return nil }
    return "task \(key.text): customer, vehicle, channel or campaign was changed"
  }

  func sums(_ report: inout ChainReport) throws(QueueError) {
    let rows = try session.rows(
      """
      SELECT COALESCE(a.campaign, b.campaign), COALESCE(a.channel, b.channel), COALESCE(a.state, b.state),
          COALESCE(a.n, 0), COALESCE(b.n, 0)
        FROM (SELECT campaign, channel, state, n FROM tally WHERE n <> 0) a
        FULL JOIN (SELECT campaign, channel, state, COUNT(*) AS n FROM task GROUP BY campaign, channel, state) b
          ON a.campaign = b.campaign AND a.channel = b.channel AND a.state = b.state
        WHERE COALESCE(a.n, 0) <> COALESCE(b.n, 0)
      """, [])
    for row in rows {
      let state = row[2].integer.flatMap(TaskState.init)?.rawValue ?? "?"
      report.add(
        nil,
        "campaign \(row[0].integer ?? 0): \(row[3].integer ?? 0) tasks are counted as \(state), \(row[4].integer ?? 0) are there"
      )
    }
  }
}

extension ChainReport {
  fileprivate mutating func add(_ event: Int?, _ what: String) {
    problems.append(Problem(event: event, what: what))
  }
}
