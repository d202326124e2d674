import Histories

/// The rule that says what lapse is.
public enum LapseLabel: Sendable, Hashable, CustomStringConvertible {
  /// No qualified visit in (T0, T0 + H], H = max(180, days to due + max(90, half the expected interval)), ≤ 540 days.
  case due
  /// No qualified visit within this many days.
  case fixed(days: Int)

  /// Reads `due` or `fixed:N` with N from 30 to 1095.
  public init?(_ text: String) {
    if text == "due" {
      self = .due
    } else if text.hasPrefix("fixed:"), let days = Int(text.dropFirst(6)), (30...1095).contains(days) {
      self = .fixed(days: days)
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .due: "due"
    case .fixed(let days): "fixed:\(days)"
    }
  }

  /// The longest horizon in days: data must reach this far beyond the as-of date for no relation to be censored.
  public var longestHorizon: Int {
    switch self {
    case .due: 540
    case .fixed(let days): days
    }
  }

  func horizon(_ state: DueState, asOf: Day) -> Int {
    switch self {
    case .due:
      let toDue = max(0, state.dueOn - asOf)
      return min(540, max(180, toDue + Int(max(90, state.expectedInterval / 2))))
    case .fixed(let days): return days
    }
  }
}

/// What became of a relation after the as-of date.
public enum LapseOutcome: UInt8, Sendable, BitwiseCopyable {
  case stayed = 0
  case lapsed = 1
  /// The window ends after the data: nobody knows.
  case censored = 2
  /// Sold, scrapped, moved …: neither stayed nor lapsed.
  case naturalLoss = 3
}

extension RelationWorkspace {
  /// The outcome of the loaded relation in its window; looks at what came after the as-of date.
  func outcome(label: LapseLabel, state: DueState) -> LapseOutcome {
    let end = asOf + label.horizon(state, asOf: asOf)
    if end > histories.dataEnd { return .censored }
    var order = Int(orders.starts[relation])
    let last = Int(orders.starts[relation + 1])
    // A visit that had begun by the as-of date is no return, however many orders of it follow.
    var begun = visits.isEmpty ? nil : visits[visits.count - 1]
    while order < last, orders.openedOn[order] <= end {
      defer { order += 1 }
      guard orders.openedOn[order] > asOf, !orders.flags[order].contains(.unusable) else { continue }
      let next = orders.visit(order)
      if let visit = begun, visit.isQualified, visit.dealer == next.dealer, next.day - visit.lastDay <= 1 {
        begun?.add(next)
        continue
      }
      if next.isQualified { return .stayed }
    }
    let ownershipEnd = self.ownershipEnd
    if !ownershipEnd.isNone, ownershipEnd > asOf, ownershipEnd <= end { return .naturalLoss }
    return .lapsed
  }
}
