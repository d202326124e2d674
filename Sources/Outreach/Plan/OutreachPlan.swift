public import ContactQueue

/// What the policy makes of a list: for every line the channel and the moment, or why none.
public struct OutreachPlan: Sendable {
  /// One line of the list, in its order.
  public struct Line: Sendable {
    /// `nil` for a customer or vehicle that is unknown.
    public var relation: Int32?
    public var decision: EnqueueLine.Decision
    /// Why a contact is later than now; `nil` when it is not.
    public var delay: SuppressionReason?
    /// Whether the customer has heard nothing for longer than the policy allows.
    public var goesFirst = false
    /// Whether the same customer with the same vehicle stands in the list before, or with a higher priority.
    public var isRepeated = false
  }

  public let list: ContactList
  public internal(set) var lines: [Line]

  /// How many lines go by each channel, and how many of them later than now.
  public var channels: [(channel: Channel, lines: Int, later: Int)] {
    var counts: [Channel: (Int, Int)] = [:]
    for line in lines {
      guard case .contact(let channel, _) = line.decision else { continue }
      counts[channel, default: (0, 0)].0 += 1
      if line.delay != nil { counts[channel, default: (0, 0)].1 += 1 }
    }
    return Channel.allCases.compactMap { channel in
      counts[channel].map { (channel, $0.0, $0.1) }
    }
  }

  /// How many lines are suppressed, by reason, the most frequent first.
  public var suppressed: [(reason: SuppressionReason, lines: Int)] {
    count { line in
      if case .suppressed(let reason) = line.decision { reason } else { nil }
    }
  }

  /// How many contacts are later than now, by reason.
  public var delayed: [(reason: SuppressionReason, lines: Int)] { count(\.delay) }

  public var contacts: Int {
    lines.count { line in
      if case .contact = line.decision { true } else { false }
    }
  }

  /// Customers in the hold-out, one line each.
  public var heldOut: Int {
    lines.count { line in
      if case .heldOut = line.decision { true } else { false }
    }
  }

  /// Contacts that go before all others, because their customers have heard nothing for too long.
  public var first: Int { lines.count(where: \.goesFirst) }

  /// The priority of a line: the list's, lifted above all others of the list where the line goes first.
  public func priority(_ row: Int) -> Double {
    lines[row].goesFirst ? list.priorities[row] + list.prioritySpan + 1 : list.priorities[row]
  }

  /// Lines that repeat a customer with the same vehicle.
  public var repeated: Int { lines.count(where: \.isRepeated) }

  private func count(
    _ reason: (Line) -> SuppressionReason?
  ) -> [(reason: SuppressionReason, lines: Int)] {
    var counts: [SuppressionReason: Int] = [:]
    for line in lines { if let reason = reason(line) { counts[reason, default: 0] += 1 } }
    return counts.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0.rawValue) < ($0.1, $1.0.rawValue) }
  }
}
