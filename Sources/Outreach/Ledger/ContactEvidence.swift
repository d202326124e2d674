import ContactQueue
import Features
import Histories

/// What the outcomes of past contacts say of addresses.
enum ContactEvidence {
  /// Whether a contact bothered the customer: one that reached no address did not.
  static func isTouch(_ outcome: UInt8) -> Bool {
    outcome != ContactOutcome.failed && outcome != ContactOutcome.invalid
  }

  /// Whether it shows that the address works.
  static func isProof(_ outcome: UInt8) -> Bool {
    ContactOutcome.isAnswered(outcome) || outcome == ContactOutcome.delivered
  }

  static func isInvalid(_ outcome: UInt8) -> Bool { outcome == ContactOutcome.invalid }

  /// The channels that share the address of one.
  static func sharing(_ channel: Channel) -> ChannelSet {
    switch channel {
    case .phone, .sms, .adviser: [.phone, .sms]
    case .wechat: .wechat
    case .email: .email
    }
  }
}
