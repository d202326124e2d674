import Histories

/// Operational time: the cumulative intensity of the workshop's calendar.
///
/// In the three weeks before Spring Festival cars are made ready for the journey home, in the festival week the
/// shop all but sleeps. Intensity is scaled so that a year has as many operational days as calendar days.
struct SeasonalClock: Sendable {
  static let rushDays = 21
  static let rushIntensity = 1.6
  static let holidayDays = 7
  static let holidayIntensity = 0.15
  private static let daysPerYear = 365.2425

  private let first: Int
  /// Operational time at the start of day `first` + index.
  private let cumulative: [Double]

  /// A clock that is exact between the two days and runs at intensity 1 outside.
  init(from firstDay: Day, to lastDay: Day) {
    first = Int(firstDay.number)
    let count = lastDay - firstDay
    var intensity = [Double](repeating: 1, count: count)
    for festival in SpringFestival.days {
      let start = festival - firstDay
      for day in (start - Self.rushDays)..<start where intensity.indices.contains(day) {
        intensity[day] = Self.rushIntensity
      }
      for day in start..<(start + Self.holidayDays) where intensity.indices.contains(day) {
        intensity[day] = Self.holidayIntensity
      }
    }
    let surplus =
      (Self.rushIntensity - 1) * Double(Self.rushDays)
      + (Self.holidayIntensity - 1) * Double(Self.holidayDays)
    let scale = Self.daysPerYear / (Self.daysPerYear + surplus)
    var sums = [0.0]
    sums.reserveCapacity(count + 1)
    for value in intensity { sums.append(sums[sums.count - 1] + value * scale) }
    cumulative = sums
  }

  /// Operational time at a moment in days since 1970-01-01 (the fraction is the part of the day gone by).
  func operational(_ moment: Double) -> Double {
    let offset = moment - Double(first)
    if offset <= 0 { return offset }
    let day = Int(offset)
    if day >= cumulative.count - 1 {
      return cumulative[cumulative.count - 1] + offset - Double(cumulative.count - 1)
    }
    return cumulative[day] + (cumulative[day + 1] - cumulative[day]) * (offset - Double(day))
  }

  /// The moment at which operational time reaches a value: the inverse of `operational(_:)`.
  ///
  /// - Complexity: O(log days).
  func moment(_ operational: Double) -> Double {
    if operational <= 0 { return Double(first) + operational }
    let last = cumulative.count - 1
    if operational >= cumulative[last] { return Double(first + last) + operational - cumulative[last] }
    var low = 0
    var high = last
    while high - low > 1 {
      let middle = (low + high) / 2
      if cumulative[middle] <= operational { low = middle } else { high = middle }
    }
    return Double(first + low) + (operational - cumulative[low]) / (cumulative[high] - cumulative[low])
  }
}
