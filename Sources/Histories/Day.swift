/// A calendar day, as the number of days since 1970-01-01 (proleptic Gregorian calendar).
///
/// Facts are kept by the dealer's local day; there is no clock and no time zone in here.
public struct Day: Sendable, Hashable, Comparable, BitwiseCopyable {
  /// Days since 1970-01-01.
  public var number: Int32

  /// The value that stands for "no date" in columns of days.
  @inlinable public static var none: Day { Day(Int32.min) }

  @inlinable
  public init(_ number: Int32) {
    self.number = number
  }

  /// The day of a civil date; out-of-range months and days are a programmer's error.
  ///
  /// Source: the days-from-civil algorithm by H. Hinnant, "chrono-compatible low-level date algorithms".
  public init(year: Int, month: Int, day: Int) {
    precondition((1...12).contains(month) && (1...31).contains(day))
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  /// Reads `YYYY-MM-DD`; `nil` for anything else, including days that do not exist.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      ),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    self.init(year: year, month: month, day: day)
    guard civil == (year, month, day) else { return nil }
  }

  /// Year, month (1 to 12) and day of the month.
  public var civil: (year: Int, month: Int, day: Int) {
    let z = Int(number) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
  }

  // Written out: other targets cannot inline the one that the compiler makes.
  @inlinable
  public static func == (left: Day, right: Day) -> Bool { left.number == right.number }

  @inlinable
  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  @inlinable
  public static func + (day: Day, days: Int) -> Day { Day(day.number + Int32(days)) }

  @inlinable
  public static func - (day: Day, days: Int) -> Day { Day(day.number - Int32(days)) }

  /// The number of days from the right day to the left one.
  @inlinable
  public static func - (left: Day, right: Day) -> Int { Int(left.number) - Int(right.number) }

  @inlinable
  public var isNone: Bool { self == .none }
}

extension Day: CustomStringConvertible {
  /// `YYYY-MM-DD`; empty for `none`.
  public var description: String {
    guard !isNone else { return "" }
    let (year, month, day) = civil
    func padded(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
