import ContactQueue
import Outreach

/// What became of a list in figures, for JSON.
struct PlanReport {
  private let plan: OutreachPlan
  private let prepared: OutreachPlanOptions.Prepared

  init(_ plan: OutreachPlan, _ prepared: OutreachPlanOptions.Prepared) {
    self.plan = plan
    self.prepared = prepared
  }

  var object: [String: Any] {
    [
      "at": prepared.policy.time.text(prepared.ledger.at), "purpose": prepared.purpose.word,
      "timezone": prepared.policy.time.zone.identifier, "lines": plan.lines.count,
      "contacts": plan.contacts, "repeated": plan.repeated, "go_first": plan.first,
      "channels": plan.channels.map {
        ["channel": $0.channel.rawValue, "lines": $0.lines, "later": $0.later] as [String: Any]
      },
      "suppressed": Self.counts(plan.suppressed), "later": Self.counts(plan.delayed),
      "notices": prepared.notices,
    ]
  }

  static func counts(_ counts: [(reason: SuppressionReason, lines: Int)]) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: counts.map { ($0.reason.rawValue, $0.lines) })
  }
}
