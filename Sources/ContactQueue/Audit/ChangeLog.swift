/// What one transaction changes, gathered for the audit chain, the tallies and the counts by minute.
///
/// The chain's head is the only row that all writers share: it is locked as the last step, so that the rest of their
/// transactions run beside each other, and all that follows goes to the database together with the end.
final class ChangeLog {
  let session: any SQLSession
  let now: Moment
  private var events: [Event] = []
  private var tally: [TallyKey: Int64] = [:]
  private var usage: [UsageKey: Int64] = [:]
  /// The end of the chain, once this transaction has written to it.
  private var head: (seq: Int64, hash: [UInt8])?
  /// Nobody else has anything to write until the transaction ends, so that the chain may be locked before.
  var isAlone: Bool

  private struct TallyKey: Hashable {
    var campaign, channel, state: Int64
  }

  private struct UsageKey: Hashable {
    var kind: String
    var channel: Int64
  }

  /// The minute under which `usage` keeps the sum of all minutes.
  static let total: Int64 = -1
  /// The kind under which `usage` keeps hold-outs.
  static let heldOut = SuppressionReason.heldOut.rawValue
  /// The channel of what is about the queue.
  static let noChannel: Int64 = -1
  private static let minute: Int64 = 60_000
  /// How many events are written together, and kept in memory where nobody else writes meanwhile.
  private static let mostPending = 1 << 15
  private static let bytesOfEvent = 192
  private static let columns = [
    "seq", "at", "task", "kind", "from_state", "to_state", "owner", "reason", "detail", "hash",
  ]

  init(_ session: any SQLSession, at now: Moment) {
    self.session = session
    self.now = now
    isAlone = session.dialect == .sqlite
  }

  /// The minute of `usage` that a moment lies in.
  static func minute(of moment: Moment) -> Int64 {
    moment.milliseconds >= 0
      ? moment.milliseconds / minute : (moment.milliseconds - minute + 1) / minute
  }

  /// A task moves, or something is noted of it.
  func record(
    _ kind: EventKind, _ task: TaskIdentity, from: TaskState?, to: TaskState, owner: String? = nil,
    reason: String? = nil, detail: String? = nil
  ) {
    events.append(
      Event(
        at: now, task: (task.id, task.key), kind: kind.rawValue, from: from?.code, to: to.code, owner: owner,
        reason: reason, detail: detail))
    usage[UsageKey(kind: kind.rawValue, channel: task.channel.code), default: 0] += 1
    guard from != to else { return }
    count(task, to, 1)
    if let from { count(task, from, -1) }
  }

  /// Something happens to the queue.
  func record(_ kind: EventKind, owner: String? = nil, reason: String? = nil, detail: String? = nil) {
    events.append(
      Event(
        at: now, task: nil, kind: kind.rawValue, from: nil, to: nil, owner: owner, reason: reason,
        detail: detail))
    usage[UsageKey(kind: kind.rawValue, channel: Self.noChannel), default: 0] += 1
  }

  /// Customers are held out: nothing that the chain tells of, but a sum that status reads.
  func count(heldOut count: Int) {
    guard count > 0 else { return }
    usage[UsageKey(kind: Self.heldOut, channel: Self.noChannel), default: 0] += Int64(count)
  }

  private func count(_ task: TaskIdentity, _ state: TaskState, _ difference: Int64) {
    tally[
      TallyKey(campaign: task.campaign, channel: task.channel.code, state: state.code), default: 0] +=
      difference
  }

  /// Writes what is pending where that holds up nobody.
  func relieve() throws(QueueError) {
    if isAlone, events.count >= Self.mostPending { try writeEvents() }
  }

  /// Writes everything now, for a transaction that goes by its own counts.
  func flush() throws(QueueError) {
    try finish()
    tally.removeAll()
    usage.removeAll()
  }

  /// Writes everything; the last step of a transaction.
  func finish() throws(QueueError) {
    guard !events.isEmpty || !tally.isEmpty || !usage.isEmpty else { return }
    try writeEvents()
    try writeHead()
    try writeTally()
    try writeUsage()
  }

  private func writeEvents() throws(QueueError) {
    guard !events.isEmpty else { return }
    var (seq, hash) = try lockedHead()
    var hasher = EventHasher()
    for start in stride(from: 0, to: events.count, by: Self.mostPending) {
      let part = events[start..<min(start + Self.mostPending, events.count)]
      var rows = RowBlock("event", Self.columns)
      rows.reserve(rows: part.count, bytesPerRow: Self.bytesOfEvent)
      for event in part {
        seq += 1
        hash = hasher.hash(after: hash, seq: seq, event)
        rows.append(seq)
        rows.append(event.at)
        rows.append(event.task?.id)
        rows.append(event.kind)
        rows.append(event.from)
        rows.append(event.to)
        rows.append(event.owner)
        rows.append(event.reason)
        rows.append(event.detail)
        rows.append(hash)
        rows.endRow()
      }
      try session.append(rows)
    }
    head = (seq, hash)
    events.removeAll(keepingCapacity: true)
  }

  /// The end of the chain, which is this transaction's own from here on.
  private func lockedHead() throws(QueueError) -> (seq: Int64, hash: [UInt8]) {
    if let head { return head }
    let lock = session.dialect == .postgresql ? " FOR UPDATE" : ""
    guard let row = try session.rows("SELECT seq, hash FROM chain WHERE id = 1\(lock)", []).first,
      let seq = row[0].integer, let hash = row[1].blob
    else { throw .damaged("chain") }
    return (seq, hash)
  }

  private func writeHead() throws(QueueError) {
    guard let head else { return }
    try session.send(
      "UPDATE chain SET seq = $1, hash = $2 WHERE id = 1", [.integer(head.seq), .blob(head.hash)])
  }

  private func writeTally() throws(QueueError) {
    let rows = tally.filter { $0.value != 0 }.map { key, difference in
      [.integer(key.campaign), .integer(key.channel), .integer(key.state), .integer(difference)] as [SQLValue]
    }
    try add(
      rows, to: "INSERT INTO tally (campaign, channel, state, n) VALUES",
      "ON CONFLICT (campaign, channel, state) DO UPDATE SET n = tally.n + excluded.n")
  }

  private func writeUsage() throws(QueueError) {
    let rows = usage.flatMap { key, count in
      [Self.minute(of: now), Self.total].map { minute in
        [.integer(minute), .text(key.kind), .integer(key.channel), .integer(count)] as [SQLValue]
      }
    }
    try add(
      rows, to: "INSERT INTO usage (minute, kind, channel, n) VALUES",
      "ON CONFLICT (kind, channel, minute) DO UPDATE SET n = usage.n + excluded.n")
  }

  private func add(_ rows: [[SQLValue]], to insert: String, _ conflict: String) throws(QueueError) {
    guard let width = rows.first?.count else { return }
    let places = rows.indices.map { "(\(SQLList.places(width, from: 1 + $0 * width)))" }
    try session.send("\(insert) \(places.joined(separator: ", ")) \(conflict)", rows.flatMap { $0 })
  }
}
