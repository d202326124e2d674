import Histories

extension RelationWorkspace {
  /// Group M: what a relation earns and could earn; for value only, never for risk.
  func writePotential(_ state: DueState, _ peers: WorkPeers, into row: FeatureRow) {
    row[.marginYear] = yearlyMargin / histories.moneyScale
    let delivered = histories.vehicles.deliveredOn.base[vehicle]
    let age = delivered.isNone ? nil : asOf - delivered
    let visitsPerYear = 365.25 / state.regularInterval
    let upkeep = peers.upkeep(model: histories.vehicles.models.base[vehicle], ageDays: age)
    let missing = 1 - row[.walletShare]
    row[.potentialYear] =
      (missing.isNaN ? .nan : max(0, missing)) * visitsPerYear * upkeep / histories.moneyScale
    writeInsurancePotential(row[.insDays], peers, into: row)
    guard histories.purchases.starts.count > 0 else { return }
    if let age {
      let margin = peers.unitMargin(dealer: histories.customers.dealers.base[customer])
      row[.tradePotential] = peers.replacementRate(ageDays: age) * margin / histories.moneyScale
    }
    if histories.referrals.starts.count > 0 { row[.referralN] = Double(referredBuyers) }
  }

  private static let marginDays = 1095

  /// The margin of three years' orders a year, in minor units; NaN when there were orders but none tells its margin.
  private var yearlyMargin: Double {
    var sum: Int64 = 0
    var hasOrders = false
    var isKnown = false
    let first = Int(orders.starts[relation])
    var order = Int(orders.starts[relation + 1]) - 1
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
    guard !daysLeft.isNaN else { return }
    let premium = policyState.premium
    if daysLeft > soonDays {
      row[.insPotential] = 0
    } else if premium != Money.none {
      row[.insPotential] = Double(premium) * peers.commissionRate / histories.moneyScale
    }
  }

  /// Different customers who bought within 730 days because this one recommended it.
  private var referredBuyers: Int {
    let referrals = histories.referrals
    let run = Int(referrals.starts.base[customer])..<Int(referrals.starts.base[customer + 1])
    var count = 0
    for referral in run where isRecent(referrals.days.base[referral]) {
      let buyer = referrals.buyers.base[referral]
      var isNew = true
      for earlier in run.lowerBound..<referral
      where referrals.buyers.base[earlier] == buyer && isRecent(referrals.days.base[earlier]) {
        isNew = false
      }
      if isNew { count += 1 }
    }
    return count
  }

  private func isRecent(_ day: Day) -> Bool { day <= asOf && day > asOf - 730 }
}
