/// Which tasks an order is about: all that fit everything given.
public struct TaskFilter: Sendable {
  public var campaign: String?
  public var channel: Channel?
  /// `nil` for every state from which the order may be carried out.
  public var states: [TaskState]?
  public var reason: String?
  /// `nil` for all.
  public var tasks: [Pseudonym]?

  public init(
    campaign: String? = nil, channel: Channel? = nil, states: [TaskState]? = nil, reason: String? = nil,
    tasks: [Pseudonym]? = nil
  ) {
    self.campaign = campaign
    self.channel = channel
    self.states = states
    self.reason = reason
    self.tasks = tasks
  }
}
