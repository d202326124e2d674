import ContactQueue
import Histories

/// When contacts may leave: not in quiet hours, and not on holidays.
struct OpenHours: Sendable {
  /// One stretch of the clock in which channels are quiet.
  struct Quiet: Sendable {
    /// Minutes of the day; `from` above `to` goes over midnight.
    var from: Int
    var to: Int
    /// Days of the week, 0 for Monday.
    var weekdays: Set<Int>
    var channels: Set<Channel>

    /// The minute at which the quiet ends that holds at a minute of a day; `nil` where none holds.
    func end(_ day: Day, _ minute: Int) -> Int? {
      guard weekdays.contains(LocalTime.weekday(day)) else { return nil }
      if from < to { return (from..<to).contains(minute) ? to : nil }
      if minute < to { return to }
      return minute >= from ? LocalTime.minutesPerDay : nil
    }
  }

  var quiet: [Quiet]
  var holidays: Set<Day>
  var time: LocalTime

  typealias Opening = (at: Moment, reason: SuppressionReason?)

  /// Days that are looked ahead for an open hour: more than any sensible policy is closed for.
  private static let horizonDays = 400

  /// The first moment from `moment` on at which the channel may be used, and why not before; `nil` when there is none.
  func next(_ channel: Channel, from moment: Moment) -> Opening? {
    var (at, reason) = (moment, SuppressionReason?.none)
    let last = moment + .days(Int64(Self.horizonDays))
    while at < last {
      let (day, minute) = time.clock(at: at)
      if holidays.contains(day) {
        (at, reason) = (time.moment(day + 1, minute: 0), reason ?? .holiday)
      } else if let end = quiet.lazy.compactMap({ $0.channels.contains(channel) ? $0.end(day, minute) : nil })
        .first
      {
        (at, reason) = (time.moment(day, minute: end), reason ?? .quietHours)
      } else {
        return (at, reason)
      }
    }
    return nil
  }
}
