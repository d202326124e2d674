import BuyTillYouDie
import Histories
import LinearAlgebra

/// Who is still there: a BG/NBD for every powertrain, fitted to the relations known at the as-of date, and what is to be
/// expected of them.
struct AliveModels: @unchecked Sendable {
  /// By powertrain's code, the last one for unknown powertrains; `nil` when nothing can be fitted.
  private let models: [BGNBD?]
  /// By powertrain: mean customer margin of a qualified visit in minor units, NaN when none is known.
  private let margins: [Double]
  /// By powertrain: repeats and ages that occur, ascending, and the discounted repeats to be expected of them.
  private let cells: [[UInt64]]
  private let discounted: [[Double]]

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
    var histories: [[RepeatHistory]] = Array(repeating: [], count: Self.powertrainCount + 1)
    var keys: [[UInt64]] = Array(repeating: [], count: Self.powertrainCount + 1)
    var sums = [(margin: Double, visits: Double)](repeating: (0, 0), count: Self.powertrainCount + 1)
    for (fact, powertrain) in zip(facts, powertrains) where fact.age >= 0 {
      let own = Int(powertrain)
      if scope == .everything { keys[own].append(Self.key(fact)) }
      guard fact.isCurrent else { continue }
      histories[own].append(fact.history)
      if !fact.margin730.isNaN {
        sums[own].margin += fact.margin730
        sums[own].visits += Double(fact.qualified730)
      }
    }
    var options = BGNBDFit.Options()
    options.priorDeviation = Self.priorDeviation
    let fit = { (histories: [RepeatHistory]) in
      BGNBDFit(RepeatGroups(histories), options: options, parallel: parallel)?.model
    }
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
    cells = keys.map(Self.distinct)
    discounted = zip(models, cells).map { model, cells in
      model.map { Self.discounted($0, cells, parallel) } ?? []
    }
  }

  private static func key(_ fact: ValueFacts) -> UInt64 {
    UInt64(UInt32(bitPattern: fact.repeats)) << 32 | UInt64(UInt32(bitPattern: fact.age))
  }

  private static func distinct(_ keys: [UInt64]) -> [UInt64] {
    var result: [UInt64] = []
    for key in keys.sorted() where result.last != key { result.append(key) }
    return result
  }

  private static func discounted(_ model: BGNBD, _ cells: [UInt64], _ parallel: Parallel) -> [Double] {
    var values = [Double](repeating: 0, count: cells.count)
    values.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let values = values
      parallel.forEachBlock(count: cells.count, blockSize: 1 << 10) { block in
        var repeats = Int(cells[block.range.lowerBound] >> 32)
        var expected = ExpectedRepeats(model, repeats: repeats)
        for index in block.range {
          let cell = cells[index]
          if Int(cell >> 32) != repeats {
            repeats = Int(cell >> 32)
            expected = ExpectedRepeats(model, repeats: repeats)
          }
          values[index] = expected.discounted(
            age: Double(UInt32(truncatingIfNeeded: cell)), months: horizonMonths,
            annualRate: annualDiscountRate)
        }
      }
    }
    return values
  }

  // MARK: Of one relation

  func model(_ powertrain: Int) -> BGNBD? { models[powertrain] }

  /// P(alive), NaN without a model.
  func probabilityAlive(_ fact: ValueFacts, _ powertrain: Int) -> Double {
    models[powertrain]?.probabilityAlive(fact.history) ?? .nan
  }

  /// Discounted qualified visits in the horizon of a relation that is alive; NaN without a model.
  ///
  /// - Complexity: O(log cells)
  func discountedVisits(_ fact: ValueFacts, _ powertrain: Int) -> Double {
    let values = discounted[powertrain]
    guard !values.isEmpty else { return .nan }
    let key = Self.key(fact)
    let cells = cells[powertrain]
    var (low, high) = (0, cells.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cells[middle] < key { low = middle + 1 } else { high = middle }
    }
    return cells[low] == key ? values[low] : .nan
  }

  /// The margin to expect of a qualified visit in minor units: the own mean of 730 days, shrunk to that of the powertrain.
  func expectedMargin(_ fact: ValueFacts, _ powertrain: Int) -> Double {
    let priorVisits = 2.0
    let prior = margins[powertrain]
    guard !fact.margin730.isNaN else { return prior }
    return (fact.margin730 + priorVisits * prior) / (Double(fact.qualified730) + priorVisits)
  }
}
