public import Histories

/// A way on which tasks leave the queue.
public enum Channel: String, Sendable, CaseIterable, Codable {
  /// The call centre.
  case phone
  case sms
  case wechat
  case email
  /// A service adviser calls in person.
  case adviser

  /// What stands in the database; never changes.
  public var code: Int64 {
    switch self {
    case .phone: 0
    case .sms: 1
    case .wechat: 2
    case .email: 3
    case .adviser: 4
    }
  }

  public init?(code: Int64) {
    guard let channel = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = channel
  }

  /// Whose consent it needs: an adviser calls by phone.
  public var consent: ChannelSet {
    switch self {
    case .phone, .adviser: .phone
    case .sms: .sms
    case .wechat: .wechat
    case .email: .email
    }
  }
}
