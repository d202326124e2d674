import ContactQueue
import Histories

/// When the contacts of a day count as made: at its local end, or now if that is earlier, so that no gap is too short.
struct TouchTimes: Sendable {
  private let first: Day
  /// By day, from `first` on.
  private let ends: [Moment]
  private let latest: Moment

  init(until at: Moment, time: LocalTime, memory: Moment.Span) {
    let last = time.clock(at: at).day
    let days = Int(memory.milliseconds / Moment.Span.days(1).milliseconds) + 1
    let begin = last - days
    first = begin
    latest = at
    ends = (0...days).map { min(time.moment(begin + $0 + 1, minute: 0), at) }
  }

  /// `nil` for a day that is too long ago to matter; a day to come counts as now.
  func end(of day: Day) -> Moment? {
    guard day >= first else { return nil }
    let place = day - first
    return place < ends.count ? ends[place] : latest
  }
}
