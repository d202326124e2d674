import BuyTillYouDie
import Features
import Foundation
import Histories

/// P(alive) and group M of many relations, from the plain oracle's visits.
struct PlainValues {
  private let oracle: PlainOracle
  private let models: [String: BetaGeometric]
  private let margins: [String: Double]
  private let recencies: [Double]
  private let frequencies: [Double]
  private let amounts: [Double]
  private let medianTicket: Double
  /// The day on which the data begin.
  private let began: Day?

  init(_ oracle: PlainOracle, keys: [PlainOracle.Key]) {
    self.oracle = oracle
    let current = keys.filter { oracle.owner($0).isCurrent(oracle.asOf) }
    let active = keys.filter { oracle.isActive($0) }
    let firstVisits = keys.compactMap(oracle.firstSeen).sorted()
    let began = firstVisits.isEmpty ? nil : firstVisits[(firstVisits.count + 99) / 100 - 1]
    self.began = began
    let fitted = current.filter { key in
      began.map { oracle.owner(key).from >= $0 } ?? true || oracle.firstSeen(key) != nil
    }
    let byPowertrain = Dictionary(grouping: current) { oracle.raw.vehicles[$0.vin]!.powertrain }
    var options = RepeatFitOptions()
    options.priorDeviation = 5
    var models: [String: BetaGeometric] = [:]
    var margins: [String: Double] = [:]
    for powertrain in ["ICE", "HEV", "PHEV", "BEV"] {
      let own = byPowertrain[powertrain] ?? []
      let speaking = fitted.filter { oracle.raw.vehicles[$0.vin]!.powertrain == powertrain }
      let speaks = speaking.count >= 100
      let peers = speaks ? own : current
      if let groups = try? RepeatGroups(
        (speaks ? speaking : fitted).map { oracle.repeats($0, since: began) }),
        case .betaGeometric(let model)? = try? RepeatModelFit(groups, kind: .bgNBD, options: options).model
      {
        models[powertrain] = model
      }
      let known = peers.filter { oracle.amount($0) != nil }
      margins[powertrain] =
        known.map { oracle.amount($0)! }.reduce(0, +)
        / known.map { Double(oracle.recentQualified($0)) }.reduce(0, +)
    }
    self.models = models
    self.margins = margins
    recencies = active.map(oracle.relativeRecency).sorted()
    frequencies = active.compactMap(oracle.relativeFrequency).sorted()
    amounts = active.compactMap(oracle.amount).sorted()
    medianTicket = median(
      keys.flatMap { oracle.due($0).visits }
        .filter { oracle.asOf - $0.day < 730 && $0.isQualified && $0.paid > 0 }.map(\.paid))
  }

  /// How many fifths lie wholly below.
  private func fifth(_ value: Double, of sorted: [Double]) -> Int {
    [0.2, 0.4, 0.6, 0.8].count { quantile(sorted, $0) < value }
  }

  func row(_ key: PlainOracle.Key) -> [Feature: Double] {
    let powertrain = oracle.raw.vehicles[key.vin]!.powertrain
    var row: [Feature: Double] = [:]
    row[.rScore] = 5 - Double(fifth(oracle.relativeRecency(key), of: recencies))
    row[.fScore] = oracle.relativeFrequency(key).map { 1 + Double(fifth($0, of: frequencies)) }
    row[.mScore] = oracle.amount(key).map { 1 + Double(fifth($0, of: amounts)) }
    guard let model = models[powertrain] else { return row }
    let history = oracle.repeats(key, since: began)
    let alive = model.probabilityAlive(history)
    func expected(_ months: Int) -> Double {
      model.expectedRepeats(of: history, within: try! RepeatHorizon(time: Double(months) * 30.436875 / 7))
    }
    var discounted = 0.0
    for month in 1...36 {
      let visits = expected(month) - expected(month - 1)
      discounted += visits / pow(1.1, Double(month) / 12)
    }
    let prior = margins[powertrain]!
    let margin =
      oracle.amount(key).map { ($0 + 2 * prior) / (Double(oracle.recentQualified(key)) + 2) } ?? prior
    row[.pAlive] = alive
    row[.clv36] = discounted * margin / 100
    row[.saveValue] = (1 - alive) * 0.1 * discounted * margin / 100 - 0.12 * medianTicket / 100
    return row
  }
}

extension PlainOracle {
  func owner(_ key: Key) -> RawData.Ownership {
    raw.ownerships.first { $0.customer == key.customer && $0.vin == key.vin }!
  }

  private func recent(_ key: Key) -> [PlainVisit] { due(key).visits.filter { asOf - $0.day < 730 } }

  func recentQualified(_ key: Key) -> Int { recent(key).count { $0.isQualified } }

  func firstSeen(_ key: Key) -> Day? {
    due(key).visits.first { $0.isQualified && $0.day >= owner(key).from }?.day
  }

  func repeats(_ key: Key, since began: Day?) -> RepeatHistory {
    let from = owner(key).from
    let start = began.map { from < $0 ? firstSeen(key) ?? $0 : from } ?? from
    let later = due(key).visits.filter { $0.isQualified && $0.day > start }.map(\.day)
    return RepeatHistory(
      repeats: later.count, last: Double(later.last.map { $0 - start } ?? 0) / 7,
      age: Double(asOf - start) / 7)
  }

  /// What the orders that customer or package paid for brought in 730 days, in cents; `nil` when nobody knows.
  func amount(_ key: Key) -> Double? {
    let visits = recent(key)
    guard visits.isEmpty || visits.contains(where: \.knowsPayment) else { return nil }
    return visits.flatMap(\.orders).map { order in
      let paid = (order.paid ?? 0) + (order.package ?? 0)
      return paid == 0 ? 0 : raw.work.margins[order.id] ?? paid
    }.reduce(0, +)
  }

  func relativeRecency(_ key: Key) -> Double {
    let due = due(key)
    return Double(asOf - (due.visits.last(where: \.isQualified)?.day ?? owner(key).from)) / due.interval
  }

  func relativeFrequency(_ key: Key) -> Double? {
    let age = Double(asOf - owner(key).from)
    return age < 90 ? nil : Double(recentQualified(key)) / (min(age, 730) / due(key).regular)
  }
}
