public import Histories

/// What a provider or a person says of a task, whenever it arrives.
public struct Receipt: Sendable, Hashable {
  public var task: Pseudonym
  public var outcome: Outcome
  public var reason: FailReason?
  /// When it happened, by the clock of whoever says so.
  public var at: Moment

  public init(task: Pseudonym, outcome: Outcome, reason: FailReason? = nil, at: Moment) {
    self.task = task
    self.outcome = outcome
    self.reason = reason
    self.at = at
  }
}

/// What the queue did with a receipt.
public enum ReceiptResult: Sendable, Hashable {
  /// The task now stands there.
  case applied(TaskState)
  /// The same receipt was read before.
  case already
  /// Kept, but it changes nothing: the queue knows something newer, or the task was not sent.
  case kept(TaskState)
  case unknownTask
}

/// What a customer said, apart from any task; it holds at once for all tasks of all campaigns.
public struct CustomerStatement: Sendable {
  public enum Kind: Sendable {
    case consent(ConsentScope, isGranted: Bool)
    case doNotContact
  }

  public var customerID: String
  public var kind: Kind
  public var at: Moment

  public init(customerID: String, kind: Kind, at: Moment) {
    self.customerID = customerID
    self.kind = kind
    self.at = at
  }
}

/// A visit after a contact, or after a hold-out's day of no contact.
public struct Return: Sendable, Hashable {
  public var customer: Pseudonym
  public var vehicle: Pseudonym
  /// The repair order.
  public var visit: String
  public var openedOn: Day
  /// Days since the contact.
  public var days: Int

  public init(customer: Pseudonym, vehicle: Pseudonym, visit: String, openedOn: Day, days: Int) {
    self.customer = customer
    self.vehicle = vehicle
    self.visit = visit
    self.openedOn = openedOn
    self.days = days
  }
}

/// One relation of a campaign: contacted or held out, and whether it came back.
public struct CampaignOutcome: Sendable {
  public let customer: Pseudonym
  public let vehicle: Pseudonym
  public let wave: Int
  /// When the line was enqueued or held out.
  public let enqueuedAt: Moment
  /// `nil` unless it was held out.
  public let stratum: String?
  public let tier: String?
  public let probability: Double?
  public let value: Double?
  /// `nil` for held-out ones, and for those that the policy left out.
  public let task: Pseudonym?
  public let channel: Channel?
  public let state: TaskState?
  public let reason: String?
  /// When it was last sent; `nil` if it never was.
  public let contactedAt: Moment?
  public let comeback: Return?

  public var isHeldOut: Bool { stratum != nil }
  /// Whether it was to be contacted.
  public var isTask: Bool { task != nil }
}
