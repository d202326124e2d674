import Histories

/// The statutory days off of mainland China: 13 a year since 2025 (State Council, decree 795 of 2024). The days that are
/// moved around them each year are announced year by year.
enum ChineseHolidays {
  /// The first year of the tables of lunar days.
  private static let firstYear = 2020
  /// Month and day of the Dragon Boat and Mid-Autumn Festivals from 2020 to 2050, and the day of April of Tomb Sweeping.
  /// Two independent implementations of the lunar calendar (lunardate 0.3.0, lunar_python 1.4.8) agree on all of them.
  private static let lunar: [(boat: (Int, Int), autumn: (Int, Int), tombs: Int)] = [
    ((6, 25), (10, 1), 4), ((6, 14), (9, 21), 4), ((6, 3), (9, 10), 5), ((6, 22), (9, 29), 5),
    ((6, 10), (9, 17), 4), ((5, 31), (10, 6), 4), ((6, 19), (9, 25), 5), ((6, 9), (9, 15), 5),
    ((5, 28), (10, 3), 4), ((6, 16), (9, 22), 4), ((6, 5), (9, 12), 5), ((6, 24), (10, 1), 5),
    ((6, 12), (9, 19), 4), ((6, 1), (9, 8), 4), ((6, 20), (9, 27), 5), ((6, 10), (9, 16), 5),
    ((5, 30), (10, 4), 4), ((6, 18), (9, 24), 4), ((6, 7), (9, 13), 5), ((5, 27), (10, 2), 5),
    ((6, 14), (9, 20), 4), ((6, 3), (9, 10), 4), ((6, 22), (9, 28), 4), ((6, 11), (9, 17), 5),
    ((5, 31), (10, 5), 4), ((6, 19), (9, 25), 4), ((6, 8), (9, 15), 4), ((5, 29), (10, 4), 5),
    ((6, 15), (9, 22), 4), ((6, 4), (9, 11), 4), ((6, 23), (9, 30), 4),
  ]

  /// The fixed days by month and day: New Year, Labour Day, National Day.
  private static let fixed = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
  /// New Year's Eve and the first three days of the lunar year.
  private static let festivalDays = -1...2

  /// All of them that are known.
  static let days: Set<Day> = {
    var days: Set<Day> = []
    for (offset, year) in lunar.enumerated() {
      let number = firstYear + offset
      for (month, day) in fixed + [year.boat, year.autumn, (4, year.tombs)] {
        days.insert(Day(year: number, month: month, day: day))
      }
      if let festival = SpringFestival.next(from: Day(year: number, month: 1, day: 1)) {
        for offset in festivalDays { days.insert(festival + offset) }
      }
    }
    return days
  }()
}
