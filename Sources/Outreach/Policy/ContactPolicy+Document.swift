import ContactQueue
public import CustomerValue
public import Foundation
import Histories

extension ContactPolicy {
  private static let hint = "revisit outreach policy"
  private static let keys = [
    "purposes", "timezone", "quiet_hours", "holidays", "customer_caps", "minimum_gap_days",
    "maximum_silence", "queue_caps", "suppress_while", "channels", "choice", "needs_approval",
  ]

  /// Reads the text of a policy.
  ///
  /// Every entry but `channels` and `choice` may be left out: then it forbids nothing.
  ///
  /// - Parameters:
  ///   - file: what messages call the text.
  ///   - timeZone: the zone of its hours, where it names none.
  /// - Throws: `RulesError` naming the line.
  public init(yaml: String, file: String, timeZone: TimeZone) throws(RulesError) {
    let root = try RulesNode(yaml: yaml, file: file, hint: Self.hint)
    try root.check(keys: Self.keys)
    let zone = try root["timezone"]?.timeZone()
    time = LocalTime(zone ?? timeZone)
    written = yaml
    // Kept with a campaign, the text must say the zone by itself: a mapping's last line can always be added.
    self.yaml =
      zone == nil
      ? yaml + (yaml.hasSuffix("\n") ? "" : "\n") + "timezone: \(timeZone.identifier)\n" : yaml
    purposes =
      try root["purposes"]?.words(ConsentPurpose.contactWords).compactMap(
        ConsentPurpose.init(contactWord:)) ?? ConsentPurpose.ofContact.map(\.purpose)

    choice = try Self.choice(root)
    hours = OpenHours(
      quiet: try root["quiet_hours"]?.entries().map { node throws(RulesError) in try Self.quiet(node) } ?? [],
      holidays: try root["holidays"].map { node throws(RulesError) in try Self.holidays(node) } ?? [],
      time: time)
    let gap = try root["minimum_gap_days"]?.whole(Self.dayRange) ?? 0
    customerCaps = CustomerCaps(
      caps: try root["customer_caps"]?.entries().map { node throws(RulesError) in try Self.cap(node) } ?? [],
      minimumGap: .days(Int64(gap)))
    silence = MaximumSilence(
      rules: try root["maximum_silence"]?.entries().map { node throws(RulesError) in
        try Self.silence(node, gap: gap)
      } ?? [])
    queueLimits =
      try root["queue_caps"]?.entries().map { node throws(RulesError) in try Self.queueLimit(node) } ?? []
    suppressedWhile = Set(
      try root["suppress_while"]?.words(Meanwhile.allCases.map(\.rawValue)).compactMap(
        Meanwhile.init(rawValue:)) ?? [])
    approval =
      try root["needs_approval"].map { node throws(RulesError) in try Self.approval(node) }
      ?? Approval()
    try checkIsOpen(root)
  }

  private static let dayRange = 0...3650
  private static let countRange = 0...1_000_000_000

  // MARK: Hours

  private static func quiet(_ node: RulesNode) throws(RulesError) -> OpenHours.Quiet {
    try node.check(keys: ["from", "to", "days", "channels"])
    let from = try node.required("from").minute()
    let to = try node.required("to").minute()
    guard from != to else {
      throw node.error("quiet hours begin and end at the same time.", "Write 00:00 to 24:00 for a whole day.")
    }
    let words = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    let days = try node["days"]?.words(words) ?? words
    return OpenHours.Quiet(
      from: from, to: to, weekdays: Set(days.compactMap(words.firstIndex)),
      channels: try node.channels() ?? Set(Channel.allCases))
  }

  private static func holidays(_ node: RulesNode) throws(RulesError) -> Set<Day> {
    try node.check(keys: ["china", "days"])
    var days = try node["china"]?.truth() == true ? ChineseHolidays.days : []
    for item in try node["days"]?.entries() ?? [] { days.insert(try item.day()) }
    return days
  }

  private func checkIsOpen(_ root: RulesNode) throws(RulesError) {
    for channel in Channel.allCases where choice.uses[channel] != nil {
      guard hours.next(channel, from: Moment(milliseconds: 0)) == nil else { continue }
      throw (root["quiet_hours"] ?? root).error(
        "quiet hours leave no minute for \(channel.rawValue).",
        "Shorten them, or take the channel out of `channels`.")
    }
  }

  // MARK: Caps

  private static func cap(_ node: RulesNode) throws(RulesError) -> CustomerCaps.Cap {
    try node.check(keys: ["days", "most", "channels", "tiers"])
    return CustomerCaps.Cap(
      days: try node.required("days").whole(1...dayRange.upperBound),
      most: try node.required("most").whole(countRange), channels: try node.channels(),
      tiers: try node["tiers"].map { tiers throws(RulesError) in Set(try tiers.texts()) })
  }

  private static func silence(_ node: RulesNode, gap: Int) throws(RulesError) -> MaximumSilence.Rule {
    try node.check(keys: ["days", "tiers"])
    let days = try node.required("days").whole(1...dayRange.upperBound)
    guard days > gap else {
      throw node.error(
        "nobody can be contacted after \(days) days when contacts are \(gap) days apart.",
        "Give more days than `minimum_gap_days`.")
    }
    return MaximumSilence.Rule(
      days: days,
      tiers: try node["tiers"].map { tiers throws(RulesError) in Set(try tiers.texts()) })
  }

  private static func queueLimit(_ node: RulesNode) throws(RulesError) -> QueueLimit {
    try node.check(keys: ["per", "most", "channel"])
    let windows = QueueLimit.Window.allCases.map(\.rawValue)
    let word = try node.required("per").word(windows)
    return QueueLimit(
      window: QueueLimit.Window(rawValue: word) ?? .day, most: try node.required("most").whole(countRange),
      channel: try node["channel"].map { channel throws(RulesError) in try channel.channel() })
  }

  // MARK: Channels

  private static func choice(_ root: RulesNode) throws(RulesError) -> ChannelChoice {
    let list = try root.required("channels")
    try list.check(keys: Channel.allCases.map(\.rawValue))
    var uses: [Channel: ChannelChoice.Use] = [:]
    for channel in Channel.allCases {
      guard let node = list[channel.rawValue] else { continue }
      try node.check(keys: ["kind", "cost"])
      let kind = try node.required("kind").word(ChannelChoice.Kind.allCases.map(\.rawValue))
      let cost = try node.required("cost").number()
      guard cost >= 0 else { throw node.error("a cost is below 0.", "Write what one contact costs.") }
      uses[channel] = ChannelChoice.Use(kind: ChannelChoice.Kind(rawValue: kind) ?? .machine, cost: cost)
    }
    guard !uses.isEmpty else { throw list.error("no channel is used.", "Add one.") }

    let node = try root.required("choice")
    try node.check(keys: ["follow_preference", "tiers"])
    let orders = try node.required("tiers")
    var tiers: [String: [ChannelChoice.Step]] = [:]
    for (tier, order) in try orders.members() { tiers[tier] = try steps(order) }
    guard tiers[ChannelChoice.others] != nil else {
      throw orders.error(
        "`\(ChannelChoice.others)` is missing.", "Say which channels are for all tiers that are not named.")
    }
    return ChannelChoice(
      uses: uses, followsPreference: try node["follow_preference"]?.truth() ?? true, tiers: tiers)
  }

  private static func steps(_ node: RulesNode) throws(RulesError) -> [ChannelChoice.Step] {
    let words = ChannelChoice.Kind.allCases.map(\.rawValue) + Channel.allCases.map(\.rawValue)
    return try node.words(words).compactMap { word in
      ChannelChoice.Kind(rawValue: word).map { .kind($0) } ?? Channel(rawValue: word).map { .channel($0) }
    }
  }

  private static func approval(_ node: RulesNode) throws(RulesError) -> Approval {
    var approval = Approval()
    for word in try node.texts() {
      if let channel = Channel(rawValue: word) {
        approval.channels.insert(channel)
      } else {
        approval.tiers.insert(word)
      }
    }
    return approval
  }
}
