/// What a worker says of a task that it holds.
public struct Acknowledgement: Sendable {
  public var task: Pseudonym
  public var token: Pseudonym
  public var outcome: Outcome
  /// Why, if it failed.
  public var reason: FailReason?

  public init(task: Pseudonym, token: Pseudonym, outcome: Outcome, reason: FailReason? = nil) {
    self.task = task
    self.token = token
    self.outcome = outcome
    self.reason = reason
  }
}

/// What the queue answers.
public enum AckResult: Sendable, Hashable {
  /// Done; the task now stands there.
  case done(TaskState)
  /// The same was said before.
  case already(TaskState)
  case refused(AckRefusal)
}

/// Why an acknowledgement was not taken; the words that JSON uses.
public enum AckRefusal: String, Sendable {
  case unknownTask = "unknown_task"
  /// The lease ran out or was never this worker's.
  case wrongToken = "wrong_token"
  /// A task in its state cannot move so.
  case noSuchMove = "no_such_move"
}
