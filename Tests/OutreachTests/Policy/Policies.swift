import ContactQueue
import Foundation
import Histories
import Outreach

/// Policies and moments for tests.
enum Policies {
  static let shanghai = zone("Asia/Shanghai")

  static func zone(_ name: String) -> TimeZone {
    guard let zone = TimeZone(identifier: name) else { preconditionFailure("no zone \(name)") }
    return zone
  }

  /// A policy of all channels, with further lines.
  static func with(_ lines: String, zone: TimeZone = shanghai) throws -> ContactPolicy {
    try ContactPolicy(yaml: base + lines, file: "policy.yaml", timeZone: zone)
  }

  static let base = """
    channels:
      adviser: {kind: person, cost: 12}
      phone: {kind: person, cost: 6}
      email: {kind: machine, cost: 0.01}
      wechat: {kind: machine, cost: 0.02}
      sms: {kind: machine, cost: 0.05}
    choice:
      tiers:
        vip: [adviser, phone, machine]
        other: [machine, phone]

    """

  /// Somebody who may be contacted by every channel for a purpose.
  static func willing(_ purpose: ConsentPurpose = .service) -> Standing {
    var consents = ConsentStanding()
    consents.granted = ConsentScope(channel: nil, purpose: purpose)
    return Standing(consents: consents, reachable: [.phone, .sms, .wechat, .email])
  }

  static func task(_ channel: Channel = .sms, tier: String? = nil) -> GatedTask {
    GatedTask(channel: channel, purpose: .service, tier: tier)
  }

  /// A moment by UTC, `2026-07-01T10:00:00Z`.
  static func moment(_ text: String) throws -> Moment {
    let date = try Date(text, strategy: .iso8601)
    return Moment(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
  }
}
