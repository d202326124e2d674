public import Histories

/// The contact policy as the queue asks it when a task is about to be leased.
public protocol ContactGate: Sendable {
  /// How far back touches matter.
  var memory: Moment.Span { get }

  /// May this task be worked at this moment?
  func verdict(on task: GatedTask, standing: Standing, at now: Moment) -> Verdict

  /// How many tasks may be leased since which moments, as of `now`.
  func caps(at now: Moment) -> [QueueCap]
}

/// What the policy sees of a task.
public struct GatedTask: Sendable {
  public var channel: Channel
  public var purpose: ConsentPurpose
  /// A word of the value tiers, where the list had one.
  public var tier: String?

  public init(channel: Channel, purpose: ConsentPurpose, tier: String?) {
    self.channel = channel
    self.purpose = purpose
    self.tier = tier
  }
}

/// What the policy says.
public enum Verdict: Sendable, Hashable {
  case go
  /// Not before that moment.
  case later(Moment, SuppressionReason)
  /// Not by this task.
  case never(SuppressionReason)
}

/// At most `limit` tasks leased since `since`, over all channels or on one.
public struct QueueCap: Sendable, Hashable {
  public var channel: Channel?
  public var since: Moment
  public var limit: Int
  /// When the window is over and tasks may be leased again.
  public var until: Moment

  public init(channel: Channel?, since: Moment, limit: Int, until: Moment) {
    self.channel = channel
    self.since = since
    self.limit = limit
    self.until = until
  }
}
