import Histories

/// What keeping a relation is taken to change and to cost, until an experiment has measured it.
enum SaveAssumptions {
  /// Share of the lapses that a contact prevents.
  static let uplift = 0.10
  /// Contact and offer in median tickets of the group.
  static let contactCost = 0.02
  static let offerCost = 0.10
}

extension RelationWorkspace {
  /// P(alive) of group B, and group M: what the relation is worth.
  func writeValue(_ state: DueState, _ peers: PeerRates, into row: FeatureRow) {
    let fact = ValueFacts(self)
    guard fact.age >= 0 else { return }
    let value = peers.value
    let powertrain = AliveModels.index(powertrain: facts.powertrains[vehicle])
    let alive = value.alive.probabilityAlive(fact, powertrain)
    row[.pAlive] = alive
    let recency = value.recencyBounds.quintile(fact.relativeRecency(interval: state.expectedInterval))
    row[.rScore] = 6 - recency
    row[.fScore] = value.frequencyBounds.quintile(
      fact.relativeFrequency(regularInterval: state.regularInterval))
    row[.mScore] = value.marginBounds.quintile(fact.margin730)
    let margin = value.alive.expectedMargin(fact, powertrain) / facts.moneyScale
    let lifetimeValue = alive * value.alive.discountedVisits(fact, powertrain) * margin
    row[.clv36] = lifetimeValue
    let cost = (SaveAssumptions.contactCost + SaveAssumptions.offerCost) * peers.ticketMedian
    row[.saveValue] = (1 - alive) * SaveAssumptions.uplift * lifetimeValue - cost
  }
}
