import ContactQueue
import Foundation
import Histories
import Outreach
import Testing

@Suite("Consent, whatever a policy says")
struct ConsentPropertyTests {
  /// Policies of random entries, all of which can be read.
  private func randomPolicy(_ random: inout SplitMix) throws -> ContactPolicy {
    let channels = Channel.allCases.filter { _ in random.chance(0.8) } + [.sms]
    var yaml = "channels:\n"
    for channel in Set(channels) {
      yaml +=
        "  \(channel.rawValue): {kind: \(random.chance(0.5) ? "person" : "machine"), cost: \(random.below(20))}\n"
    }
    yaml += "choice:\n  follow_preference: \(random.chance(0.5))\n"
    yaml += "  tiers: {vip: [person, machine], other: [machine, person]}\n"
    if random.chance(0.5) { yaml += "suppress_while: []\n" }
    if random.chance(0.5) { yaml += "purposes: [\(random.chance(0.5) ? "marketing" : "care"), service]\n" }
    if random.chance(0.5) { yaml += "minimum_gap_days: \(random.below(9))\n" }
    if random.chance(0.3) { yaml += "holidays: {china: true}\n" }
    if random.chance(0.5) { yaml += "customer_caps:\n  - {days: 30, most: \(1 + random.below(3))}\n" }
    return try ContactPolicy(yaml: yaml, file: "policy.yaml", timeZone: Policies.shanghai)
  }

  private func randomStanding(_ random: inout SplitMix) -> Standing {
    var standing = Standing()
    let statements = random.below(12)
    for _ in 0..<statements {
      let channel = random.chance(0.3) ? nil : UInt8(random.below(6))
      let purpose = ConsentPurpose.allCases[random.below(4)]
      let scope = ConsentScope(channel: channel, purpose: purpose)
      if random.chance(0.8) {
        standing.consents.granted.formUnion(scope)
      } else {
        standing.consents.refused.formUnion(scope)
      }
    }
    standing.reachable = ChannelSet(rawValue: UInt8(random.below(16)))
    standing.unusable = ChannelSet(rawValue: UInt8(random.below(16)))
    standing.doNotContact = random.chance(0.1)
    standing.hasEnded = random.chance(0.1)
    standing.hasOpenComplaint = random.chance(0.2)
    return standing
  }

  @Test("No policy lets a task go, or go later, without a grant that was not taken back")
  func never() throws {
    var random = SplitMix(7)
    var allowed = 0
    for _ in 0..<60 {
      let policy = try randomPolicy(&random)
      for _ in 0..<200 {
        let standing = randomStanding(&random)
        let purpose = ConsentPurpose.allCases[random.below(4)]
        let channel = Channel.allCases[random.below(5)]
        let task = GatedTask(channel: channel, purpose: purpose, tier: random.chance(0.5) ? "vip" : nil)
        let now = Moment(milliseconds: 1_780_000_000_000 + Int64(random.below(1 << 30)) * 100)
        if case .never = policy.verdict(on: task, standing: standing, at: now) { continue }
        allowed += 1
        let needed = channel.consent
        #expect(purpose != .profiling)
        #expect(standing.consents.granted.channels(purpose: purpose).contains(needed))
        #expect(!standing.consents.refused.channels(purpose: purpose).contains(needed))
        #expect(!standing.consents.refused.channels(purpose: .profiling).contains(needed))
        #expect(!standing.doNotContact && !standing.hasEnded)
        #expect(standing.reachable.subtracting(standing.unusable).contains(needed))
      }
    }
    // So that the loop above has seen something.
    #expect(allowed > 300)
  }
}

/// A small generator of random numbers with a seed.
struct SplitMix {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
  mutating func chance(_ share: Double) -> Bool { Double(next() >> 11) * 0x1p-53 < share }
}
