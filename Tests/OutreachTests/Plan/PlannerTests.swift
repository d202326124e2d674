import ContactQueue
import Foundation
import Histories
import Outreach
import Testing

@Suite("Plans of lists")
struct PlannerTests {
  private static let people = 1...40

  /// Customers with different traits; every third may not be contacted.
  private func group() throws -> SmallGroup {
    let group = try SmallGroup()
    group.person(0)
    for number in Self.people {
      group.person(number, email: "p\(number)@example.org", consents: number % 3 != 0)
    }
    return group
  }

  private func row(_ number: Int, priority: Int? = nil, tier: String = "main") -> String {
    "C\(number),\(SmallGroup.vin(number)),\(priority ?? number),0.\(10 + number % 90),\(tier)"
  }

  private let header = "customer_id,vin,priority,probability,value_tier"

  private func plan(
    _ group: SmallGroup, _ rows: [String], ledger: Ledger, experiment: Planner.Experiment? = nil,
    policy: String = "", threads: Int? = nil
  ) throws -> OutreachPlan {
    let list = try group.list(([header] + rows).joined(separator: "\n") + "\n")
    return Planner(ledger: ledger, policy: try Policies.with(policy), purpose: .service, threads: threads)
      .plan(list, experiment: experiment)
  }

  @Test("Every line has a channel or a reason, and all of them are counted")
  func counts() throws {
    let group = try group()
    let plan = try plan(
      group, Self.people.map { row($0) } + ["NOBODY,V1,1,0.5,main", "C1,NOCAR,1,0.5,main", ",,1,0.5,main"],
      ledger: try group.ledger())
    #expect(plan.contacts == 27)
    #expect(plan.channels.map(\.channel) == [.email])
    #expect(plan.suppressed.map(\.reason) == [.noConsent, .unknownCustomer])
    #expect(plan.suppressed.map(\.lines) == [13, 3])
    #expect(plan.lines.count == 43)
  }

  @Test("Without the table of consents nobody is contacted, whatever the policy says")
  func noConsents() throws {
    let group = try group()
    group.drop("consents")
    let plan = try plan(
      group, Self.people.map { row($0) }, ledger: try group.ledger(), policy: "suppress_while: []\n")
    #expect(plan.contacts == 0)
    #expect(plan.suppressed.map(\.reason) == [.noConsent])
  }

  @Test("Of a customer's cars one is asked about: the one of the highest priority")
  func onePerCustomer() throws {
    let group = try group()
    group.add("vehicles", "SECOND1,C1,Model S,ICE,2021-01-10,")
    group.add("visits", "R1-9,C1,SECOND1,2025-12-01 09:00,2025-12-01 11:00,settled,500,maintenance,300,A1")
    let ledger = try group.ledger()
    let rows = [row(1, priority: 5), "C1,SECOND1,9,0.5,main", row(1, priority: 7), row(2)]
    for order in [rows, rows.reversed()] {
      let plan = try plan(group, order, ledger: ledger)
      #expect(plan.contacts == 2)
      #expect(plan.repeated == 1)
      #expect(plan.suppressed.map(\.lines) == [2])
      #expect(plan.suppressed.map(\.reason) == [.duplicateCustomer])
      let contacted = plan.lines.indices.filter { plan.shown($0, time: LocalTime(.gmt)).channel != nil }
      let cars = contacted.compactMap { plan.shown($0, time: LocalTime(.gmt)).vehicle }
      #expect(Set(cars) == ["SECOND1", SmallGroup.vin(2)])
    }
  }

  @Test("The order of the list and the number of threads change nothing")
  func order() throws {
    let group = try group()
    let ledger = try group.ledger()
    let experiment = Planner.Experiment(campaign: "summer", wave: 1, share: 0.3)
    func outcomes(_ plan: OutreachPlan) -> [String: String] {
      let shown = plan.lines.indices.map { plan.shown($0, time: LocalTime(.gmt)) }
      return Dictionary(
        uniqueKeysWithValues: shown.map {
          ($0.customer ?? "", "\($0.decision) \($0.channel?.rawValue ?? "") \($0.reason?.rawValue ?? "")")
        }
      )
    }
    let rows = Self.people.map { row($0, tier: $0 % 2 == 0 ? "vip" : "small") }
    let first = outcomes(try plan(group, rows, ledger: ledger, experiment: experiment, threads: 1))
    var random = SplitMix(3)
    for threads in [1, 2, 5] {
      let shuffled = rows.sorted { _, _ in random.chance(0.5) }
      let plan = try plan(group, shuffled, ledger: ledger, experiment: experiment, threads: threads)
      #expect(outcomes(plan) == first)
    }
    #expect(first.values.contains { $0.hasPrefix("heldOut") })
  }

  @Test("Late contacts keep their channel and say why")
  func later() throws {
    let group = try group()
    group.add("contacts", "K1,C1,2026-06-30 10:00,phone,survey,reached")
    let plan = try plan(group, [row(1), row(2)], ledger: try group.ledger(), policy: "minimum_gap_days: 5\n")
    #expect(plan.delayed.map(\.reason) == [.minimumGap])
    #expect(plan.shown(0, time: LocalTime(Policies.shanghai)).due == "2026-07-06T00:00+08:00")
    #expect(plan.shown(1, time: LocalTime(Policies.shanghai)).decision == .now)
  }

  @Test("A channel that the customer agreed to and the policy does not use is told as such")
  func unused() throws {
    let group = try SmallGroup()
    group.person(0)
    group.person(1)
    let yaml = "channels: {wechat: {kind: machine, cost: 1}}\nchoice: {tiers: {other: [machine]}}\n"
    let policy = try ContactPolicy(yaml: yaml, file: "p", timeZone: Policies.shanghai)
    let planner = Planner(ledger: try group.ledger(), policy: policy, purpose: .service)
    let list = try group.list("\(header)\n\(row(1))\n")
    // WeChat is agreed to, but there is no identifier; the phone is agreed to, but not used.
    #expect(planner.plan(list).suppressed.map(\.reason) == [.noAddress])
    let unknown = try ContactPolicy(
      yaml:
        "channels: {sms: {kind: machine, cost: 1}, phone: {kind: person, cost: 1}}\nchoice: {tiers: {other: [sms]}}\ncustomer_caps: [{days: 9, most: 0, channels: [sms]}]\n",
      file: "p", timeZone: Policies.shanghai)
    #expect(
      Planner(ledger: try group.ledger(), policy: unknown, purpose: .service).plan(list).suppressed.map(
        \.reason)
        == [.channelNotUsed])
  }

  @Test("A dummy number is told apart from an invalid one")
  func dummies() throws {
    let group = try SmallGroup()
    group.person(0)
    group.person(1, phone: "13800000000")
    group.person(2, phone: "12012345678")
    let plan = try plan(group, [row(1), row(2)], ledger: try group.ledger())
    #expect(plan.shown(0, time: LocalTime(.gmt)).reason == .dummyAddress)
    #expect(plan.shown(1, time: LocalTime(.gmt)).reason == .invalidAddress)
  }

  @Test("The queue's lines carry what a call needs, and nothing of who is not called")
  func lines() throws {
    let group = try group()
    let ledger = try group.ledger()
    let list = try group.list(
      "\(header),reason_1,reason_2,play\n\(row(1)),Late,,Call\n\(row(3)),Late,,Call\n")
    let policy = try Policies.with("needs_approval: [main]\n")
    let plan = Planner(ledger: ledger, policy: policy, purpose: .service).plan(list)
    var lines = PlannedLines(plan, ledger: ledger, policy: policy)
    let first = lines.line()
    let called = try #require(first)
    #expect(called.contact.customerID == "C1" && called.contact.phone == SmallGroup.phone(1))
    #expect(called.contact.email == "p1@example.org" && called.contact.language == "zh")
    #expect(called.details.vin == SmallGroup.vin(1) && called.details.model == "Model S")
    #expect(called.details.reasons == ["Late"] && called.details.play == "Call")
    #expect(called.details.lastVisitOn == "2026-01-15" && called.details.nextDueOn == "2026-07-16")
    #expect(called.details.adviser == "A1" && called.needsApproval && called.tier == "main")
    let second = lines.line()
    let other = try #require(second)
    #expect(other.decision == .suppressed(.noConsent) && other.details.plate == nil)
    let third = lines.line()
    #expect(third == nil)
  }
}
