import BuyTillYouDie
import Foundation
import Histories
import LinearAlgebra

/// Who is still there: a BG/NBD for every powertrain, fitted to the relations known at the as-of date, and what is to be
/// expected of them.
struct AliveModels: @unchecked Sendable {
  /// By powertrain's code, the last one for unknown powertrains; `nil` when nothing can be fitted.
  private let models: [BetaGeometric?]
  /// By powertrain: mean customer margin of a qualified visit in minor units, NaN when none is known.
  private let margins: [Double]
  /// By powertrain and number of repeats: the discounted repeats to be expected; `nil` for numbers that do not occur.
  private let discounted: [[RepeatsByAge?]]
  /// Days from the beginning of the data to the as-of date.
  let dataAge: Int32

  static let horizonMonths = 36
  static let annualDiscountRate = 0.10
  /// Current relations that a powertrain needs to speak for itself.
  static let minimumRelations = 100
  /// Wide prior that keeps parameters finite which the data leave open.
  static let priorDeviation = 5.0

  private static let powertrainCount = Vocabularies.powertrain.words.count

  static func index(powertrain: UInt8) -> Int { min(Int(powertrain), powertrainCount) }

  /// - Parameters:
  ///   - facts: of every relation.
  ///   - powertrains: index of each relation.
  ///   - scope: without the value of relations no discounted repeats are tabled.
  init(
    _ facts: UnsafeBufferPointer<ValueFacts>, powertrains: [UInt8], scope: FeatureScope, parallel: Parallel
  ) {
    let dataAge = DataBeginning.age(facts)
    self.dataAge = dataAge
    var histories: [[RepeatHistory]] = Array(repeating: [], count: Self.powertrainCount + 1)
    var ages = [AgeSpans](repeating: AgeSpans(), count: Self.powertrainCount + 1)
    var sums = [(margin: Double, visits: Double)](repeating: (0, 0), count: Self.powertrainCount + 1)
    for (fact, powertrain) in zip(facts, powertrains) where fact.age >= 0 {
      let own = Int(powertrain)
      let seen = SeenVisits(fact, dataAge: dataAge)
      if scope == .everything { ages[own].add(seen) }
      guard fact.isCurrent else { continue }
      if seen.wasThere { histories[own].append(seen.history) }
      if !fact.margin730.isNaN {
        sums[own].margin += fact.margin730
        sums[own].visits += Double(fact.qualified730)
      }
    }
    let fit = { (histories: [RepeatHistory]) in Self.fit(histories, parallel) }
    let isOwn = (0...Self.powertrainCount).map {
      $0 < Self.powertrainCount && histories[$0].count >= Self.minimumRelations
    }
    let isSeen = Set(powertrains)
    let needsAll = isOwn.indices.contains { !isOwn[$0] && isSeen.contains(UInt8($0)) }
    let ofAll = needsAll ? fit(histories.flatMap { $0 }) : nil
    models = (0...Self.powertrainCount).map { isOwn[$0] ? fit(histories[$0]) : ofAll }
    let all = sums.reduce((margin: 0.0, visits: 0.0)) { ($0.margin + $1.margin, $0.visits + $1.visits) }
    margins = sums.indices.map { index in
      let sum = isOwn[index] ? sums[index] : all
      return sum.visits > 0 ? sum.margin / sum.visits : .nan
    }
    discounted = zip(models, ages).map { model, ages in
      model.map { Self.discounted($0, ages.byRepeats, parallel) } ?? []
    }
  }

  /// A BG/NBD in weeks of the histories; `nil` when they do not give one.
  static func fit(_ histories: [RepeatHistory], _ parallel: Parallel) -> BetaGeometric? {
    var options = RepeatFitOptions()
    options.priorDeviation = priorDeviation
    guard let groups = try? RepeatGroups(histories),
      case .betaGeometric(let model)? = try? RepeatModelFit(
        groups, kind: .bgNBD, options: options, parallel: parallel
      ).model
    else { return nil }
    return model
  }

  /// The least and the greatest age for every number of repeats that occurs.
  private struct AgeSpans {
    private(set) var byRepeats: [ClosedRange<Int>?] = []

    mutating func add(_ seen: SeenVisits) {
      let (age, repeats) = (Int(seen.age), Int(seen.repeats))
      while byRepeats.count <= repeats { byRepeats.append(nil) }
      let known = byRepeats[repeats] ?? age...age
      if byRepeats[repeats] == nil || !known.contains(age) {
        byRepeats[repeats] = min(known.lowerBound, age)...max(known.upperBound, age)
      }
    }
  }

  private static func discounted(
    _ model: BetaGeometric, _ ages: [ClosedRange<Int>?], _ parallel: Parallel
  ) -> [RepeatsByAge?] {
    let monthlyRate = pow(1 + annualDiscountRate, 1.0 / 12) - 1
    guard
      let horizon = try? RepeatHorizon(
        months: horizonMonths, monthlyRate: monthlyRate,
        unitsPerMonth: ServiceSchedule.daysPerMonth / SeenVisits.daysPerUnit)
    else { return [] }
    let tables = BlockResults<RepeatsByAge>(count: ages.count)
    parallel.forEachBlock(count: ages.count, blockSize: 1) { block in
      tables[block.index] = ages[block.index].map {
        let weeks =
          Double($0.lowerBound) / SeenVisits.daysPerUnit...Double($0.upperBound) / SeenVisits.daysPerUnit
        return RepeatsByAge(model, repeats: block.index, ages: weeks, within: horizon)
      }
    }
    return ages.indices.map { tables[$0] }
  }

  // MARK: Of one relation

  func model(_ powertrain: Int) -> BetaGeometric? { models[powertrain] }

  /// P(alive), NaN without a model.
  func probabilityAlive(_ fact: ValueFacts, _ powertrain: Int) -> Double {
    models[powertrain]?.probabilityAlive(SeenVisits(fact, dataAge: dataAge).history) ?? .nan
  }

  /// Discounted qualified visits in the horizon of a relation that is alive; NaN without a model.
  func discountedVisits(_ fact: ValueFacts, _ powertrain: Int) -> Double {
    let tables = discounted[powertrain]
    let seen = SeenVisits(fact, dataAge: dataAge)
    let repeats = Int(seen.repeats)
    guard repeats < tables.count, let table = tables[repeats] else { return .nan }
    return table(seen.history)
  }

  /// The margin to expect of a qualified visit in minor units: the own mean of 730 days, shrunk to that of the powertrain.
  func expectedMargin(_ fact: ValueFacts, _ powertrain: Int) -> Double {
    let priorVisits = 2.0
    let prior = margins[powertrain]
    guard !fact.margin730.isNaN else { return prior }
    return (fact.margin730 + priorVisits * prior) / (Double(fact.qualified730) + priorVisits)
  }
}
