import Foundation
import Histories

extension RelationWorkspace {
  /// Group E: the vehicle, its warranty and its owner.
  func writeVehicle(_ state: DueState, _ peers: PeerRates, into row: FeatureRow) {
    let delivered = facts.deliveredOn[vehicle]
    let age = delivered.isNone ? .nan : daysSince(delivered) / ServiceSchedule.daysPerMonth
    row[.ageMonths] = age
    row[.odoHat] = state.odometer
    row[.kmDay] = state.kmPerDay
    row[.powertrain] = category(facts.powertrains[vehicle])
    row[.useType] = category(facts.useTypes[vehicle])
    row[.ownerType] = category(facts.ownerTypes[customer])
    row[.nVehicles] = Double(peers.vehiclesOfCustomer.base[customer])
    writeUsageChange(into: row)
    writeWarranty(state, into: row)
    writeOwnership(age: age, into: row)
  }

  private func category(_ code: UInt8) -> Double {
    code == Vocabulary.none ? .nan : Double(code)
  }

  private func writeUsageChange(into row: FeatureRow) {
    let recent = usageRate(after: asOf - 365, through: asOf)
    guard recent.readings > 0, recent.kmPerDay > 0 else { return }
    let before = usageRate(after: Day.none, through: asOf - 365)
    guard before.readings > 0, before.kmPerDay > 0 else { return }
    row[.kmDayChange] = log(recent.kmPerDay / before.kmPerDay)
  }

  private func writeWarranty(_ state: DueState, into row: FeatureRow) {
    let ends = facts.warrantyEndsOn[vehicle]
    if !ends.isNone {
      row[.wtyDaysLeft] = Double(ends - asOf)
      let effective = effectiveWarrantyDays(state)
      row[.wtyEffDaysLeft] = effective
      row[.wtyPhase] = effective > 180 ? 0 : effective >= 0 ? 1 : effective >= -180 ? 2 : 3
    }
    let extended = facts.extendedWarrantyEndsOn[vehicle]
    row[.wtyExt] = flag(!extended.isNone && extended > asOf && (ends.isNone || extended > ends))
  }

  /// Days to the end of the warranty by date or, if earlier, by kilometres; negative after it, NaN when unknown.
  func effectiveWarrantyDays(_ state: DueState) -> Double {
    let ends = facts.warrantyEndsOn[vehicle]
    guard !ends.isNone else { return .nan }
    let left = Double(ends - asOf)
    let km = facts.warrantyKm[vehicle]
    guard km >= 0, state.kmPerDay > 0, !state.odometer.isNaN else { return left }
    return min(left, (Double(km) - state.odometer) / state.kmPerDay)
  }

  private func writeOwnership(age: Double, into row: FeatureRow) {
    let sequence = facts.ownerSequence[relation]
    if sequence > 0 { row[.ownerSeq] = Double(sequence) }
    if sequence >= 2 { row[.ownChangeDays] = daysSince(start) }
    let bought = facts.boughtOn[relation]
    let isBoughtHere = !bought.isNone && bought <= asOf
    if hasPurchases { row[.boughtHere] = flag(isBoughtHere) }
    if isBoughtHere { row[.newUsed] = category(facts.conditions[relation]) }
    let loanEnds = isBoughtHere ? facts.loanEndsOn[relation] : .none
    var loanEndsSoon = false
    if !loanEnds.isNone {
      let left = Double(loanEnds - asOf) / ServiceSchedule.daysPerMonth
      row[.loanMonthsLeft] = max(0, left)
      loanEndsSoon = left >= 0 && left <= 6
    }
    if !age.isNaN { row[.replWindow] = flag((36...72).contains(age) || loanEndsSoon) }
  }
}
