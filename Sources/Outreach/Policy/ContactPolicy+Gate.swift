public import ContactQueue
import Histories

extension ContactPolicy: ContactGate {
  public var memory: Moment.Span { max(customerCaps.memory, silence.memory) }

  /// Whether a task may be worked: first what no policy switches off, then what this one suppresses, then how often, and
  /// when.
  public func verdict(on task: GatedTask, standing: Standing, at now: Moment) -> Verdict {
    verdict(on: task, standing: standing, at: now) { hours.next($0, from: $1) }
  }

  /// - Parameter opening: the first open moment of a channel from a moment on, for who asks often.
  func verdict(
    on task: GatedTask, standing: Standing, at now: Moment, opening: (Channel, Moment) -> OpenHours.Opening?
  ) -> Verdict {
    if let reason = bar(on: standing) ?? bar(on: task, standing) { return .never(reason) }
    let free = customerCaps.next(task.channel, tier: task.tier, touches: standing.touches, now: now)
    guard let open = opening(task.channel, free.at) else { return .never(.quietHours) }
    guard open.at > now else { return .go }
    return .later(open.at, free.reason ?? open.reason ?? .quietHours)
  }

  /// Why the customer is not contacted by any channel.
  func bar(on standing: Standing) -> SuppressionReason? {
    if standing.doNotContact { return .doNotContact }
    if standing.hasEnded { return .relationEnded }
    if standing.hasOpenComplaint, suppressedWhile.contains(.complaintOpen) { return .complaintOpen }
    if standing.isInWorkshop, suppressedWhile.contains(.inWorkshop) { return .inWorkshop }
    if standing.bookedFor != nil, suppressedWhile.contains(.visitBooked) { return .visitBooked }
    return nil
  }

  /// Why the customer is not contacted by this channel. Consent comes first: it is asked of everybody, whatever stands in
  /// a policy.
  func bar(on task: GatedTask, _ standing: Standing) -> SuppressionReason? {
    let needed = task.channel.consent
    let (granted, refused) = (standing.consents.granted, standing.consents.refused)
    if refused.channels(purpose: task.purpose).contains(needed) { return .consentRefused }
    guard granted.channels(purpose: task.purpose).contains(needed), task.purpose != .profiling else {
      return .noConsent
    }
    if refused.channels(purpose: .profiling).contains(needed) { return .profilingRefused }
    guard choice.uses[task.channel] != nil,
      !customerCaps.isClosed(task.channel, tier: task.tier)
    else { return .channelNotUsed }
    guard standing.reachable.contains(needed) else { return .noAddress }
    return standing.unusable.contains(needed) ? .invalidAddress : nil
  }

  /// Local days and hours, as they stand at `now`.
  public func caps(at now: Moment) -> [QueueCap] {
    let (day, minute) = time.clock(at: now)
    return queueLimits.map { limit in
      switch limit.window {
      case .day:
        QueueCap(
          channel: limit.channel, since: time.moment(day, minute: 0), limit: limit.most,
          until: time.moment(day + 1, minute: 0))
      case .hour:
        hourCap(limit, now: now, minute: minute)
      }
    }
  }

  /// An hour of the clock, counted back from `now`: an hour that clocks show twice is two.
  private func hourCap(_ limit: QueueLimit, now: Moment, minute: Int) -> QueueCap {
    let perMinute = Moment.Span.minutes(1).milliseconds
    let intoMinute = ((now.milliseconds % perMinute) + perMinute) % perMinute
    let minutesPerHour = 60
    let since =
      now - .minutes(Int64(minute % minutesPerHour)) - Moment.Span(milliseconds: intoMinute)
    return QueueCap(channel: limit.channel, since: since, limit: limit.most, until: since + .hours(1))
  }
}
