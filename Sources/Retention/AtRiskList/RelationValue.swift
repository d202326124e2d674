import CustomerValue
import Histories

/// What the scored relations are worth.
struct RelationValue {
  /// Expected customer-paid amount of the next 730 days if the customer stays, in currency units.
  let atStake: [Double]
  /// The customer's tier, by the amounts of all of the customer's relations together.
  let tiers: [ValueTier]

  /// The own amount of the last 730 days, shrunk to the mean of the same powertrain and use with the weight of one
  /// visit: who has few visits is taken to become like the others.
  init(histories: Histories, scored: ScoredRelations) {
    let useCount = Vocabularies.useType.words.count + 1
    let groupCount = (Vocabularies.powertrain.words.count + 1) * useCount
    var sums = [Double](repeating: 0, count: groupCount)
    var counts = [Double](repeating: 0, count: groupCount)
    var ofCustomer = [Double](repeating: 0, count: histories.customers.count)

    func group(_ index: Int) -> Int {
      let vehicle = Int(histories.relations.vehicles[Int(scored.relations[index])])
      let power = min(Int(histories.vehicles.powertrains[vehicle]), Vocabularies.powertrain.words.count)
      let use = min(Int(histories.vehicles.useTypes[vehicle]), Vocabularies.useType.words.count)
      return power * useCount + use
    }
    func customer(_ index: Int) -> Int {
      Int(histories.relations.customers[Int(scored.relations[index])])
    }

    for index in 0..<scored.count where !scored.paid730[index].isNaN {
      sums[group(index)] += scored.paid730[index]
      counts[group(index)] += 1
      ofCustomer[customer(index)] += scored.paid730[index]
    }
    let all = counts.reduce(0, +) > 0 ? sums.reduce(0, +) / counts.reduce(0, +) : 0
    let minimumGroup = 20.0
    let means = zip(sums, counts).map { $1 >= minimumGroup ? $0 / $1 : all }
    atStake = (0..<scored.count).map { index in
      let mean = means[group(index)]
      guard !scored.paid730[index].isNaN else { return mean }
      let visits = scored.visits730[index]
      return (visits * scored.paid730[index] + mean) / (visits + 1)
    }
    // Fitted on customers: who has two vehicles counts once.
    let scheme = ValueTierScheme(fitting: ofCustomer)
    tiers = (0..<scored.count).map { scheme.tier(of: ofCustomer[customer($0)]) }
  }
}
