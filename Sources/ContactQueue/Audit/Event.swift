internal import Crypto

/// What events are about; the words stand in the database and never change.
enum EventKind: String, Sendable, CaseIterable {
  case created, run, enqueued, approved, leased, released
  case leaseExpired = "lease_expired"
  case sent, delivered, failed, retried, deferred, suppressed, dead, unknown, cancelled, redriven
  /// More is known of a task that stays where it is: reached, promised, booked.
  case noted
  case exported, stated, paused, resumed, matched, erased, cleared
}

/// A task as events, tallies and updates need it.
struct TaskIdentity {
  var id: Int64
  var key: Pseudonym
  var campaign: Int64
  var channel: Channel
}

/// One entry of the audit chain. Holds codes and pseudonyms only.
struct Event {
  var at: Moment
  /// Number and key of the task; `nil` for what is about the queue.
  var task: (id: Int64, key: Pseudonym)?
  var kind: String
  var from: Int64?
  var to: Int64?
  var owner: String?
  var reason: String?
  var detail: String?
}

/// Hashes events one after the other: SHA-256 over the hash before and the event's canonical bytes.
///
/// Numbers have eight bytes, the most significant first; texts follow their length; a byte says what is missing. The
/// task stands there by its key, so that exchanging two tasks' rows breaks the chain.
struct EventHasher {
  static let byteCount = 32
  private var buffer: [UInt8] = []

  /// What the first event of a queue follows.
  static func origin(queue id: String) -> [UInt8] {
    Array(SHA256.hash(data: Array("revisit queue \(id)".utf8)))
  }

  mutating func hash(after previous: [UInt8], seq: Int64, _ event: Event) -> [UInt8] {
    buffer.removeAll(keepingCapacity: true)
    buffer.append(contentsOf: previous)
    add(seq)
    add(event.at.milliseconds)
    if let task = event.task {
      buffer.append(1)
      add(Int64(bitPattern: task.key.high))
      add(Int64(bitPattern: task.key.low))
    } else {
      buffer.append(0)
    }
    add(event.kind)
    add(event.from)
    add(event.to)
    add(event.owner)
    add(event.reason)
    add(event.detail)
    var hash = SHA256()
    buffer.withUnsafeBytes { hash.update(bufferPointer: $0) }
    return hash.finalize().withUnsafeBytes { Array($0) }
  }

  private mutating func add(_ number: Int64) {
    withUnsafeBytes(of: number.bigEndian) { buffer.append(contentsOf: $0) }
  }

  private mutating func add(_ number: Int64?) {
    buffer.append(number == nil ? 0 : 1)
    if let number { add(number) }
  }

  private mutating func add(_ text: String?) {
    buffer.append(text == nil ? 0 : 1)
    guard var text else { return }
    text.withUTF8 {
      add(Int64($0.count))
      buffer.append(contentsOf: $0)
    }
  }
}
