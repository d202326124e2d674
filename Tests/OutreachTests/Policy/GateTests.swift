import ContactQueue
import Foundation
import Histories
import Outreach
import Testing

@Suite("The policy at the gate")
struct GateTests {
  private let now = Moment(milliseconds: 1_782_900_000_000)

  private func verdict(
    _ standing: Standing, _ lines: String = "", channel: Channel = .sms, tier: String? = nil
  ) throws -> Verdict {
    try Policies.with(lines).verdict(on: Policies.task(channel, tier: tier), standing: standing, at: now)
  }

  @Test("Who agreed and can be reached is contacted")
  func goes() throws {
    for channel in Channel.allCases { #expect(try verdict(Policies.willing(), channel: channel) == .go) }
  }

  @Test("What nobody said anything about is not allowed")
  func silence() throws {
    #expect(try verdict(Standing(reachable: [.phone, .sms])) == .never(.noConsent))
    #expect(try verdict(Policies.willing(.marketing)) == .never(.noConsent))
  }

  @Test("A refusal holds for its channel and purpose, and against any grant")
  func refusal() throws {
    var standing = Policies.willing()
    standing.consents.refused = ConsentScope(channel: 1, purpose: .service)
    #expect(try verdict(standing) == .never(.consentRefused))
    #expect(try verdict(standing, channel: .email) == .go)
    standing.consents.refused = ConsentScope(channel: 0, purpose: .service)
    #expect(try verdict(standing, channel: .adviser) == .never(.consentRefused))
  }

  @Test("Who objects to profiling is not contacted from a ranked list")
  func profiling() throws {
    var standing = Policies.willing()
    standing.consents.refused = ConsentScope(channel: nil, purpose: .profiling)
    for channel in Channel.allCases {
      #expect(try verdict(standing, channel: channel) == .never(.profilingRefused))
    }
  }

  @Test("What ends all contact comes before everything else")
  func bars() throws {
    var standing = Policies.willing()
    standing.hasEnded = true
    #expect(try verdict(standing) == .never(.relationEnded))
    standing.doNotContact = true
    #expect(try verdict(standing) == .never(.doNotContact))
  }

  @Test("Nobody is sold anything meanwhile, where the policy says so")
  func meanwhile() throws {
    let all = "suppress_while: [complaint_open, in_workshop, visit_booked]\n"
    var (complaining, inShop, booked) = (Policies.willing(), Policies.willing(), Policies.willing())
    complaining.hasOpenComplaint = true
    inShop.isInWorkshop = true
    booked.bookedFor = Day(year: 2026, month: 7, day: 5)
    for (standing, reason) in [
      (complaining, SuppressionReason.complaintOpen), (inShop, .inWorkshop), (booked, .visitBooked),
    ] {
      #expect(try verdict(standing, all) == .never(reason))
      #expect(try verdict(standing, "suppress_while: []\n") == .go)
    }
  }

  @Test("Addresses that are missing or cannot be one are not used")
  func addresses() throws {
    var standing = Policies.willing()
    standing.reachable = [.phone, .sms]
    standing.unusable = [.sms]
    #expect(try verdict(standing) == .never(.invalidAddress))
    #expect(try verdict(standing, channel: .phone) == .go)
    #expect(try verdict(standing, channel: .wechat) == .never(.noAddress))
  }

  @Test("Contacts are so many days apart, whatever the channel")
  func gap() throws {
    var standing = Policies.willing()
    standing.touches = [Touch(at: now - .days(3), channel: nil)]
    #expect(try verdict(standing, "minimum_gap_days: 5\n") == .later(now + .days(2), .minimumGap))
    #expect(try verdict(standing, "minimum_gap_days: 3\n") == .go)
  }

  @Test("A window holds so many contacts; the oldest that is too many must leave it")
  func cap() throws {
    var standing = Policies.willing()
    standing.touches = [29, 20, 10].map { Touch(at: now - .days($0), channel: .sms) }
    #expect(try verdict(standing, "customer_caps:\n  - {days: 30, most: 4}\n") == .go)
    #expect(
      try verdict(standing, "customer_caps:\n  - {days: 30, most: 3}\n")
        == .later(now + .days(1), .customerCap))
    #expect(
      try verdict(standing, "customer_caps:\n  - {days: 30, most: 1}\n")
        == .later(now + .days(20), .customerCap))
    let perChannel = "customer_caps:\n  - {days: 30, most: 1, channels: [sms]}\n"
    #expect(try verdict(standing, perChannel) == .later(now + .days(20), .customerCap))
    #expect(try verdict(standing, perChannel, channel: .phone) == .go)
  }

  @Test("The first cap that fits the tier holds; a cap of none closes the channel")
  func tiers() throws {
    var standing = Policies.willing()
    standing.touches = [Touch(at: now - .days(10), channel: .sms)]
    let lines = "customer_caps:\n  - {days: 30, most: 2, tiers: [vip]}\n  - {days: 30, most: 1}\n"
    #expect(try verdict(standing, lines, tier: "vip") == .go)
    #expect(try verdict(standing, lines, tier: "small") == .later(now + .days(20), .customerCap))
    #expect(try verdict(standing, lines) == .later(now + .days(20), .customerCap))
    let closed = "customer_caps:\n  - {days: 30, most: 0, channels: [sms]}\n"
    #expect(try verdict(Policies.willing(), closed) == .never(.channelNotUsed))
  }

  @Test("A channel that the policy does not name is not used")
  func unused() throws {
    let yaml = "channels: {sms: {kind: machine, cost: 1}}\nchoice: {tiers: {other: [machine]}}\n"
    let policy = try ContactPolicy(yaml: yaml, file: "policy.yaml", timeZone: .gmt)
    let verdict = policy.verdict(on: Policies.task(.phone), standing: Policies.willing(), at: now)
    #expect(verdict == .never(.channelNotUsed))
    #expect(policy.channels(tier: "vip", preference: "phone") == [.sms])
  }

  @Test("Caps of the queue go by local days and hours, also on days of 23 and 25 hours")
  func queueCaps() throws {
    let lines = "queue_caps:\n  - {per: day, most: 9}\n  - {per: hour, most: 3, channel: phone}\n"
    let policy = try Policies.with(lines, zone: Policies.zone("America/New_York"))
    for (at, from, until, hour) in [
      ("2026-03-08T12:34:56Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "2026-03-08T12:00:00Z"),
      ("2026-11-01T12:34:56Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "2026-11-01T12:00:00Z"),
      // The second 01:30 of that night is an hour of its own.
      ("2026-11-01T06:30:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", "2026-11-01T06:00:00Z"),
    ] {
      let start = try Policies.moment(hour)
      #expect(
        policy.caps(at: try Policies.moment(at)) == [
          QueueCap(
            channel: nil, since: try Policies.moment(from), limit: 9, until: try Policies.moment(until)),
          QueueCap(channel: .phone, since: start, limit: 3, until: start + .hours(1)),
        ])
    }
  }

  @Test("An hour of the clock begins on the hour where the offset is not whole")
  func kathmandu() throws {
    let policy = try Policies.with(
      "queue_caps:\n  - {per: hour, most: 3}\n", zone: Policies.zone("Asia/Kathmandu"))
    let cap = try #require(policy.caps(at: try Policies.moment("2026-07-01T10:20:00Z")).first)
    #expect(cap.since == (try Policies.moment("2026-07-01T10:15:00Z")))
  }
}
