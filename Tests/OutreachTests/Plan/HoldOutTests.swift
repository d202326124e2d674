import ContactQueue
import Foundation
import Histories
import Outreach
import Testing

@Suite("The hold-out")
struct HoldOutTests {
  private static let count = 600
  private static let tiers = ["vip", "main", "ordinary"]

  /// One group for all tests: everybody may be contacted.
  nonisolated(unsafe) private static let group = Result<(SmallGroup, Ledger), any Error> {
    let group = try SmallGroup()
    for number in 0..<count { group.person(number) }
    return (group, try group.ledger())
  }

  private func row(_ number: Int) -> String {
    "C\(number),\(SmallGroup.vin(number)),1,0.\(number % 9 + 1),\(Self.tiers[number / 9 % 3])"
  }

  private func list(_ numbers: some Sequence<Int>) throws -> ContactList {
    let (group, _) = try Self.group.get()
    let text = (["customer_id,vin,priority,probability,value_tier"] + numbers.map(row)).joined(
      separator: "\n")
    return try group.list(text + "\n", name: "list-\(UUID().uuidString).csv")
  }

  private func heldOut(
    _ list: ContactList, campaign: String = "summer", wave: Int = 1, share: Double = 0.1,
    earlier: EarlierWaves = .none
  ) throws -> (held: Set<String>, strata: [String: Int], contacted: Set<String>) {
    let (_, ledger) = try Self.group.get()
    let planner = Planner(ledger: ledger, policy: try Policies.with(""), purpose: .service)
    let plan = planner.plan(
      list, experiment: .init(campaign: campaign, wave: wave, share: share, earlier: earlier))
    var (held, contacted): (Set<String>, Set<String>) = ([], [])
    var strata: [String: Int] = [:]
    for (row, line) in plan.lines.enumerated() {
      let customer = plan.shown(row, time: LocalTime(.gmt)).customer ?? ""
      switch line.decision {
      case .heldOut(let stratum):
        held.insert(customer)
        strata[stratum, default: 0] += 1
      case .contact: contacted.insert(customer)
      case .suppressed(let reason): Issue.record("\(reason)")
      }
    }
    return (held, strata, contacted)
  }

  /// Customers of a stratum: probability 0.1 to 0.9 by number, tiers by number.
  private func sizes(_ numbers: some Sequence<Int>) -> [String: Int] {
    var sizes: [String: Int] = [:]
    for number in numbers {
      let probability = Double(number % 9 + 1) / 10
      let risk = probability >= 0.6 ? "high" : probability >= 0.3 ? "medium" : "low"
      sizes["\(risk)/\(Self.tiers[number / 9 % 3])", default: 0] += 1
    }
    return sizes
  }

  @Test("In every stratum the share is held out, to within one customer", arguments: [0.05, 0.1, 0.137, 0.5])
  func share(share: Double) throws {
    let found = try heldOut(list(0..<Self.count), share: share)
    let sizes = sizes(0..<Self.count)
    #expect(sizes.count == 9)
    for (stratum, size) in sizes {
      #expect(abs(Double(found.strata[stratum] ?? 0) - share * Double(size)) < 1, "\(stratum)")
    }
    #expect(found.held.count + found.contacted.count == Self.count)
  }

  @Test("A share of nothing holds nobody out")
  func none() throws {
    #expect(try heldOut(list(0..<100), share: 0).held.isEmpty)
  }

  @Test("The same campaign gives the same hold-out in any order, another one another")
  func deterministic() throws {
    let first = try heldOut(list(0..<Self.count))
    #expect(try heldOut(list((0..<Self.count).reversed())).held == first.held)
    let other = try heldOut(list(0..<Self.count), campaign: "autumn")
    #expect(other.held != first.held)
    // Independent draws of 10 % share about 1 % of all.
    #expect(other.held.intersection(first.held).count < 20)
  }

  @Test("Over many campaigns every customer is held out as often as the share says")
  func isFair() throws {
    let (campaigns, share) = (60, 0.2)
    var times: [String: Int] = [:]
    let list = try list(0..<90)
    for number in 0..<campaigns {
      for customer in try heldOut(list, campaign: "c\(number)", share: share).held {
        times[customer, default: 0] += 1
      }
    }
    let expected = share * Double(campaigns)
    let deviations = (0..<90).map { number -> Double in
      let seen = Double(times["C\(number)"] ?? 0)
      return (seen - expected) * (seen - expected) / (expected * (1 - share))
    }
    // χ² of 90 customers: 99.9 % lie below 137 and above 53.
    let statistic = deviations.reduce(0, +)
    #expect((45...137).contains(statistic), "\(statistic)")
  }

  @Test(
    "Who was held out stays so, who was contacted is never held out, and new customers are drawn among themselves"
  )
  func waves() throws {
    let vault = Vault(key: QueueKey(), isSealing: false)
    let first = try heldOut(list(0..<300))
    var parts: [Pseudonym: CampaignPart] = [:]
    for customer in first.held { parts[vault.pseudonym(customer: customer)] = CampaignPart(stratum: "kept") }
    for customer in first.contacted { parts[vault.pseudonym(customer: customer)] = CampaignPart() }
    let earlier = EarlierWaves(parts, vault: vault)
    let second = try heldOut(list(100..<Self.count), wave: 2, earlier: earlier)
    let again = first.held.filter { Int($0.dropFirst()).map { $0 >= 100 } == true }
    #expect(again.isSubset(of: second.held))
    #expect(first.contacted.isDisjoint(with: second.held))
    #expect(second.strata["kept"] == again.count)
    for (stratum, size) in sizes(300..<Self.count) {
      #expect(abs(Double(second.strata[stratum] ?? 0) - 0.1 * Double(size)) < 1, "\(stratum)")
    }
  }

  @Test("A task of the same wave keeps its channel and its car")
  func sameWave() throws {
    let (group, ledger) = try Self.group.get()
    let vault = Vault(key: QueueKey(), isSealing: false)
    let policy = try Policies.with("")
    let planner = Planner(ledger: ledger, policy: policy, purpose: .service)
    let list = try group.list(
      "customer_id,vin,priority\nC1,\(SmallGroup.vin(1)),1\nC2,\(SmallGroup.vin(2)),1\n", name: "same.csv")
    let earlier = EarlierWaves(
      [
        vault.pseudonym(customer: "C1"): CampaignPart(
          task: .init(channel: .phone, vehicle: vault.pseudonym(vehicle: SmallGroup.vin(1)))),
        vault.pseudonym(customer: "C2"): CampaignPart(
          task: .init(channel: .phone, vehicle: vault.pseudonym(vehicle: "OTHER"))),
      ], vault: vault)
    let plan = planner.plan(
      list, experiment: .init(campaign: "summer", wave: 1, share: 0.5, earlier: earlier))
    #expect(plan.lines[0].decision == .contact(.phone, due: ledger.at))
    #expect(plan.lines[1].decision == .suppressed(.duplicateCustomer))
  }
}
