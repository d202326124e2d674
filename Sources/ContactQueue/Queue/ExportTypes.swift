public import Histories

/// What is to be handed out as files.
public struct ExportRequest: Sendable {
  /// What the files are, in a word of the exporter's (`call_list`, `sms_batch`, …).
  public var kind: String
  public var channel: Channel
  /// `nil` for all campaigns.
  public var campaign: String?
  /// `nil` for all tasks that are due.
  public var limit: Int?
  /// Who asks.
  public var owner: String

  public init(kind: String, channel: Channel, campaign: String? = nil, limit: Int? = nil, owner: String) {
    self.kind = kind
    self.channel = channel
    self.campaign = campaign
    self.limit = limit
    self.owner = owner
  }
}

/// An export as the queue keeps it.
public struct ExportRecord: Sendable {
  public let number: Int64
  public let kind: String
  public let channel: Channel
  public let campaign: String?
  public let owner: String
  public let createdAt: Moment
  public let rows: Int
  /// `nil` until the files are recorded.
  public let files: [ExportedFile]?
}

/// A file of an export.
public struct ExportedFile: Sendable, Hashable, Codable {
  public var name: String
  public var rows: Int
  /// 64 hexadecimal digits.
  public var sha256: String

  public init(name: String, rows: Int, sha256: String) {
    self.name = name
    self.rows = rows
    self.sha256 = sha256
  }
}

/// A line of an export, with the contact details as they were then.
public struct ExportedTask: Sendable {
  /// 1 for the first.
  public let line: Int
  public let id: Pseudonym
  public let campaign: String
  public let template: String
  public let purpose: ConsentPurpose
  public let channel: Channel
  public let tier: String?
  public let priority: Double
  public let due: Moment
  public let contact: ContactDetails
  public let details: TaskDetails

  public init(
    line: Int, id: Pseudonym, campaign: String, template: String, purpose: ConsentPurpose, channel: Channel,
    tier: String?, priority: Double, due: Moment, contact: ContactDetails, details: TaskDetails
  ) {
    self.line = line
    self.id = id
    self.campaign = campaign
    self.template = template
    self.purpose = purpose
    self.channel = channel
    self.tier = tier
    self.priority = priority
    self.due = due
    self.contact = contact
    self.details = details
  }
}
