import ContactQueue
import Histories

/// The orders in which channels are tried, made once for every value tier of a list and stated preference.
struct ChannelOrders: Sendable {
  private let orders: [[Channel]]
  private let tiers: [String?]
  private static let preferences = Vocabularies.channel.words + [nil] as [String?]

  init(_ list: ContactList, _ policy: ContactPolicy) {
    let dictionary = list.tiers?.dictionary
    let tiers = [nil] + (0..<(dictionary?.count ?? 0)).map { dictionary?.texts[$0] }
    orders = tiers.flatMap { tier in
      Self.preferences.map { policy.channels(tier: tier, preference: $0) }
    }
    self.tiers = tiers
  }

  /// - Parameter code: of the tier, −1 without one.
  func tier(_ code: Int32) -> String? { tiers[Int(code) + 1] }

  /// - Parameter preference: a code of `Vocabularies.channel`.
  func order(tier: Int32, preference: UInt8) -> [Channel] {
    orders[(Int(tier) + 1) * Self.preferences.count + min(Int(preference), Self.preferences.count - 1)]
  }
}

/// Judges one line after the other.
struct LineJudge {
  private let ledger: Ledger
  private let policy: ContactPolicy
  private let purpose: ConsentPurpose
  private let orders: ChannelOrders
  /// Openings found so far: contacts come back at few different moments.
  private var openings: [Asked: OpenHours.Opening?] = [:]

  private struct Asked: Hashable {
    var channel: Channel
    var from: Moment
  }

  init(_ planner: Planner, _ orders: ChannelOrders) {
    ledger = planner.ledger
    policy = planner.policy
    purpose = planner.purpose
    self.orders = orders
  }

  /// - Parameters:
  ///   - relation: −1 for an unknown one.
  ///   - tier: code of the list's value tier, −1 without one.
  mutating func line(relation: Int, tier: Int32) -> OutreachPlan.Line {
    guard relation >= 0 else {
      return OutreachPlan.Line(relation: nil, decision: .suppressed(.unknownCustomer))
    }
    let standing = ledger.standing(of: relation)
    let customer = Int(ledger.histories.relations.customers[relation])
    let own = Int32(relation)
    if let reason = policy.bar(on: standing) {
      return OutreachPlan.Line(relation: own, decision: .suppressed(reason))
    }
    var bars: Set<SuppressionReason> = []
    let preference = ledger.histories.customers.preferredChannels[customer]
    for channel in orders.order(tier: tier, preference: preference) {
      let task = GatedTask(channel: channel, purpose: purpose, tier: orders.tier(tier))
      switch verdict(on: task, standing) {
      case .go:
        return contact(own, channel, due: ledger.at, task, standing)
      case .later(let due, let reason):
        return contact(own, channel, due: due, delay: reason, task, standing)
      case .never(let reason):
        bars.insert(reason)
      }
    }
    return OutreachPlan.Line(
      relation: own, decision: .suppressed(telling(bars, standing, customer, tier)))
  }

  private func contact(
    _ relation: Int32, _ channel: Channel, due: Moment, delay: SuppressionReason? = nil, _ task: GatedTask,
    _ standing: Standing
  ) -> OutreachPlan.Line {
    OutreachPlan.Line(
      relation: relation, decision: .contact(channel, due: due), delay: delay,
      goesFirst: policy.isSilentTooLong(tier: task.tier, touches: standing.touches, at: ledger.at))
  }

  private mutating func verdict(on task: GatedTask, _ standing: Standing) -> Verdict {
    var openings = openings
    self.openings = [:]
    defer { self.openings = openings }
    return policy.verdict(on: task, standing: standing, at: ledger.at) { channel, from in
      let asked = Asked(channel: channel, from: from)
      if let known = openings[asked] { return known }
      let found = policy.hours.next(channel, from: from)
      openings[asked] = .some(found)
      return found
    }
  }

  /// What lacks least, where several channels are barred for several reasons.
  private static let ranked: [SuppressionReason] = [
    .quietHours, .invalidAddress, .noAddress, .profilingRefused, .channelNotUsed, .consentRefused, .noConsent,
  ]

  /// The reason that is told of a customer whom no channel may reach.
  private func telling(
    _ bars: Set<SuppressionReason>, _ standing: Standing, _ customer: Int, _ tier: Int32
  ) -> SuppressionReason {
    var bars = bars
    // A channel that the customer agreed to but the policy does not use says more than that others are not agreed to.
    if Channel.allCases.contains(where: { channel in
      policy.bar(on: GatedTask(channel: channel, purpose: purpose, tier: orders.tier(tier)), standing)
        == .channelNotUsed
    }) || bars.isEmpty {
      bars.insert(.channelNotUsed)
    }
    guard let reason = Self.ranked.first(where: bars.contains) else { return .noConsent }
    let isAboutAddress = reason == .invalidAddress
    return isAboutAddress && ledger.hasDummyPhone(customer) ? .dummyAddress : reason
  }
}
