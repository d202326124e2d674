public import ContactQueue

extension OutreachPlan {
  /// What a line comes to, in one word.
  public enum Outcome: String, Sendable, CaseIterable {
    case now, later, suppressed
    case heldOut = "held_out"
  }

  /// A line as people read it.
  public struct Shown: Sendable {
    public var customer: String?
    public var vehicle: String?
    public var priority: Double
    public var tier: String?
    public var decision: Outcome
    public var channel: Channel?
    /// ISO 8601 with the offset of the place; `nil` without a contact.
    public var due: String?
    /// Why not, or why later.
    public var reason: SuppressionReason?
    /// Whether it goes before all others; `nil` without a contact.
    public var goesFirst: Bool?
  }

  /// - Parameter time: the clock by which the moment is written.
  public func shown(_ row: Int, time: LocalTime) -> Shown {
    let line = lines[row]
    var shown = Shown(
      customer: list.customers[row], vehicle: list.vehicles[row], priority: list.priorities[row],
      tier: list.tiers?[row], decision: .suppressed)
    switch line.decision {
    case .contact(let channel, let due):
      shown.decision = line.delay == nil ? .now : .later
      shown.channel = channel
      shown.due = time.text(due)
      shown.reason = line.delay
      shown.goesFirst = line.goesFirst
    case .heldOut:
      shown.decision = .heldOut
      shown.reason = .heldOut
    case .suppressed(let reason):
      shown.reason = reason
    }
    return shown
  }
}

extension LocalTime {
  private static let minutesPerHour = 60

  /// `2026-11-23T09:00+08:00`.
  public func text(_ moment: Moment) -> String {
    let (day, minute) = clock(at: moment)
    let offset = minutesFromUTC(at: moment)
    func pair(_ minutes: Int) -> String {
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      return "\(two(minutes / Self.minutesPerHour)):\(two(minutes % Self.minutesPerHour))"
    }
    return "\(day)T\(pair(minute))\(offset < 0 ? "-" : "+")\(pair(abs(offset)))"
  }
}
