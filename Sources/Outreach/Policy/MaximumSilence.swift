import ContactQueue

/// How long customers may be left alone: who has heard nothing for so long goes before all others.
struct MaximumSilence: Sendable {
  struct Rule: Sendable {
    var days: Int
    /// `nil` for every tier.
    var tiers: Set<String>?

    func fits(_ tier: String?) -> Bool { tiers.map { tiers in tier.map(tiers.contains) == true } ?? true }
  }

  /// The first that fits a tier holds.
  var rules: [Rule]

  /// How far back contacts matter.
  var memory: Moment.Span { .days(Int64(rules.map(\.days).max() ?? 0)) }

  /// Whether a customer has been left alone for too long; who never was contacted has.
  ///
  /// - Parameter touches: in the order of time, as far back as `memory`.
  func isOver(tier: String?, touches: [Touch], now: Moment) -> Bool {
    guard let rule = rules.first(where: { $0.fits(tier) }) else { return false }
    return touches.last.map { $0.at + .days(Int64(rule.days)) <= now } ?? true
  }
}
