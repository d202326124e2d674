import ContactQueue
import Outreach
import Testing

@Suite("Maximum silence")
struct MaximumSilenceTests {
  private let now = Moment(milliseconds: 1_782_900_000_000)
  private let rules = "maximum_silence:\n  - {days: 90, tiers: [vip]}\n  - {days: 180}\n"

  private func isOver(_ lines: String, tier: String? = nil, _ touches: [Moment.Span]) throws -> Bool {
    try Policies.with(lines).isSilentTooLong(
      tier: tier, touches: touches.map { Touch(at: now - $0, channel: nil) }, at: now)
  }

  @Test("It is over so many days after the last contact, by the first entry that fits the tier")
  func days() throws {
    #expect(try isOver(rules, [.days(400), .days(180)]))
    #expect(try !isOver(rules, [.days(400), .days(179)]))
    #expect(try isOver(rules, tier: "vip", [.days(90)]))
    #expect(try !isOver(rules, tier: "vip", [.days(89)]))
    #expect(try !isOver(rules, tier: "small", [.days(90)]))
  }

  @Test("Who never was contacted has heard nothing; without a rule nobody is left alone too long")
  func never() throws {
    #expect(try isOver(rules, []))
    #expect(try !isOver("", []))
    #expect(try !isOver("maximum_silence: [{days: 90, tiers: [vip]}]\n", tier: "small", []))
  }

  @Test("Contacts matter as far back as the rule looks")
  func memory() throws {
    #expect(try Policies.with(rules).memory == .days(180))
    #expect(try Policies.with(rules + "customer_caps: [{days: 365, most: 9}]\n").memory == .days(365))
  }

  private func plan(_ policy: String, experiment: Planner.Experiment? = nil) throws -> OutreachPlan {
    let group = try SmallGroup()
    for number in 0...4 { group.person(number, consents: number != 4) }
    group.add("contacts", "K1,C1,2026-06-20 10:00,phone,survey,reached")
    group.add("contacts", "K2,C2,2026-01-01 10:00,phone,survey,reached")
    group.add("contacts", "K3,C3,2026-06-20 10:00,phone,survey,reached")
    let rows = zip(1...4, ["9.5", "2", "4", "8"]).map { "C\($0),\(SmallGroup.vin($0)),\($1)" }
    let list = try group.list((["customer_id,vin,priority"] + rows).joined(separator: "\n") + "\n")
    return Planner(ledger: try group.ledger(), policy: try Policies.with(policy), purpose: .service)
      .plan(list, experiment: experiment)
  }

  @Test("Who has heard nothing for too long goes before all others; who may not be contacted still is not")
  func order() throws {
    let plan = try plan("maximum_silence: [{days: 90}]\n")
    #expect(plan.lines.map(\.goesFirst) == [false, true, false, false])
    #expect(plan.lines[3].decision == .suppressed(.noConsent))
    #expect(plan.first == 1)
    #expect(plan.priority(0) == 9.5)
    #expect((0...3).allSatisfy { $0 == 1 || plan.priority(1) > plan.priority($0) })
    #expect(try self.plan("").lines.allSatisfy { !$0.goesFirst })
  }

  @Test("It opens neither a gap nor the hold-out")
  func relaxesNothing() throws {
    let capped = try plan("maximum_silence: [{days: 90}]\ncustomer_caps: [{days: 365, most: 1}]\n")
    #expect(capped.lines[1].delay == .customerCap && capped.lines[1].goesFirst)
    let held = try plan(
      "maximum_silence: [{days: 90}]\n",
      experiment: .init(campaign: "summer", wave: 1, share: 1))
    #expect(held.heldOut == 3 && held.first == 0)
  }
}
