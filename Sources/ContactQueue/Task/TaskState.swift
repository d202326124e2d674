/// Where a task stands.
public enum TaskState: String, Sendable, CaseIterable, Codable {
  /// Waits for somebody's approval.
  case planned
  /// May be leased once it is due.
  case approved
  /// A worker holds it and has not begun to send.
  case leased
  /// A worker said that it sends; what came of it is not known yet.
  case sent
  case delivered
  /// It came to nothing, for good: an invalid number, a refusal.
  case failed
  /// The policy forbids it.
  case suppressed
  /// All attempts are used up.
  case dead
  case cancelled
  /// Nothing was heard after sending began. It may have reached the customer, so nothing retries it by itself.
  case unknown

  /// What stands in the database; never changes.
  public var code: Int64 {
    switch self {
    case .planned: 0
    case .approved: 1
    case .leased: 2
    case .sent: 3
    case .delivered: 4
    case .failed: 5
    case .suppressed: 6
    case .dead: 7
    case .cancelled: 8
    case .unknown: 9
    }
  }

  public init?(code: Int64) {
    guard let state = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = state
  }

  /// The states to which a task may move from this one; the database knows the same list.
  ///
  /// A lease that runs out goes back to `approved`: whoever holds it must say `sent` before the customer can notice.
  /// Back to `approved` from an end leads only an explicit redrive.
  public var next: [TaskState] {
    switch self {
    case .planned: [.approved, .suppressed, .cancelled]
    case .approved: [.leased, .suppressed, .cancelled]
    case .leased: [.approved, .sent, .failed, .suppressed, .dead, .cancelled]
    case .sent: [.approved, .delivered, .failed, .dead, .unknown]
    case .unknown: [.approved, .delivered, .failed, .cancelled]
    case .failed, .dead, .suppressed: [.approved, .cancelled]
    // A provider may correct itself: delivered was said too early.
    case .delivered: [.failed]
    case .cancelled: []
    }
  }
}
