public import ContactQueue
import Features
import Histories

/// The lines of a plan as the queue takes them, made one after the other: with personal details, which lie nowhere else.
public struct PlannedLines {
  private let plan: OutreachPlan
  private let ledger: Ledger
  private let policy: ContactPolicy
  /// Of the lines with a task, by row.
  private let facts: [Int32: Int]
  private let known: [RelationFacts]
  private var next = 0

  /// - Complexity: O(orders of the listed relations)
  public init(_ plan: OutreachPlan, ledger: Ledger, policy: ContactPolicy) {
    self.plan = plan
    self.ledger = ledger
    self.policy = policy
    var relations: [Int32] = []
    var facts: [Int32: Int] = [:]
    for (row, line) in plan.lines.enumerated() {
      guard case .contact = line.decision, let relation = line.relation else { continue }
      facts[Int32(row)] = relations.count
      relations.append(relation)
    }
    self.facts = facts
    let histories = ledger.histories
    let view = AsOfView(histories: histories, asOf: min(ledger.asOf, histories.dataEnd), scope: .riskModel)
    known = view.facts(of: relations)
  }

  /// The next line, `nil` after the last.
  public mutating func line() -> EnqueueLine? {
    guard next < plan.lines.count else { return nil }
    defer { next += 1 }
    return line(next)
  }

  private func line(_ row: Int) -> EnqueueLine {
    let list = plan.list
    let planned = plan.lines[row]
    let tier = list.tiers?[row]
    var line = EnqueueLine(
      contact: ContactDetails(customerID: list.customers[row] ?? ""),
      details: TaskDetails(vin: list.vehicles[row]), standing: Standing(), decision: planned.decision,
      priority: plan.priority(row), probability: list.probability(row), value: list.value(row), tier: tier)
    guard let relation = planned.relation.map({ Int($0) }) else { return line }
    let histories = ledger.histories
    line.contact = ledger.contact(of: Int(histories.relations.customers[relation]))
    line.standing = ledger.standing(of: relation)
    line.details.vin = histories.vehicles.vins.texts[Int(histories.relations.vehicles[relation])]
    guard let place = facts[Int32(row)] else { return line }
    line.details = ledger.details(of: relation, facts: known[place])
    line.details.reasons = list.reasons.compactMap { $0[row] }
    line.details.play = list.plays?[row]
    if case .contact(let channel, _) = planned.decision {
      line.needsApproval = policy.needsApproval(channel, tier: tier)
    }
    return line
  }
}
