import Features
import Histories

extension PlainOracle {
  /// What becomes of a relation, `nil` when it is not in the label's population.
  func outcome(_ key: Key, _ label: LapseLabel, dataEnd: Day) -> LapseOutcome? {
    let owner = raw.ownerships.first { $0.customer == key.customer && $0.vin == key.vin }!
    guard owner.isCurrent(asOf), let window = window(key, label) else { return nil }
    if window.through > dataEnd { return .censored }
    let counts = counting(label)
    if returns(key, window, isSpent: label == .secondService ? { $0.isScheduled } : counts, counts) {
      return .stayed
    }
    if let end = owner.to, end > asOf, end <= window.through { return .naturalLoss }
    return .lapsed
  }

  private func counting(_ label: LapseLabel) -> (PlainVisit) -> Bool {
    switch label {
    case .firstService: { $0.isScheduled }
    case .secondService: { $0.classes.contains("maintenance") }
    case .postwarranty: { $0.isPaid }
    default: { $0.isQualified }
    }
  }

  private func window(_ key: Key, _ label: LapseLabel) -> (after: Day, through: Day)? {
    let due = due(key)
    let start = ownershipStart(key)
    let scheduled = due.visits.filter(\.isScheduled).count
    let patience = Int(max(90, due.interval / 2))
    var window: (after: Day, through: Day)
    switch label {
    case .due:
      guard isActive(key) else { return nil }
      window = (asOf, asOf + min(540, max(180, max(0, due.on - asOf) + patience)))
    case .fixed(let days):
      guard isActive(key) else { return nil }
      window = (asOf, asOf + days)
    case .firstService:
      guard beganNew(key), scheduled == 0, !standsInShop(key) else { return nil }
      let months = raw.schedules[raw.vehicles[key.vin]!.powertrain]!.firstMonths
      window = (asOf, start + Int(months * 30.436875) + 90)
    case .secondService:
      guard beganNew(key), scheduled == 1, !standsInShop(key) else { return nil }
      window = (asOf, due.on + patience)
    case .postwarranty:
      guard isActive(key), let end = warrantyEnd(key, due) else { return nil }
      guard end.left <= 180, end.left > -365 else { return nil }
      if due.visits.contains(where: { $0.isPaid && $0.day > end.day }) { return nil }
      window = (max(asOf, end.day), end.day + 365)
    case .target: return nil
    }
    return window.through > asOf ? window : nil
  }

  private func standsInShop(_ key: Key) -> Bool {
    raw.orders.contains {
      $0.customer == key.customer && $0.vin == key.vin && $0.opened <= asOf && $0.known <= asOf
        && ($0.closed.map { $0 > asOf } ?? true)
        && !$0.classes.isSubset(of: ["presale", "internal", "counter_sale"])
    }
  }

  private func ownershipStart(_ key: Key) -> Day {
    raw.ownerships.first { $0.customer == key.customer && $0.vin == key.vin }!.from
  }

  private func warrantyEnd(_ key: Key, _ due: Due) -> (left: Double, day: Day)? {
    let vehicle = raw.vehicles[key.vin]!
    guard let byDate = vehicle.warrantyEnds else { return nil }
    var left = Double(byDate - asOf)
    if let limit = vehicle.warrantyKm, due.perDay > 0,
      let last = due.visits.last(where: { $0.odometer != nil })
    {
      let now = last.odometer! + due.perDay * Double(asOf - last.day)
      left = min(left, (limit - now) / due.perDay)
    }
    return (left, asOf + Int(left.rounded(.down)))
  }

  /// Whether an order within the window counts that does not merely go on with a visit of before.
  private func returns(
    _ key: Key, _ window: (after: Day, through: Day), isSpent: (PlainVisit) -> Bool,
    _ counts: (PlainVisit) -> Bool
  ) -> Bool {
    let noVisit: Set<String> = ["presale", "internal", "counter_sale"]
    let own = raw.orders.filter { $0.customer == key.customer && $0.vin == key.vin }
    let later = own.filter {
      $0.opened > asOf && $0.opened <= window.through && !$0.classes.isSubset(of: noVisit)
    }.sorted { ($0.opened.number, PlainVisit.hash($0.id)) < ($1.opened.number, PlainVisit.hash($1.id)) }
    var begun = due(key).visits.last
    for order in later {
      let alone = PlainVisit(orders: [order])
      let goesOn = begun.map { $0.dealer == order.dealer && order.opened - $0.lastDay <= 1 } ?? false
      if order.opened <= window.after {
        begun = goesOn ? PlainVisit(orders: begun!.orders + [order]) : alone
      } else if goesOn, isSpent(begun!) {
        begun = PlainVisit(orders: begun!.orders + [order])
      } else if counts(alone) {
        return true
      }
    }
    return false
  }
}
