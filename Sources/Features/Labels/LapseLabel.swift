public import Histories

/// The rule that says what is to be predicted.
public enum LapseLabel: Sendable, Hashable, CustomStringConvertible {
  /// No qualified visit in (T0, T0 + H], H = max(180, days to due + max(90, half the expected interval)), ≤ 540 days.
  case due
  /// No qualified visit within this many days.
  case fixed(days: Int)
  /// No first service or maintenance by the start + the first service's months + 90 days.
  case firstService
  /// The first service was done, and no maintenance came by its due date + max(90, half the expected interval) days.
  case secondService
  /// No paid visit in the 365 days after the effective end of the warranty.
  case postwarranty
  /// An event that the user declared happens in its window.
  case target(Target)

  /// Reads `due`, `fixed:N` with N from 30 to 1095, `first_service`, `second_service` or `postwarranty`; targets are
  /// made from the histories that they were loaded with.
  public init?(_ text: String) {
    switch text {
    case "due": self = .due
    case "first_service": self = .firstService
    case "second_service": self = .secondService
    case "postwarranty": self = .postwarranty
    default:
      let prefix = "fixed:"
      guard text.hasPrefix(prefix), let days = Int(text.dropFirst(prefix.count)), (30...1095).contains(days)
      else { return nil }
      self = .fixed(days: days)
    }
  }

  /// The features that telling the outcome and fitting a model of it need: a declared target may ask for any.
  public var scope: FeatureScope {
    if case .target = self { return .everything }
    return .riskModel
  }

  public var description: String {
    switch self {
    case .due: "due"
    case .fixed(let days): "fixed:\(days)"
    case .firstService: "first_service"
    case .secondService: "second_service"
    case .postwarranty: "postwarranty"
    case .target(let target): Target.prefix + target.name
    }
  }

  /// Whether it is a declared event rather than a kind of lapse: a customer who does it is not lost.
  public var isTarget: Bool {
    if case .target = self { true } else { false }
  }

  /// Days that every window has after the due date at least.
  static let graceDays = 90
  static let postwarrantyDays = 365
  /// The warranty's end counts from this many days ahead.
  static let warrantyAheadDays = 180
  private static let longestDueDays = 540

  /// The longest window in days: data must reach this far beyond the as-of date for no relation to be censored.
  public func longestHorizon(in histories: Histories) -> Int {
    switch self {
    case .due: return Self.longestDueDays
    case .fixed(let days): return days
    case .firstService:
      return histories.vehicles.scheduleList.map { Self.firstServiceDays($0) }.max() ?? Self.longestDueDays
    case .secondService:
      let intervals = histories.vehicles.scheduleList.map { $0.months * ServiceSchedule.daysPerMonth }
      return intervals.map { Int($0) + Self.patience(interval: $0) }.max() ?? Self.longestDueDays
    case .postwarranty: return Self.warrantyAheadDays + Self.postwarrantyDays
    case .target(let target): return target.windowDays
    }
  }

  /// Days from the start of a relation to the day on which the first service is given up.
  static func firstServiceDays(_ schedule: ServiceSchedule) -> Int {
    Int(schedule.firstMonths * ServiceSchedule.daysPerMonth) + graceDays
  }

  /// Days beyond the due date until a relation counts as lost.
  static func patience(interval: Double) -> Int {
    Int(max(Double(graceDays), interval / 2))
  }

  /// The window of `due` in days.
  static func dueHorizon(_ state: DueState, asOf: Day) -> Int {
    let shortestDays = 180
    let toDue = max(0, state.dueOn - asOf)
    return min(longestDueDays, max(shortestDays, toDue + patience(interval: state.expectedInterval)))
  }
}

/// What became of a relation after the as-of date.
public enum LapseOutcome: UInt8, Sendable, BitwiseCopyable {
  /// The customer came; of a declared target: the event did not happen.
  case stayed = 0
  /// The customer did not come; of a declared target: the event happened.
  case lapsed = 1
  /// The window ends after the data: nobody knows.
  case censored = 2
  /// Sold, scrapped, moved …: neither stayed nor lapsed.
  case naturalLoss = 3
}
