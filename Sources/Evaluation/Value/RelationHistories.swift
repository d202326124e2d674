public import BuyTillYouDie
public import CustomerValue
public import Features
internal import Histories
public import LinearAlgebra

/// The histories of a dealer group's relations as of a date, and what they did until the end of the data.
///
/// Visits are qualified ones since the start of the relation, or since the first one seen where it is older than the data;
/// amounts the customer margins of 730 days a qualified visit: what the features `p_alive` and `clv_36` are made of.
public struct RelationHistories: Sendable {
  public let histories: PurchaseHistories
  /// The relation of each row, ascending.
  public let relations: [Int32]
  /// Code of each row's powertrain.
  public let powertrains: [UInt8]
  /// Σ ln of each row's intervals.
  let logIntervals: [Double]

  private static let daysPerWeek = 7.0

  /// - Complexity: O(orders), four times when the date lies before the end of the data.
  public init(_ view: AsOfView) {
    let (relations, visits) = view.relationVisits()
    self.relations = relations
    powertrains = visits.map(\.powertrain)
    logIntervals = visits.map(\.logIntervals)
    var histories = PurchaseHistories(unit: .week, visits: visits.map(\.history))
    histories.logIntervals = logIntervals.reduce(0, +)
    if visits.contains(where: { !$0.wasThere }) { histories.isFitted = visits.map(\.wasThere) }
    let known = visits.map { $0.margin730.isNaN ? 0 : $0.qualified730 }
    histories.spend = PurchaseHistories.Spend(
      counts: known, means: zip(visits, known).map { $1 > 0 ? $0.margin730 / Double($1) : 0 })
    let isHeldOut = view.asOf < view.histories.dataEnd
    let end =
      isHeldOut
      ? AsOfView(histories: view.histories, asOf: view.histories.dataEnd, scope: .riskModel) : view
    if isHeldOut { histories.holdOut = Self.holdOut(view, end, relations, visits) }
    histories.calendar = Self.calendar(view, end, relations, visits)
    self.histories = histories
  }

  /// Origins and repeats of those that models are fitted to by day, since the first origin.
  private static func calendar(
    _ view: AsOfView, _ end: AsOfView, _ relations: [Int32], _ visits: [RelationVisits]
  ) -> VisitCalendar? {
    let fitted = visits.indices.filter { visits[$0].wasThere }
    let days = fitted.map { visits[$0].origin }
    guard let first = days.min() else { return nil }
    let repeats = end.repeatsByDay(of: fitted.map { relations[$0] }, after: days, from: first)
    var origins = [Int32](repeating: 0, count: repeats.count)
    for day in days { origins[day - first] += 1 }
    return VisitCalendar(origins: origins, repeats: repeats, calibrationDays: view.asOf - first + 1)
  }

  /// What the same relations did after the date, if they had not ended by the end of the data.
  private static func holdOut(
    _ view: AsOfView, _ end: AsOfView, _ relations: [Int32], _ visits: [RelationVisits]
  ) -> PurchaseHistories.HoldOut {
    let later = end.relationVisits()
    var counts = [Int32](repeating: 0, count: relations.count)
    var place = 0
    for (relation, own) in zip(later.relations, later.visits) {
      while place < relations.count, relations[place] < relation { place += 1 }
      guard place < relations.count, relations[place] == relation else { continue }
      counts[place] = max(own.sinceStart - visits[place].sinceStart, 0)
    }
    return PurchaseHistories.HoldOut(length: Double(end.asOf - view.asOf) / daysPerWeek, visits: counts)
  }
}

extension VisitModels {
  /// Relations that a powertrain needs to speak for itself, and the deviation of the prior that keeps parameters finite
  /// which the data leave open: as the features have them.
  private static let minimumRelations = 100
  public static let priorDeviation = 5.0

  /// Fits relations: a family to all, and the same to every powertrain that has enough of them.
  ///
  /// - Throws: `RepeatModelError` when the family asked for, or all of them, cannot be fitted.
  public init(
    _ relations: RelationHistories, choice: Choice, options: RepeatFitOptions, parallel: Parallel = .standard
  ) throws(RepeatModelError) {
    let whole = try VisitModels(relations.histories, choice: choice, options: options, parallel: parallel)
    var rows: [UInt8: [Int32]] = [:]
    for (row, powertrain) in relations.powertrains.enumerated() {
      rows[powertrain, default: []].append(Int32(row))
    }
    var options = options
    options.regularity = whole.main.kind.isRegular ? whole.main.model.k : nil
    var parts: [GroupFit] = []
    var others: [Int32] = []
    for (powertrain, own) in rows.sorted(by: { $0.key < $1.key }) {
      let words = Vocabularies.powertrain.words
      let visits = relations.histories.fittedVisits(of: own)
      // Without a visit in the data there are no intervals.
      let intervals = own.reduce(0) { $0 + relations.logIntervals[Int($1)] }
      guard visits.count >= Self.minimumRelations, Int(powertrain) < words.count,
        let groups = try? RepeatGroups(visits, logIntervals: intervals),
        let fit = try? RepeatModelFit(groups, kind: whole.main.kind, options: options, parallel: parallel)
      else {
        others += own
        continue
      }
      parts.append(GroupFit(name: words[Int(powertrain)], customers: own, fit: fit))
    }
    self.init(whole, parts: parts, others: others.sorted())
  }
}
