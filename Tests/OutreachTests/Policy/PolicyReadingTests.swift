import ContactQueue
import CustomerValue
import Foundation
import Histories
import Outreach
import Testing

@Suite("Reading a contact policy")
struct PolicyReadingTests {
  @Test("The policy of the program reads, and what is kept with a campaign reads back with its zone")
  func builtIn() throws {
    let zone = Policies.zone("Asia/Kathmandu")
    let policy = ContactPolicy.builtIn(timeZone: zone)
    #expect(policy.purposes == [.service, .marketing, .care])
    let kept = try ContactPolicy(yaml: policy.yaml, file: "kept", timeZone: .gmt)
    #expect(kept.time.zone == zone)
    #expect(kept.yaml == policy.yaml)
    #expect(kept.memory == .days(365))
  }

  @Test(
    "What cannot be is refused with its line and what to do",
    arguments: [
      ("quite_hours: []", "line 11", "Did you mean `quiet_hours`?"),
      ("quiet_hours:\n  - {from: \"25:00\", to: \"09:00\"}", "line 12", "`25:00` is no time of day"),
      ("quiet_hours:\n  - {from: \"9\", to: \"10:00\"}", "line 12", "is no time of day"),
      ("quiet_hours:\n  - {from: \"09:00\", to: \"09:00\"}", "line 12", "same time"),
      ("quiet_hours:\n  - {from: \"09:00\"}", "line 12", "`to` is missing"),
      ("quiet_hours:\n  - {from: \"09:00\", to: \"10:00\", days: [sunday]}", "line 12", "Known are mon, tue"),
      ("quiet_hours:\n  - {from: \"00:00\", to: \"24:00\"}", "line", "leave no minute for"),
      ("customer_caps:\n  - {days: 30, most: 2, chanels: [sms]}", "line 12", "Did you mean `channels`?"),
      ("customer_caps:\n  - {days: 0, most: 2}", "line 12", "no whole number from 1"),
      ("customer_caps:\n  - {days: 30, most: 2, channels: [sns]}", "line 12", "Did you mean `sms`?"),
      ("queue_caps:\n  - {per: week, most: 2}", "line 12", "unknown word `week`"),
      ("minimum_gap_days: five", "line 11", "no whole number"),
      ("maximum_silence:\n  - {days: 0}", "line 12", "no whole number from 1"),
      ("maximum_silence:\n  - {days: 9, most: 1}", "line 12", "unknown entry `most`"),
      ("minimum_gap_days: 30\nmaximum_silence:\n  - {days: 30}", "line 13", "30 days apart"),
      ("suppress_while: [complaint]", "line 11", "Did you mean `complaint_open`?"),
      ("holidays: {days: [2026-02-30]}", "line 11", "`2026-02-30` is no day"),
      ("holidays: {china: maybe}", "line 11", "unknown word `maybe`"),
      ("timezone: Asia/Shangai", "line 11", "is no time zone"),
      ("purposes: [profiling]", "line 11", "unknown word `profiling`"),
      ("consent: off", "line 11", "unknown entry `consent`"),
    ])
  func refused(line: String, place: String, what: String) throws {
    let error = #expect(throws: RulesError.self) { try Policies.with(line + "\n") }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("policy.yaml, \(place)"), "\(text)")
    #expect(text.contains(what), "\(text)")
  }

  @Test("Channels and their order must be there, with an order for other tiers")
  func needed() throws {
    for yaml in [
      "purposes: [service]\n", "channels: {sms: {kind: machine, cost: 1}}\n",
      "channels: {sms: {kind: machine, cost: 1}}\nchoice: {tiers: {vip: [sms]}}\n",
      "channels: {sms: {kind: machine, cost: -1}}\nchoice: {tiers: {other: [sms]}}\n",
      "channels: {sms: {kind: robot, cost: 1}}\nchoice: {tiers: {other: [sms]}}\n", "- a\n", "a: [\n",
    ] {
      #expect(throws: RulesError.self) {
        try ContactPolicy(yaml: yaml, file: "policy.yaml", timeZone: .gmt)
      }
    }
  }

  @Test("A file that is not there is told apart from one that cannot be used")
  func missing() {
    let error = #expect(throws: RulesError.self) {
      try ContactPolicy(file: "no/such/policy.yaml", timeZone: .gmt)
    }
    #expect(error?.code == .inputMissing)
  }

  @Test("Channels and tiers that need approval are told")
  func approval() throws {
    let policy = try Policies.with("needs_approval: [adviser, vip]\n")
    #expect(policy.needsApproval(.adviser, tier: nil))
    #expect(policy.needsApproval(.sms, tier: "vip"))
    #expect(!policy.needsApproval(.sms, tier: "main"))
  }

  @Test("Preference comes first, then the tier, then cost")
  func order() throws {
    let policy = try Policies.with("")
    #expect(policy.channels(tier: "vip", preference: nil) == [.adviser, .phone, .email, .wechat, .sms])
    #expect(policy.channels(tier: "small", preference: nil) == [.email, .wechat, .sms, .phone])
    #expect(policy.channels(tier: nil, preference: "sms") == [.sms, .email, .wechat, .phone])
    #expect(policy.channels(tier: "small", preference: "phone") == [.phone, .email, .wechat, .sms])
    #expect(policy.channels(tier: "vip", preference: "phone").prefix(2) == [.adviser, .phone])
    #expect(policy.channels(tier: nil, preference: "post") == [.email, .wechat, .sms, .phone])
  }
}
