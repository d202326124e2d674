public import Histories

/// What a worker asks for.
public struct LeaseRequest: Sendable {
  /// Who works the tasks: a word of the worker's own.
  public var owner: String
  public var channels: [Channel]
  /// `nil` for all campaigns.
  public var campaign: String?
  /// The most tasks to hand out.
  public var limit: Int
  /// How long the worker may hold them without a word.
  public var duration: Moment.Span

  public init(
    owner: String, channels: [Channel] = Channel.allCases, campaign: String? = nil, limit: Int,
    duration: Moment.Span = .minutes(10)
  ) {
    self.owner = owner
    self.channels = channels
    self.campaign = campaign
    self.limit = limit
    self.duration = duration
  }
}

/// What a lease gave, and what became of the tasks that the policy held back.
public struct LeaseReport: Sendable {
  public internal(set) var tasks: [LeasedTask] = []
  public internal(set) var deferred = 0
  public internal(set) var suppressed = 0
  /// Whether the search ended early, because too many tasks were held back: ask again at once.
  public internal(set) var isMore = false
  public internal(set) var isPaused = false
}

/// A task in the hands of a worker.
public struct LeasedTask: Sendable {
  public let id: Pseudonym
  /// What acknowledgements must show.
  public let token: Pseudonym
  public let until: Moment
  /// 1 for the first attempt.
  public let attempt: Int
  public let campaign: String
  public let template: String
  public let purpose: ConsentPurpose
  public let channel: Channel
  public let tier: String?
  public let priority: Double
  public let due: Moment
  public let contact: ContactDetails
  public let details: TaskDetails
}

/// A task and the token of the lease that somebody holds on it.
public struct TaskToken: Sendable, Hashable {
  public var task: Pseudonym
  public var token: Pseudonym

  public init(task: Pseudonym, token: Pseudonym) {
    self.task = task
    self.token = token
  }
}

/// A campaign as the queue keeps it.
public struct CampaignRecord: Sendable, Identifiable {
  public let id: Int64
  public let campaign: Campaign
}

/// Makes the policy of a campaign from the text that was kept with it.
public typealias GateMaker = (CampaignRecord) throws(QueueError) -> any ContactGate
