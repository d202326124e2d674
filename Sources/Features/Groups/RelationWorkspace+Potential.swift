import Histories

extension RelationWorkspace {
  /// Group M: what a relation earns and could earn; for value only, never for risk.
  func writePotential(_ state: DueState, _ peers: WorkPeers, into row: FeatureRow) {
    row[.marginYear] = yearlyMargin / facts.moneyScale
    let delivered = facts.deliveredOn[vehicle]
    let age = delivered.isNone ? nil : asOf - delivered
    let visitsPerYear = 365.25 / state.regularInterval
    let upkeep = peers.upkeep(model: facts.models[vehicle], ageDays: age)
    let missing = 1 - row[.walletShare]
    row[.potentialYear] =
      (missing.isNaN ? .nan : max(0, missing)) * visitsPerYear * upkeep / facts.moneyScale
    writeInsurancePotential(row[.insDays], peers, into: row)
    guard work.purchases.starts != nil else { return }
    if let age {
      let margin = peers.unitMargin(dealer: facts.homeDealers[customer])
      row[.tradePotential] = peers.replacementRate(ageDays: age) * margin / facts.moneyScale
    }
    if let starts = work.referrals.starts { row[.referralN] = Double(referredBuyers(starts)) }
  }

  private static let marginDays = 1095

  /// The margin of three years' orders a year, in minor units; NaN when there were orders but none tells its margin.
  private var yearlyMargin: Double {
    var sum: Int64 = 0
    var hasOrders = false
    var isKnown = false
    let first = Int(orders.starts[relation])
    var order = nextOrder - 1
    while order >= first, orders.openedOn[order] > asOf - Self.marginDays {
      defer { order -= 1 }
      guard orders.isVisible(order, asOf: asOf) else { continue }
      hasOrders = true
      guard orders.margins[order] != Money.none else { continue }
      isKnown = true
      sum += Int64(orders.margins[order])
    }
    if hasOrders, !isKnown { return .nan }
    let years = min(daysSince(start), Double(Self.marginDays)) / 365.25
    return Double(sum) / max(years, 0.5)
  }

  private func writeInsurancePotential(_ daysLeft: Double, _ peers: WorkPeers, into row: FeatureRow) {
    let soonDays = 90.0
    guard !daysLeft.isNaN, let starts = work.policies.starts else { return }
    let premium = policyState(starts).premium
    if daysLeft > soonDays {
      row[.insPotential] = 0
    } else if premium != Money.none {
      row[.insPotential] = Double(premium) * peers.commissionRate / facts.moneyScale
    }
  }

  /// Different customers who bought within 730 days because this one recommended it.
  private func referredBuyers(_ starts: UnsafePointer<Int32>) -> Int {
    let referrals = work.referrals
    let run = Int(starts[customer])..<Int(starts[customer + 1])
    var count = 0
    for referral in run where isRecent(referrals.days[referral]) {
      let buyer = referrals.buyers[referral]
      var isNew = true
      for earlier in run.lowerBound..<referral
      where referrals.buyers[earlier] == buyer && isRecent(referrals.days[earlier]) {
        isNew = false
      }
      if isNew { count += 1 }
    }
    return count
  }

  private func isRecent(_ day: Day) -> Bool { day <= asOf && day > asOf - 730 }
}
