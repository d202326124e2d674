import Histories

/// When a customer must come, and for what, to have stayed.
struct LabelWindow {
  /// What counts as coming.
  enum Event {
    /// First service, maintenance or customer-paid repair.
    case qualified
    /// First service or maintenance.
    case scheduled
    case maintenance
    /// The customer or a package pays.
    case paid

    func holds(_ visit: Visit) -> Bool {
      switch self {
      case .qualified: visit.isQualified
      case .scheduled: visit.isScheduled
      case .maintenance: visit.classes.contains(.maintenance)
      case .paid: visit.isPaid
      }
    }

    /// Whether a visit of before the window has used up what it was for: further orders of it are no return.
    func isSpent(_ visit: Visit) -> Bool {
      self == .maintenance ? visit.isScheduled : holds(visit)
    }
  }

  /// The window is the days after this one …
  var after: Day
  /// … up to this one.
  var through: Day
  var event: Event
}

extension RelationWorkspace {
  /// The window of the loaded relation, which is current; `nil` when it is not in the label's population.
  ///
  /// - Parameter activeOnly: `false` to take lapsed relations in where the label's population are the active ones.
  func window(of label: LapseLabel, _ state: DueState, activeOnly: Bool) -> LabelWindow? {
    switch label {
    case .due:
      guard !activeOnly || isActive(state) else { return nil }
      return LabelWindow(
        after: asOf, through: asOf + LapseLabel.dueHorizon(state, asOf: asOf), event: .qualified)
    case .fixed(let days):
      guard !activeOnly || isActive(state) else { return nil }
      return LabelWindow(after: asOf, through: asOf + days, event: .qualified)
    case .firstService: return firstServiceWindow
    case .secondService: return secondServiceWindow(state)
    case .postwarranty: return isActive(state) ? postwarrantyWindow(state) : nil
    case .target: preconditionFailure("a target judges its own population")
    }
  }

  /// New cars that have not had their first service and are not given up yet.
  private var firstServiceWindow: LabelWindow? {
    guard lastScheduled < 0, beganNew, !isInShop else { return nil }
    let end = start + LapseLabel.firstServiceDays(histories.vehicles.schedule(vehicle))
    return end > asOf ? LabelWindow(after: asOf, through: end, event: .scheduled) : nil
  }

  /// Cars that came new, had one scheduled visit, and are not given up yet.
  private func secondServiceWindow(_ state: DueState) -> LabelWindow? {
    guard lastScheduled >= 0, beganNew, !isInShop else { return nil }
    for index in 0..<lastScheduled where visits[index].isScheduled { return nil }
    let end = state.dueOn + LapseLabel.patience(interval: state.expectedInterval)
    return end > asOf ? LabelWindow(after: asOf, through: end, event: .maintenance) : nil
  }

  /// Cars whose warranty ends within half a year, or has ended and nothing was paid since.
  private func postwarrantyWindow(_ state: DueState) -> LabelWindow? {
    let left = effectiveWarrantyDays(state)
    guard !left.isNaN, left <= Double(LapseLabel.warrantyAheadDays) else { return nil }
    guard left > -Double(LapseLabel.postwarrantyDays) else { return nil }
    let warrantyEnd = asOf + Int(left.rounded(.down))
    let end = warrantyEnd + LapseLabel.postwarrantyDays
    guard end > asOf, lastPaid < 0 || visits[lastPaid].day <= warrantyEnd else { return nil }
    return LabelWindow(after: max(asOf, warrantyEnd), through: end, event: .paid)
  }

  /// What became of the loaded relation in its window; looks at what came after the as-of date.
  func outcome(in window: LabelWindow) -> LapseOutcome {
    if window.through > histories.dataEnd { return .censored }
    var order = nextOrder
    let last = Int(orders.starts[relation + 1])
    // A visit that had begun before the window is no return, however many orders of it follow.
    var begun = visits.isEmpty ? nil : visits[visits.count - 1]
    while order < last, orders.openedOn[order] <= window.through {
      defer { order += 1 }
      guard !orders.flags[order].contains(.unusable) else { continue }
      let next = orders.visit(order)
      let continues = begun.map { $0.dealer == next.dealer && next.day - $0.lastDay <= 1 } ?? false
      if next.day <= window.after {
        if continues { begun?.add(next) } else { begun = next }
        continue
      }
      if continues, let visit = begun, window.event.isSpent(visit) {
        begun?.add(next)
        continue
      }
      if window.event.holds(next) { return .stayed }
    }
    return isLost(through: window.through) ? .naturalLoss : .lapsed
  }

  /// Whether the ownership ends between the as-of date and a day, though it may begin anew after that.
  func isLost(through end: Day) -> Bool {
    let ownershipEnd = self.ownershipEnd
    return !ownershipEnd.isNone && ownershipEnd > asOf && ownershipEnd <= end
  }
}
