import Histories

/// A relation's own kilometres per day before shrinking.
struct UsageRate: BitwiseCopyable {
  /// Theil–Sen slope in km per day; NaN without two readings at least 30 days apart.
  var kmPerDay: Double
  /// Readings that took part.
  var readings: Int32

  static let unknown = UsageRate(kmPerDay: .nan, readings: 0)
  static let minimumDaysApart = 30
  static let windowDays = 730

  /// The weight of the segment's median, in readings.
  static let priorReadings = 3.0

  /// The rate shrunk to the segment's median and kept within its 1st to 99th percentile.
  func shrunk(to segment: UsageSegment) -> Double {
    guard readings > 0 else { return segment.median }
    guard !segment.median.isNaN else { return kmPerDay }
    let n = Double(readings)
    let mixed = (n * kmPerDay + Self.priorReadings * segment.median) / (n + Self.priorReadings)
    return min(max(mixed, segment.low), segment.high)
  }
}

/// The distribution of own rates in one model and use.
struct UsageSegment: BitwiseCopyable {
  var median: Double
  var low: Double
  var high: Double

  static let unknown = UsageSegment(median: .nan, low: .nan, high: .nan)
}

extension RelationWorkspace {
  /// Theil–Sen slope over the odometer readings of visits in a window: the median slope of all pairs of readings at
  /// least 30 days apart and not divided by a replaced odometer.
  ///
  /// Source: H. Theil (1950), P. K. Sen (1968).
  ///
  /// - Complexity: O(k²) in the readings of the window; the latest 40 are taken.
  func usageRate(after first: Day, through last: Day) -> UsageRate {
    let maximumReadings = 40
    slopes.removeAll()
    readings.removeAll()
    var segment: Int32 = 0
    for index in 0..<visits.count {
      let visit = visits[index]
      if visit.odometerReplaced { segment += 1 }
      guard visit.odometer >= 0, visit.day > first, visit.day <= last else { continue }
      readings.append(OdometerReading(day: visit.day, km: visit.odometer, segment: segment))
    }
    let begin = max(0, readings.count - maximumReadings)
    var later = begin + 1
    while later < readings.count {
      let b = readings[later]
      for earlier in begin..<later {
        let a = readings[earlier]
        let days = b.day - a.day
        guard days >= UsageRate.minimumDaysApart, a.segment == b.segment else { continue }
        slopes.append(Double(b.km - a.km) / Double(days))
      }
      later += 1
    }
    guard !slopes.isEmpty else { return .unknown }
    return UsageRate(kmPerDay: slopes.median(), readings: Int32(readings.count - begin))
  }
}

struct OdometerReading: BitwiseCopyable {
  var day: Day
  var km: Int32
  /// Readings compare only within one odometer.
  var segment: Int32
}
