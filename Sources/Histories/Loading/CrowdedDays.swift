/// Days with far more orders than usual: a default date, or the day of a migration, stands in for unknown ones.
///
/// The orders count as they stand, for nothing tells their true day; the report says how many there are.
enum CrowdedDays {
  private static let timesTheUsual = 20
  /// Fewer orders on a day are no crowd.
  private static let least = 1000

  /// The number of orders on crowded days.
  ///
  /// - Complexity: O(orders).
  static func orders(_ days: UnsafeBufferPointer<Day>) -> Int {
    let first = Day(year: 1900, month: 1, day: 1)
    let end = Day(year: 2100, month: 1, day: 1)
    var counts = [Int](repeating: 0, count: end - first)
    for day in days where day >= first && day < end { counts[day - first] += 1 }
    let usual = counts.filter { $0 > 0 }.sorted()
    guard !usual.isEmpty else { return 0 }
    let limit = max(least, usual[usual.count / 2] * timesTheUsual)
    return counts.filter { $0 > limit }.reduce(0, +)
  }
}
