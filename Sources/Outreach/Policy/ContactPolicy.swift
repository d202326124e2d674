public import ContactQueue
public import CustomerValue
public import Foundation
public import Histories

/// Whom one may contact when, how often and by which channel: data that a user writes, see `BuiltInPolicy`.
///
/// What no policy can switch off stands in `ContactPolicy+Gate`: consent, objections, natural ends, impossible addresses.
public struct ContactPolicy: Sendable {
  /// What is suppressed for a while.
  enum Meanwhile: String, Sendable, CaseIterable {
    case complaintOpen = "complaint_open"
    case inWorkshop = "in_workshop"
    case visitBooked = "visit_booked"
  }

  struct QueueLimit: Sendable {
    enum Window: String, Sendable, CaseIterable {
      case day, hour
    }

    var window: Window
    var most: Int
    var channel: Channel?
  }

  /// What contacts may be for; the first where nobody says. Never profiling.
  public internal(set) var purposes: [ConsentPurpose]
  /// The clock that hours and days go by.
  public internal(set) var time: LocalTime
  /// The text it was read from, with its time zone: what is kept with a campaign reads back as the same policy.
  public internal(set) var yaml: String
  /// The text as it was written.
  public internal(set) var written: String
  var hours: OpenHours
  var customerCaps: CustomerCaps
  var silence: MaximumSilence
  var queueLimits: [QueueLimit]
  var suppressedWhile: Set<Meanwhile>
  var choice: ChannelChoice
  var approval: Approval

  /// Whose tasks wait for approval.
  struct Approval: Sendable {
    var channels: Set<Channel> = []
    var tiers: Set<String> = []
  }

  /// Whether a task waits for somebody's approval.
  public func needsApproval(_ channel: Channel, tier: String?) -> Bool {
    approval.channels.contains(channel) || tier.map(approval.tiers.contains) == true
  }

  /// Whether a customer has been left alone for longer than the policy allows, and goes before all others.
  ///
  /// - Parameter touches: in the order of time, as far back as `memory`.
  public func isSilentTooLong(tier: String?, touches: [Touch], at now: Moment) -> Bool {
    silence.isOver(tier: tier, touches: touches, now: now)
  }

  /// The channels to try for a customer, the best first: what the customer prefers, then by tier, then by cost.
  ///
  /// - Parameters:
  ///   - tier: a word of the value tiers.
  ///   - preference: a word of `Vocabularies.channel`.
  public func channels(tier: String?, preference: String?) -> [Channel] {
    choice.order(tier: tier, preference: preference)
  }

  /// The policy that comes with the program.
  ///
  /// - Parameter timeZone: the zone of its hours.
  public static func builtIn(timeZone: TimeZone) -> ContactPolicy {
    do {
      return try ContactPolicy(yaml: BuiltInPolicy.yaml, file: BuiltInPolicy.name, timeZone: timeZone)
    } catch {
      preconditionFailure("the policy that comes with the program is good: \(error)")
    }
  }

  /// Reads a file.
  ///
  /// - Parameter timeZone: the zone of its hours, where it names none.
  /// - Throws: `RulesError` naming the line.
  public init(file: String, timeZone: TimeZone) throws(RulesError) {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw RulesError(
        .inputMissing, "There is no policy \(file). `revisit outreach policy` prints one to begin with.")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw RulesError(.badData, "\(file) is no UTF-8 text. Save it as UTF-8.")
    }
    try self.init(yaml: text, file: file, timeZone: timeZone)
  }
}

extension ConsentPurpose {
  /// What contacts can be for, with the words of files: profiling is no contact.
  static let ofContact: [(word: String, purpose: ConsentPurpose)] = allCases.compactMap { purpose in
    guard purpose != .profiling else { return nil }
    return Vocabularies.consentPurpose.word(purpose.rawValue).map { ($0, purpose) }
  }

  /// The purpose of a contact by its word; `nil` for others, profiling among them.
  public init?(contactWord word: String) {
    guard let known = Self.ofContact.first(where: { $0.word == word }) else { return nil }
    self = known.purpose
  }

  /// The word of files.
  public var word: String { Vocabularies.consentPurpose.word(rawValue) ?? "" }

  /// The words of what contacts can be for.
  public static var contactWords: [String] { ofContact.map(\.word) }
}
