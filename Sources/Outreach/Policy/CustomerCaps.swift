import ContactQueue

/// How often one customer may be contacted.
struct CustomerCaps: Sendable {
  /// At most so many contacts in so many days.
  struct Cap: Sendable {
    var days: Int
    var most: Int
    /// `nil` for all channels together, those that the queue has not among them.
    var channels: Set<Channel>?
    /// `nil` for every tier.
    var tiers: Set<String>?

    func counts(_ channel: Channel?) -> Bool {
      guard let channels else { return true }
      return channel.map(channels.contains) == true
    }
  }

  var caps: [Cap]
  var minimumGap: Moment.Span

  /// How far back contacts matter.
  var memory: Moment.Span {
    caps.reduce(minimumGap) { max($0, .days(Int64($1.days))) }
  }

  /// The first moment from `now` on at which a customer with these past contacts may be contacted, and why not before.
  ///
  /// A window is sliding: a contact leaves it after so many times 24 hours.
  ///
  /// - Parameter touches: in the order of time.
  /// - Complexity: O(caps × touches)
  func next(
    _ channel: Channel, tier: String?, touches: [Touch], now: Moment
  ) -> (at: Moment, reason: SuppressionReason?) {
    var (at, reason) = (now, SuppressionReason?.none)
    guard let last = touches.last else { return (at, reason) }
    if last.at + minimumGap > at { (at, reason) = (last.at + minimumGap, .minimumGap) }
    for (place, cap) in caps.enumerated() where cap.counts(channel) && holds(place, tier) {
      guard cap.most > 0 else { continue }
      // The contact that is `most` before the next one must have left the window.
      var seen = 0
      for touch in touches.reversed() where cap.counts(touch.channel) {
        seen += 1
        guard seen == cap.most else { continue }
        let free = touch.at + .days(Int64(cap.days))
        if free > at { (at, reason) = (free, .customerCap) }
        break
      }
    }
    return (at, reason)
  }

  /// Whether a cap of 0 closes the channel to a tier for good.
  func isClosed(_ channel: Channel, tier: String?) -> Bool {
    caps.indices.contains { caps[$0].most == 0 && caps[$0].counts(channel) && holds($0, tier) }
  }

  /// Whether a cap fits the tier and none before it with the same days and channels does.
  private func holds(_ place: Int, _ tier: String?) -> Bool {
    func fits(_ cap: Cap) -> Bool { cap.tiers.map { tiers in tier.map(tiers.contains) == true } ?? true }
    let cap = caps[place]
    return fits(cap)
      && !caps[..<place].contains { $0.days == cap.days && $0.channels == cap.channels && fits($0) }
  }
}
