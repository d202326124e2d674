import Histories

/// What the policies of a vehicle say on a day.
struct PolicyState: BitwiseCopyable {
  /// Last day of the policy that ends last; `Day.none` without a policy.
  var endsOn = Day.none
  /// Premium of that policy in minor units; `Money.none` when missing.
  var premium = Money.none
  var isSoldHere = false
  /// A policy in force does not say who sold it.
  var isSellerUnknown = false
  var wasSoldHere = false
}

extension RelationWorkspace {
  private static let soldHere: UInt8 = 1
  private static let sellerUnknown: UInt8 = 2

  /// The end of group E: insurance and statutory inspection.
  func writeInsurance(into row: FeatureRow) {
    writeInspection(into: row)
    guard let starts = work.policies.starts else { return }
    let state = policyState(starts)
    if !state.endsOn.isNone { row[.insDays] = Double(state.endsOn - asOf) }
    guard state.isSoldHere || !state.isSellerUnknown else { return }
    row[.insHere] = flag(state.isSoldHere)
    row[.insLost] = flag(state.wasSoldHere && !state.isSoldHere)
  }

  /// Looks at the vehicle's policies that had begun by the as-of date.
  ///
  /// - Parameter starts: where each vehicle's run of policies begins.
  func policyState(_ starts: UnsafePointer<Int32>) -> PolicyState {
    let policies = work.policies
    var state = PolicyState()
    for policy in Int(starts[vehicle])..<Int(starts[vehicle + 1]) {
      guard policies.beginsOn[policy] <= asOf else { break }
      let end = policies.endsOn[policy]
      let seller = policies.soldHere[policy]
      if state.endsOn.isNone || end >= state.endsOn {
        state.endsOn = end
        state.premium = policies.premiums[policy]
      }
      if seller == Self.soldHere, end >= asOf - 365 { state.wasSoldHere = true }
      guard end >= asOf else { continue }
      if seller == Self.soldHere { state.isSoldHere = true }
      if seller == Self.sellerUnknown { state.isSellerUnknown = true }
    }
    return state
  }

  private func writeInspection(into row: FeatureRow) {
    let delivered = facts.deliveredOn[vehicle]
    guard !delivered.isNone else { return }
    let use = facts.useTypes[vehicle]
    let privateUse: UInt8 = 0
    let isOperating = use != privateUse && use != Vocabulary.none
    let next = InspectionRule.nextDay(after: asOf, registered: delivered, isOperating: isOperating)
    row[.inspDays] = Double(next - asOf)
  }
}
