public import Foundation
public import Histories

extension Moment {
  private static let perSecond: Int64 = 1000
  private static let perDay: Int64 = 86_400_000

  /// ISO 8601 in UTC, `2026-07-01T09:05:00Z`; milliseconds only where there are some.
  public var iso: String {
    let day = Int64((Double(milliseconds) / Double(Self.perDay)).rounded(.down))
    let rest = milliseconds - day * Self.perDay
    let seconds = rest / Self.perSecond
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let clock = "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    let fraction = rest % Self.perSecond
    let digits = fraction == 0 ? "" : ".\(fraction < 100 ? "0" : "")\(two(fraction))"
    return "\(Day(Int32(clamping: day)))T\(clock)\(digits)Z"
  }

  /// The day on which it falls at a place.
  public func day(in zone: TimeZone) -> Day {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / Double(Self.perSecond))
    let local = milliseconds + Int64(zone.secondsFromGMT(for: date)) * Self.perSecond
    return Day(Int32(clamping: Int64((Double(local) / Double(Self.perDay)).rounded(.down))))
  }

  /// Midnight, or another hour, of a day at a place.
  public init(_ day: Day, hour: Int = 0, in zone: TimeZone) {
    self.init(local: Int64(day.number) * Self.perDay + Int64(hour) * 3600 * Self.perSecond, in: zone)
  }

  /// Reads ISO 8601 with or without a zone, and what spreadsheets make of it: `2026-07-01T09:05:00+08:00`,
  /// `2026-07-01 09:05`, `2026/7/1 9:05`, `2026-07-01`.
  ///
  /// - Parameter zone: of times that name none.
  /// - Returns: `nil` for anything else.
  public init?(_ text: String, in zone: TimeZone) {
    let form =
      #/
      (\d{4})[-\/](\d{1,2})[-\/](\d{1,2})
      (?:(?:T|\ +)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\ *(Z|[+-]\d{2}:?\d{2})?)?
      /#
    guard let match = try? form.wholeMatch(in: text.trimmingCharacters(in: .whitespaces)) else { return nil }
    let parts = match.output
    func padded(_ part: Substring) -> String { part.count < 2 ? "0" + part : String(part) }
    guard let day = Day("\(parts.1)-\(padded(parts.2))-\(padded(parts.3))") else { return nil }
    func number(_ part: Substring??) -> Int64 { part.flatMap { $0 }.flatMap { Int64($0) } ?? 0 }
    let (hour, minute, second) = (number(parts.4), number(parts.5), number(parts.6))
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let fraction = parts.7.map { ($0 + "000").prefix(3) }
    let time = ((hour * 60 + minute) * 60 + second) * Self.perSecond + number(fraction)
    let local = Int64(day.number) * Self.perDay + time
    guard let mark = parts.8 else {
      self.init(local: local, in: zone)
      return
    }
    let digits = mark.filter(\.isNumber)
    let minutes = mark == "Z" ? 0 : number(digits.prefix(2)) * 60 + number(digits.suffix(2))
    let offset = minutes * 60 * Self.perSecond
    self.init(milliseconds: mark.hasPrefix("-") ? local + offset : local - offset)
  }

  /// The first moment whose clock at a place shows this many milliseconds since 1970; where clocks are put forward over
  /// it, the one as if they were not.
  private init(local: Int64, in zone: TimeZone) {
    func offset(_ milliseconds: Int64) -> Int64 {
      let date = Date(timeIntervalSince1970: Double(milliseconds) / Double(Self.perSecond))
      return Int64(zone.secondsFromGMT(for: date)) * Self.perSecond
    }
    let guess = local - offset(local)
    self.init(milliseconds: local - offset(guess))
  }
}
