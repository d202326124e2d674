internal import Histories

extension Moment {
  private static let perSecond: Int64 = 1000
  private static let perDay: Int64 = 86_400_000

  /// ISO 8601 in UTC, `2026-07-01T09:05:00Z`; milliseconds only where there are some.
  public var iso: String {
    let rest = (milliseconds % Self.perDay + Self.perDay) % Self.perDay
    let day = (milliseconds - rest) / Self.perDay
    let seconds = rest / Self.perSecond
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let clock = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    let fraction = rest % Self.perSecond
    let digits = fraction == 0 ? "" : ".\(fraction < 100 ? "0" : "")\(two(fraction))"
    return "\(Day(Int32(clamping: day)))T\(clock)\(digits)Z"
  }
}
