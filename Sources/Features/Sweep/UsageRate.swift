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
  /// The latest readings of a window that take part.
  static let maximumReadings = 40

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

extension RelationWorkspace {
  /// Theil–Sen slope over the odometer readings of visits in a window: the median slope of all pairs of readings at
  /// least 30 days apart and not divided by a replaced odometer.
  ///
  /// Source: H. Theil (1950), P. K. Sen (1968).
  ///
  /// - Complexity: O(k²) in the readings of the window, of which the latest 40 are taken, and O(visits) since its begin.
  func usageRate(after first: Day, through last: Day) -> UsageRate {
    slopes.removeAll()
    readings.removeAll()
    var index = visits.count - 1
    while index >= 0, visits.base[index].day > first, readings.count < UsageRate.maximumReadings {
      let visit = visits.base[index]
      if visit.odometer >= 0, visit.day <= last {
        let reading = OdometerReading(
          day: visit.day, km: visit.odometer, segment: totals.base[index].replacedOdometers)
        addSlopes(to: reading)
        readings.append(reading)
      }
      index -= 1
    }
    guard !slopes.isEmpty else { return .unknown }
    return UsageRate(kmPerDay: slopes.median(), readings: Int32(readings.count))
  }

  /// Adds the slopes between an earlier reading and the later ones that are gathered.
  @inline(__always)
  private func addSlopes(to earlier: OdometerReading) {
    for index in 0..<readings.count {
      let later = readings.base[index]
      let days = later.day - earlier.day
      guard days >= UsageRate.minimumDaysApart, later.segment == earlier.segment else { continue }
      slopes.append(Double(later.km - earlier.km) / Double(days))
    }
  }
}

struct OdometerReading: BitwiseCopyable {
  var day: Day
  var km: Int32
  /// Readings compare only within one odometer.
  var segment: Int32
}
